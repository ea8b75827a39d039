"""Rules that could not be evaluated, as the journal tells them with each decision: what Prometheus counts."""

from collections.abc import Iterator
from typing import Final

import msgspec

from api.decisions import Outline
from ledger.effects import AlertRaised, AnyEffect, Decided
from ledger.governance import RULE_BROKEN
from ledger.record import Record

_MARK: Final = b",true]"
"""How a broken rule ends among those that fired; a record without it, and without an alert, needs no second look."""
_ALERT: Final = RULE_BROKEN.encode()
_decode_record = msgspec.json.Decoder(Record[Outline]).decode
_decode_effects = msgspec.json.Decoder(tuple[AnyEffect, ...]).decode


def broken_rules(record: bytes) -> Iterator[tuple[str, str]]:
    """Rule and version of its book, once for each payment of this journal record that it failed on; of a rule on what comes later,
    for the first alone. What a tick tells of payments was counted with them.
    """
    if _MARK not in record and _ALERT not in record:
        return
    for entry in _decode_record(record).entries:
        effects = bytes(entry.effects)
        if not entry.account or (_MARK not in effects and _ALERT not in effects):
            continue
        for effect in _decode_effects(entry.effects):
            if isinstance(effect, Decided):
                yield from ((fired.rule, effect.policy) for fired in effect.fired if fired.broken)
            elif isinstance(effect, AlertRaised) and effect.alert == RULE_BROKEN:
                yield effect.rule, effect.policy
