"""Effects of returns, their disputes and notices of change, beyond the payment itself."""

from ledger.effect import Effect


class AccountCorrected(Effect, frozen=True, array_like=True, tag="corrected"):
    """A notice of change: from the next entry on the account is to be named otherwise. What it says is sealed, or with the rail."""

    transaction_id: str
    """the payment whose entry drew the notice; its instrument is meant"""
    code: str
    fields: tuple[str, ...]
    day: str
    trace_number: str = ""
    correction: str = ""


class Barred(Effect, frozen=True, array_like=True, tag="barred"):
    """No entry goes out by itself any more: to the account of this payment (`instrument`), or without a new authorization."""

    bar: str
    transaction_id: str
    code: str
    day: str


class Unbarred(Effect, frozen=True, array_like=True, tag="unbarred"):
    """What stood against further entries because of this payment is gone."""

    bar: str
    transaction_id: str
    how: str


class DutyOpened(Effect, frozen=True, array_like=True, tag="duty"):
    """The rules give somebody until `due_ms` for something: see `ledger.standing.Duty`."""

    duty: str
    transaction_id: str
    code: str
    day: str
    """of the return, dishonor or notice that it counts from"""
    until: str
    """the last day"""
    due_ms: int
    """when that day is over"""
    amount_cents: int = 0
    hospital_id: str = ""


class DutyClosed(Effect, frozen=True, array_like=True, tag="duty-closed"):
    """Done, or the time is over."""

    duty: str
    transaction_id: str
    how: str


class Disputed(Effect, frozen=True, array_like=True, tag="disputed"):
    """A bank dishonored a return, or contested that. The money that moved follows in the same entry."""

    transaction_id: str
    stage: str
    """dishonored or contested"""
    code: str
    return_code: str
    day: str
    trace_number: str
    amount_cents: int
    hospital_id: str
