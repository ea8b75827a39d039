"""Snoozes: one rule is silent for one account, until an instant or until the account says otherwise."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from ledger.facts import Facts
from rules.rulebook import Snooze

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

SnoozeTable = Mapping[tuple[str, str], int]
"""(account, rule) → the instant it wakes, epoch milliseconds"""


def snooze_table(snoozes: Iterable[Snooze]) -> SnoozeTable:
    """The book's snoozes by account and rule; of two for the same, the later end counts."""
    table: dict[tuple[str, str], int] = {}
    for snooze in snoozes:
        key = snooze.account, snooze.rule
        table[key] = max(table.get(key, 0), (snooze.until - _EPOCH) // timedelta(milliseconds=1))
    return MappingProxyType(table)


def is_asleep(table: SnoozeTable, rule: str, facts: Facts) -> bool:
    """Whether this rule is silent for these facts: by the book, judged in event time, or because a person said so for the account."""
    return rule in facts.snoozed or facts.at_ms < table.get((facts.account, rule), 0)
