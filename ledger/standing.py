"""What returns and notices of change leave behind in an account: bars against further entries, and duties with a deadline."""

from typing import Final

from msgspec import Struct

INSTRUMENT: Final = "instrument"
"""the account of a payment cannot be used: closed, not found, frozen"""
AUTHORIZATION: Final = "authorization"
"""the receiver's bank says that no authorization is in force"""

DISHONOR: Final = "dishonor"
"""a return that is late, or the second of its entry, may be dishonored by our bank"""
CONTEST: Final = "contest"
"""the other bank may contest the dishonored return"""
CORRECTED_ENTRY: Final = "corrected_entry"
"""after R11 one corrected entry may be sent without a new authorization"""
CHANGE: Final = "change"
"""a notice of change is to be applied"""
PRENOTE: Final = "prenote"
"""a prenote may come back; the debit that it tries the account for waits"""
ADVICE: Final = "advice"
"""an insurer's deposit waits for its remittance advice"""
MONEY: Final = "money"
"""a remittance advice waits for its deposit"""


class Bar(Struct, frozen=True, array_like=True, gc=False):
    """Why no entry goes out by itself: a return of this payment."""

    kind: str
    transaction_id: str
    code: str
    day: str
    at_ms: int


class Duty(Struct, frozen=True, array_like=True, gc=False):
    """Something that is to be, or may be, done until the end of a day."""

    kind: str
    transaction_id: str
    code: str
    day: str
    until: str
    due_ms: int


class Change(Struct, frozen=True, array_like=True, gc=False):
    """A notice of change that was heard."""

    transaction_id: str
    code: str
    day: str
    trace_number: str
