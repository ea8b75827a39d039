"""Evidence bundles: a payment's journal records as Kafka has them, the chain between them, and what they tell, signed."""

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from confluent_kafka import KafkaException
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.facts import Proof, merged, of_record, proof_of
from api.history import History
from api.models.common import instant
from api.problems import Kind, Problem
from api.store import Store
from api.trace import trace_of
from journal import evidence
from journal.chain import Accepted
from journal.evidence import Bundle, Fault, Held, Payload, Run
from ledger.record import digest

KEY_FILE: Final = "evidence.key"
PUBLIC_FILE: Final = "evidence.pub"
RUN_MAX: Final = 200_000
_HASHES: Final = (
    "SELECT sequence, any(hash) FROM journal_records WHERE partition = {partition:UInt16} AND sequence >= {first:UInt64} "
    "AND sequence <= {last:UInt64} GROUP BY sequence ORDER BY sequence"
)
Pick = Callable[[Iterable[tuple[int, int]]], Mapping[tuple[int, int], bytes]]
"""The journal's bytes at each (partition, offset)."""


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The key kept in the data folder, made when there is none; its public half lies beside it."""
    path = folder / KEY_FILE
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw())
    except FileExistsError:
        pass
    key = Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    (folder / PUBLIC_FILE).write_bytes(key.public_key().public_bytes_raw())
    return key


class Evidence:
    """Makes bundles. `business_date` is the one that the sink stores with, `now_ms` the clock."""

    def __init__(
        self,
        history: History,
        store: Store,
        pick: Pick,
        key: Ed25519PrivateKey,
        business_date: Callable[[int], str],
        now_ms: Callable[[], int],
    ) -> None:
        self._history = history
        self._store = store
        self._pick = pick
        self._key = key
        self._business_date = business_date
        self._now_ms = now_ms

    @property
    def public(self) -> bytes:
        """The key that bundles are checked with."""
        return self._key.public_key().public_bytes_raw()

    async def bundle(self, transaction_id: str, made_for: str) -> bytes | None:
        """The file, or None for a payment that the ledger does not know.

        Raises Problem: 503 while Kafka does not answer or the tables are not there yet; 409 when Kafka's bytes are not the ones stored.
        """
        facts, proofs = await self._history.of_payment_whole(transaction_id)
        if trace_of(facts, proofs, transaction_id) is None:
            return None
        records = await self._records(proofs)
        account = next(fact.account for fact in facts if fact.account)
        told = told_by(records, transaction_id, account, self._business_date)
        assert told is not None, "what the tables know is in the records"
        payload = Payload(
            evidence.FORMAT,
            transaction_id,
            account,
            instant(self._now_ms()).isoformat(),
            made_for,
            told,
            records,
            tuple([await self._run(partition, records) for partition in sorted({held.partition for held in records})]),
        )
        return evidence.signed(payload, self._key)

    async def _records(self, proofs: Iterable[Proof]) -> tuple[Held, ...]:
        proofs = sorted(proofs)
        try:
            found = await asyncio.to_thread(self._pick, [(proof.partition, proof.offset) for proof in proofs])
        except (KafkaException, TimeoutError) as error:
            detail = "Kafka did not give the payment's journal records in time."
            raise Problem(Kind.BROKER_UNAVAILABLE, detail, headers={"Retry-After": "5"}) from error
        for proof in proofs:
            value = found.get((proof.partition, proof.offset))
            if value is None or digest(value) != proof.hash:
                where = f"partition {proof.partition}, offset {proof.offset}"
                raise Problem(Kind.CHANGE_REFUSED, f"The journal's record at {where} is not the one that was stored; run hms-ach verify.")
        return tuple(Held(p.partition, p.sequence, p.offset, p.hash, found[p.partition, p.offset]) for p in proofs)

    async def _run(self, partition: int, records: Iterable[Held]) -> Run:
        own = [held.sequence for held in records if held.partition == partition]
        first, last = max(0, min(own) - 1), max(own)
        if last - first >= RUN_MAX:
            raise Problem(Kind.INVALID, f"The payment spans more than {RUN_MAX:,} journal records; take the journal itself as evidence.")
        rows = await self._store.ask(_HASHES, {"partition": partition, "first": first, "last": last})
        if [sequence for sequence, _ in rows] != list(range(first, last + 1)):
            detail = "The latest records are not in the tables yet; ask again in a few seconds."
            raise Problem(Kind.STORE_UNAVAILABLE, detail, headers={"Retry-After": "5"})
        return Run(partition, first, tuple(str(digested) for _, digested in rows))


def told_by(records: Iterable[Held], transaction_id: str, account: str, business_date: Callable[[int], str]) -> dict[str, Any] | None:
    """The payment's trace as these records alone tell it, in JSON's terms."""
    found: list[Accepted] = [evidence.accepted(held) for held in records]
    facts = merged(*(of_record(each, account, business_date) for each in found))
    told = trace_of(facts, [proof_of(each) for each in found], transaction_id)
    return None if told is None else told.model_dump(mode="json", by_alias=True)


def faults(bundle: Bundle, known: bytes, business_date: Callable[[int], str]) -> list[Fault]:
    """All that does not hold of a bundle: `journal.evidence.faults`, and a trace that says other things than its records."""
    found = list(evidence.faults(bundle, known))
    if any(fault.check in {"hash", "record"} for fault in found):
        return found
    payload = bundle.payload
    told = told_by(payload.records, payload.transaction_id, payload.credit_reference, business_date)
    if told is None:
        return [*found, Fault("trace", "the records do not tell of this payment")]
    return found + [Fault("trace", f"{where}: the records say something else") for where in _differences(payload.trace, told, "trace")]


def _differences(stated: Any, told: Any, where: str) -> list[str]:
    """Where what is stated differs; what a later program tells in addition is no difference."""
    if isinstance(stated, Mapping) and isinstance(told, Mapping):
        return [each for name in stated for each in _differences(stated[name], told.get(name), f"{where}.{name}")]
    if isinstance(stated, list) and isinstance(told, list) and len(stated) == len(told):
        return [each for number, one in enumerate(stated) for each in _differences(one, told[number], f"{where}[{number}]")]
    return [] if stated == told else [where]
