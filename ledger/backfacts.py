"""Decisions of the past with the facts they were made on, made again from the journal.

Facts come from the account alone as it stood before the entry, so folding the effects up to there gives the very facts of that day.
"""

from collections.abc import Iterable

from msgspec import Struct

from ledger import effects as fx
from ledger.account import Account, Status
from ledger.decide import facts
from ledger.events import InitiatedData
from ledger.evolve import evolve
from ledger.facts import Facts
from ledger.money import Cents
from ledger.policy import APPROVE, OUTCOMES, Rail
from ledger.record import Entry

INITIATED = "payment.initiated.v1"
"""the only events whose payments the rules are asked about; a return fee is a payment of the ledger's own"""
_CAME_BACK = frozenset({Status.RETURNED.value, Status.CHARGED_BACK.value})


class Past(Struct, frozen=True):
    """One payment's decision by a rule book."""

    facts: Facts
    transaction_id: str
    policy: str
    outcome: str
    """of the rules, whatever the hospital's phase made of it"""


class Backfacts:
    """Folds the entries of one partition in their order, and gives the decisions in them."""

    def __init__(self, rail: Rail) -> None:
        self._rail = rail
        self._accounts: dict[str, Account] = {}

    def take(self, entry: Entry) -> Past | None:
        """Take in the next entry; the decision in it, if it is a payment's."""
        if not entry.account:
            return None
        before = self._accounts.get(entry.account) or Account(entry.account)
        account = before
        for effect in entry.effects:
            account = evolve(account, effect, entry.at_ms)
        if account is not before:
            self._accounts[entry.account] = account
        return self._past(before, entry)

    def _past(self, account: Account, entry: Entry) -> Past | None:
        if entry.type != INITIATED:
            return None
        initiated = next((effect for effect in entry.effects if type(effect) is fx.PaymentInitiated), None)
        decided = next((effect for effect in entry.effects if type(effect) is fx.Decided), None)
        if initiated is None or decided is None:
            return None
        known = facts.of_payment(account, _data(entry.account, initiated), self._rail, entry.at_ms)
        return Past(known, initiated.transaction_id, decided.policy, _outcome(decided))


def came_back(entries: Iterable[Entry]) -> Iterable[tuple[str, str]]:
    """Transaction id and Nacha code of every return in these entries."""
    for entry in entries:
        for effect in entry.effects:
            if type(effect) is fx.Moved and effect.status in _CAME_BACK and effect.code:
                yield effect.transaction_id, effect.code


def _data(account: str, initiated: fx.PaymentInitiated) -> InitiatedData:
    """The request as far as facts speak of it. Every payment that was decided was in dollars; others are refused."""
    direction: object = initiated.direction
    return InitiatedData(
        credit_reference=account,
        transaction_id=initiated.transaction_id,
        patient_id=initiated.patient_id,
        hospital_id=initiated.hospital_id,
        amount=Cents(initiated.amount_cents),
        direction=direction,  # type: ignore[arg-type]
        reference=initiated.reference,
        sec_code=initiated.sec_code,
        instrument=initiated.instrument,
    )


def _outcome(decided: fx.Decided) -> str:
    """The strongest outcome of the rules that fired; a verdict is nothing else."""
    return max((fired.outcome for fired in decided.fired), key=OUTCOMES.index, default=APPROVE)
