"""Rules that could not be evaluated, as the journal tells them with each decision: what Prometheus counts."""

from collections.abc import Iterator
from typing import Final

import msgspec

from api.decisions import Outline
from ledger.effects import AnyEffect, Decided
from ledger.record import Record

_MARK: Final = b",true]"
"""How a broken rule ends among those that fired; a record without it needs no second look."""
_decode_record = msgspec.json.Decoder(Record[Outline]).decode
_decode_effects = msgspec.json.Decoder(tuple[AnyEffect, ...]).decode


def broken_rules(record: bytes) -> Iterator[tuple[str, str]]:
    """Rule and version of its book, once for each payment of this journal record that it failed on."""
    if _MARK not in record:
        return
    for entry in _decode_record(record).entries:
        if _MARK not in bytes(entry.effects):
            continue
        for effect in _decode_effects(entry.effects):
            if isinstance(effect, Decided):
                yield from ((fired.rule, effect.policy) for fired in effect.fired if fired.broken)
