"""What people do with a person's data: see what is held, hold it, erase it, reveal a sealed field. The ledger decides, the keys follow."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Depends, Request

from api.asking import Asker
from api.facts import Fact
from api.history import History
from api.models.common import instant
from api.models.privacy import AccountAnswer, AccountStanding, ConsentStanding, RevealAnswer, SubjectAnswer, SubjectChanged
from api.personal import Personal
from api.problems import Kind, Problem
from api.store import Store
from journal import topics
from journal.keys.masters import KeyAccessError
from ledger import bank_account
from ledger.account import ERASED
from ledger.bank_account import EVENT, FIELD
from ledger.effects import AnyEffect, PaymentInitiated, Refused, SubjectErased
from ledger.record import Entry, Record
from ledger.refusal import Refusal

_SUBJECT: Final = "patient_id = {patient:String}"
_ACCOUNTS: Final = " UNION DISTINCT ".join(
    f"SELECT credit_reference FROM {table} WHERE {_SUBJECT}"  # noqa: S608 # nosec B608 - constants of this module
    for table in ("payment_events", "balance_items", "mandates", "deposits", "subjects")
)
_STANDING: Final = """
SELECT credit_reference, argMaxIf(state, (partition, position), kind = 'erased'), argMaxIf(held, (partition, position), kind = 'held')
FROM subjects WHERE patient_id = {patient:String} GROUP BY credit_reference
"""
_CONSENTS: Final = """
SELECT
    credit_reference, purpose, argMax(granted, (partition, position)), argMax(version, (partition, position)),
    argMax(jurisdiction, (partition, position)), toUnixTimestamp64Milli(argMax(at, (partition, position)))
FROM consents WHERE credit_reference IN {accounts:Array(String)} GROUP BY credit_reference, purpose ORDER BY credit_reference, purpose
"""
_UNFINISHED: Final = (
    "SELECT patient_id, argMax(by, (partition, position)), argMax(ticket, (partition, position)) "
    "FROM subjects WHERE kind = 'erased' GROUP BY patient_id"
)
_COMPACTED_WITHIN_S: Final = 3 * 3600.0
"""by then compaction has taken a destroyed key off the disk: `journal.topics` gives it an hour"""
_WAITS: Final = frozenset({Refusal.PAYMENT_OPEN.value})
log = logging.getLogger(__name__)
ReadRecord = Callable[[int, int], Awaitable[Record[Entry]]]
"""The journal's record at a partition and offset."""


