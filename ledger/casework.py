"""What an account remembers of the work of people: open exceptions with owner and deadline, proposals, and acts that were taken in."""

from msgspec import Struct


class Case(Struct, frozen=True, array_like=True, gc=False):
    """An open exception. The clock looks at it at `look_ms`; 0 is never."""

    severity: str = "medium"
    hospital_id: str = ""
    opened_at_ms: int = 0
    due_ms: int = 0
    look_ms: int = 0
    level: int = 0
    """0 in time, 1 overdue, 2 escalated"""
    owner: str = ""
    snoozed_until_ms: int = 0


class Adjustment(Struct, frozen=True, array_like=True, gc=False):
    """A proposal and what became of it."""

    form: str
    about: str
    amount_cents: int
    hospital_id: str
    maker: str
    reason: str
    exception_id: str
    verdict: str = ""
    """empty until it is decided: approved or rejected"""


UNKNOWN = Case()
"""An exception that was opened before there was a clock for it."""
