"""Journal entries as events of hospitals: one message a hospital and journal record, keyed by hospital; those of one transaction join."""

from collections.abc import Iterator, Sequence
from itertools import count

import msgspec

from journal import topics
from journal.partitioner import partition_of
from ledger import effects as fx
from ledger.hospital_events import AnyHospitalEvent, HospitalPayment, HospitalPolicy, HospitalReturn
from ledger.record import Entry
from streams.engine.machine import Output

_encode = msgspec.json.Encoder().encode
_TYPES = frozenset({"payment.initiated.v1", "payment.returned.v1"})
"""events that bring payments and returns; returns that waited for their payment come with it"""


def outputs(partition: int, entries: Sequence[Entry], watchers: Sequence[bytes]) -> Iterator[Output]:
    """Messages of one journal record. Every partition hears of a new rule book, the first journal partition tells it."""
    found: dict[str, list[AnyHospitalEvent]] = {}
    for entry in entries:
        if entry.type in _TYPES:
            for event in _events(entry):
                found.setdefault(event.hospital_id, []).append(event)
        elif not partition and not entry.account:
            for effect in entry.effects:
                if type(effect) is fx.PolicyActivated:
                    value = _encode([HospitalPolicy(effect.text)])
                    yield from [Output(topics.HOSPITALS, key, value) for key in watchers]
    for hospital, events in found.items():
        yield Output(topics.HOSPITALS, hospital.encode(), _encode(events), joins=True)


def _events(entry: Entry) -> Iterator[HospitalPayment | HospitalReturn]:
    for effect in entry.effects:
        kind = type(effect)
        if kind is fx.PaymentInitiated:
            yield HospitalPayment(
                effect.transaction_id,  # type: ignore[union-attr]
                entry.account,
                entry.at_ms,
                effect.hospital_id,  # type: ignore[union-attr]
                effect.patient_id,  # type: ignore[union-attr]
                effect.amount_cents,  # type: ignore[union-attr]
            )
        elif kind is fx.Moved and effect.hospital_id:  # type: ignore[union-attr]
            yield HospitalReturn(
                effect.transaction_id,  # type: ignore[union-attr]
                entry.account,
                entry.at_ms,
                effect.hospital_id,  # type: ignore[union-attr]
                effect.patient_id,  # type: ignore[union-attr]
                effect.amount_cents,  # type: ignore[union-attr]
            )


def watcher_keys(partitions: int) -> tuple[bytes, ...]:
    """One key for each partition, so that a message reaches all of them; no hospital's id begins with a control character."""
    keys: dict[int, bytes] = {}
    for number in count():
        key = b"\x01policy-%d" % number
        keys.setdefault(partition_of(key, partitions), key)
        if len(keys) == partitions:
            return tuple(keys[each] for each in sorted(keys))
    raise AssertionError("unreachable")