class Subjects:
    """The actions of one process."""

    def __init__(self, store: Store, history: History, asker: Asker, personal: Personal, read_record: ReadRecord) -> None:
        self._store = store
        self._history = history
        self._asker = asker
        self.personal = personal
        self._read_record = read_record

    async def standing(self, patient: str) -> SubjectAnswer:
        """Accounts, consents, holds and erasure of a person."""
        accounts = await self._accounts(patient)
        keys = self.personal.sealer.store
        erasure = keys.erasure(patient)
        return SubjectAnswer(
            patient_id=patient,
            accounts=accounts,
            consents=await self._consents([account.credit_reference for account in accounts]),
            sealed=keys.has(patient),
            erased_at=instant(erasure.at_ms) if erasure is not None else None,
            erased_by=erasure.by if erasure is not None else "",
        )

    async def _accounts(self, patient: str) -> list[AccountStanding]:
        """A person's accounts as they stand in the journal: as ClickHouse has them, and what it may not have yet."""
        found = {str(row[0]): ("", False) for row in await self._store.ask(_ACCOUNTS, {"patient": patient})}
        found |= {str(row[0]): (str(row[1]), bool(row[2])) for row in await self._store.ask(_STANDING, {"patient": patient})}
        for fact in self._history.latest_of_person(patient):
            state, held = found.get(fact.account, ("", False))
            kind = fact.values.get("kind") if fact.table == "subjects" else ""
            found[fact.account] = (fact.values["state"] if kind == "erased" else state, fact.values["held"] if kind == "held" else held)
        return [
            AccountStanding.model_validate({"credit_reference": name, "state": state, "legal_hold": held})
            for name, (state, held) in sorted(found.items())
        ]

    async def _consents(self, accounts: Sequence[str]) -> list[ConsentStanding]:
        rows = await self._store.ask(_CONSENTS, {"accounts": list(accounts)}) if accounts else []
        return [
            ConsentStanding(
                credit_reference=row[0], purpose=row[1], granted=bool(row[2]), version=row[3], jurisdiction=row[4], at=instant(int(row[5]))
            )
            for row in rows
        ]

    async def hold(self, patient: str, held: bool, by: str, ticket: str) -> SubjectChanged:
        """Begin or end a legal hold on every account of a person. Raises Problem (404) for somebody of whom nothing is known."""
        return await self._everywhere(patient, "subject.held.v1", {"held": held, "by": by, "ticket": ticket})

    async def erase(self, patient: str, by: str, ticket: str) -> SubjectChanged:
        """Erase a person: the ledger is asked for every account, and when all agree the keys are destroyed. A repeat finishes it.

        Raises Problem (409) under a legal hold, (404) for somebody of whom nothing is known.
        """
        held = [account.credit_reference for account in await self._accounts(patient) if account.legal_hold]
        if held:
            raise Problem(Kind.CHANGE_REFUSED, f"A legal hold lasts on {', '.join(held)}; nothing was erased.")
        changed = await self._everywhere(patient, "subject.erased.v1", {"by": by, "ticket": ticket})
        if changed.complete:
            try:
                await asyncio.to_thread(self.personal.sealer.store.destroy, patient, by, ticket)
            except KeyAccessError as error:
                detail = "The ledger has the erasure, but the keys are still to be destroyed. Ask again."
                raise Problem(Kind.BROKER_UNAVAILABLE, detail, headers={"Retry-After": "5"}) from error
        return changed

    async def finish(self) -> int:
        """Erase whoever had to wait for open payments, or whose keys outlived a crash; how many that were this time."""
        done = 0
        for patient, by, ticket in await self._store.ask(_UNFINISHED):
            if self.personal.sealer.store.erasure(str(patient)) is None:
                done += (await self.erase(str(patient), str(by), str(ticket))).complete
        return done

    async def keep_finishing(self, pause_s: float) -> None:
        """Finish what waits, again and again, until cancelled."""
        while True:
            await asyncio.sleep(pause_s)
            try:
                await self.finish()
                await asyncio.to_thread(self.personal.sealer.store.beat, _COMPACTED_WITHIN_S)
            except (Problem, KeyAccessError) as error:
                log.warning("erasures that wait are looked at again: %s", error)

    async def payment(self, transaction_id: str) -> Fact | None:
        """The fact that a payment was asked for; None for one that is not known."""
        facts = await self._history.of_payment(transaction_id)
        return next((fact for fact in facts if fact.table == "payment_events" and fact.values["kind"] == "initiated"), None)

    async def reveal(self, payment: Fact, by: str, purpose: str, ticket: str) -> RevealAnswer:
        """The bank account of a payment, in the clear, once the journal has who sees it and what for."""
        transaction_id, patient = payment.values["transaction_id"], payment.values["patient_id"]
        initiated = await self._initiated(payment)
        if initiated is None or not initiated.instrument:
            raise Problem(Kind.CHANGE_REFUSED, "The payment came without a bank account: there is none to show.")
        named = {"credit_reference": payment.account, "patient_id": patient, "transaction_id": transaction_id}
        asked = {**named, "field": FIELD, "purpose": purpose, "by": by, "ticket": ticket}
        decision = await self._asker.ask(topics.OPERATIONS, "subject.revealed.v1", asked)
        first = decision.effects[0]
        if isinstance(first, Refused):
            raise Problem(Kind.CHANGE_REFUSED, f"The ledger refused: {first.reason}.")
        found = bank_account.decode(self.personal.opened(initiated.instrument, EVENT, FIELD, patient))
        if found is None:
            raise Problem(Kind.CHANGE_REFUSED, "What is sealed is no bank account.")
        return RevealAnswer(
            transaction_id=transaction_id,
            routing_number=found.routing_number,
            account_number=found.account_number,
            account_type=found.account_type,
            name=found.name,
        )

    async def _initiated(self, payment: Fact) -> PaymentInitiated | None:
        """The effect in the journal: tables do not hold what is sealed."""
        _, proofs = await self._history.of_payment_whole(payment.values["transaction_id"])
        place = next((proof for proof in proofs if (proof.partition, proof.sequence) == (payment.partition, payment.sequence)), None)
        if place is None:
            return None
        record = await self._read_record(place.partition, place.offset)
        effects = (effect for entry in record.entries for effect in entry.effects)
        wanted = payment.values["transaction_id"]
        return next((effect for effect in effects if isinstance(effect, PaymentInitiated) and effect.transaction_id == wanted), None)

    async def _everywhere(self, patient: str, kind: str, data: Mapping[str, Any]) -> SubjectChanged:
        """Ask the ledger for every account of a person. A name that is misspelt is not told that all is done."""
        accounts = [account.credit_reference for account in await self._accounts(patient)]
        keys = self.personal.sealer.store
        if not accounts and not keys.has(patient) and keys.erasure(patient) is None:
            raise Problem(Kind.NOT_FOUND, "Nothing is known of this patient.")
        answers = []
        for account in accounts:
            asked = {"credit_reference": account, "patient_id": patient, **data}
            decision = await self._asker.ask(topics.OPERATIONS, kind, {name: value for name, value in asked.items() if value != ""})
            answers.append(_answer(account, decision.effects[0]))
        complete = all(answer.outcome in {"done", "already"} for answer in answers)
        return SubjectChanged(patient_id=patient, complete=complete, accounts=answers)


def _answer(account: str, effect: AnyEffect) -> AccountAnswer:
    if isinstance(effect, Refused):
        if effect.reason == Refusal.DUPLICATE:
            return AccountAnswer(credit_reference=account, outcome="already")
        waits = effect.reason in _WAITS
        return AccountAnswer(credit_reference=account, outcome="deferred" if waits else "refused", reason=effect.reason)
    if isinstance(effect, SubjectErased) and effect.state != ERASED:
        return AccountAnswer(credit_reference=account, outcome="deferred", reason=Refusal.PAYMENT_OPEN.value)
    return AccountAnswer(credit_reference=account, outcome="done")


async def subjects(request: Request) -> Subjects:
    """The actions of the application that serves this request."""
    found = request.app.state.subjects
    assert isinstance(found, Subjects)
    return found


Privacy = Annotated[Subjects, Depends(subjects)]
