"""Words of the tables: instants, days and amounts."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from ledger.money import Cents, cents

YEAR = "2026"
ACCOUNT = "CR-1"
Words = dict[str, str]
Verb = Callable[[str, list[str], Words], tuple[type, Any]]
"""from a verb, the words after it and the sentence's options to an event's class and data"""


def instant(text: str) -> datetime:
    """`03-02 10:00` or `2027-03-02 10:00`, in UTC."""
    full = text if len(text.split("-")) == 3 else f"{YEAR}-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=UTC)


def day(text: str) -> str:
    """`03-02` or `2027-03-02`, as an ISO date."""
    return text if len(text) == 10 else f"{YEAR}-{text}"


def money_of(text: str) -> Cents:
    """`100.00` as cents."""
    return Cents(cents(text))


def date_of(text: str) -> date:
    """A day of the tables."""
    return datetime.fromisoformat(day(text)).date()
