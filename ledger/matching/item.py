"""The two sides of a match: what is expected and what came in. Amounts are cents, dates ISO `YYYY-MM-DD`, instants epoch milliseconds."""

from msgspec import Struct


class Expected(Struct, frozen=True, gc=False):
    """An open balance or instalment of one account."""

    balance_id: str
    reference: str
    open_cents: int
    """what is still owed; at least 1"""
    due_date: str
    opened_at_ms: int
    patient_id: str
    hospital_id: str
    kind: str = ""
    """what the amount is for (fee, interest, principal); counts only where the terms allocate by kind"""


class Incoming(Struct, frozen=True, gc=False):
    """A settled payment or a deposit of one account. Empty fields are unknown, and an unknown field never matches anything."""

    source_id: str
    """transaction or deposit"""
    amount_cents: int
    reference: str = ""
    balance_id: str = ""
    patient_id: str = ""
    hospital_id: str = ""
    trace_number: str = ""
    at_ms: int = 0
    day: str = ""
    """settlement date"""


def age(item: Expected) -> tuple[str, int, str]:
    """Sort key: oldest due first, then first opened, then by id, so that the order is total."""
    return item.due_date, item.opened_at_ms, item.balance_id


def arrival(incoming: Incoming) -> tuple[str, int, str]:
    """Sort key that puts money in one total order whatever order it arrived in."""
    return incoming.day, incoming.at_ms, incoming.source_id
