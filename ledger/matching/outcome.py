"""What matching answers: a state, the money allocated, and the reasons, field by field, for whatever did not match."""

from enum import StrEnum

from msgspec import Struct


class State(StrEnum):
    """Where an expected item, or money that came in, stands."""

    EXPECTED = "EXPECTED"
    """the item is open and its window has not closed"""
    MATCHED = "MATCHED"
    PARTIALLY_MATCHED = "PARTIALLY_MATCHED"
    """all the money is allocated, an item it went to stays open in part"""
    PROPOSED = "PROPOSED"
    """likely, but a person confirms it"""
    AMBIGUOUS = "AMBIGUOUS"
    """several answers are about as good; they are listed"""
    MISMATCHED = "MISMATCHED"
    """an item is named or near, and fields differ; the reasons say which"""
    OVERPAID = "OVERPAID"
    """everything owed is paid and money is left over"""
    DUPLICATE = "DUPLICATE"
    """the same money was seen before"""
    UNMATCHED = "UNMATCHED"
    """nothing comes near"""
    MISSING = "MISSING"
    """the item's window has closed and no money came"""
    REVOKED = "REVOKED"
    WRITTEN_OFF = "WRITTEN_OFF"


class Pass(StrEnum):
    """The matching rules in the order they are tried."""

    ID = "id"
    REFERENCE = "reference"
    UNIQUE_AMOUNT = "unique_amount"
    FEE = "known_fee"
    TOLERANCE = "tolerance"
    NAMED = "named_first"
    """the item that the money names is paid first, whatever the amount"""
    OLDEST_FIRST = "oldest_first"
    SUBSET = "exact_sum"
    FUZZY = "fuzzy_reference"
    ADVICE = "remittance_advice"
    """the payer said which bills its payment is for"""
    PERSON = "person"


class Differs(StrEnum):
    """Why something did not match, one member a cause."""

    CURRENCY = "CURRENCY_DIFFERS"
    HOSPITAL = "HOSPITAL_DIFFERS"
    PATIENT = "PATIENT_DIFFERS"
    AMOUNT = "AMOUNT_DIFFERS"
    DATE = "DATE_OUTSIDE_WINDOW"
    REFERENCE = "REFERENCE_DIFFERS"
    REFERENCE_BLANK = "REFERENCE_BLANK"
    BALANCE_UNKNOWN = "BALANCE_UNKNOWN"
    """the money names a balance that is not open here"""
    NOT_POSITIVE = "AMOUNT_NOT_POSITIVE"
    NOT_UNIQUE = "NOT_UNIQUE"
    """more than one answer: sums that make the amount, items of nearly the same score, or items of the same name"""
    NOTHING_OPEN = "NOTHING_OPEN"
    LEFT_OVER = "MONEY_LEFT_OVER"
    TAKEN = "TAKEN_BY_ANOTHER"
    """what would fit belongs to another already"""
    UNREADABLE = "UNREADABLE"
    SEEN = "SEEN_BEFORE"
    LATE = "WINDOW_CLOSED"
    RETURNED = "RETURNED"


class Reason(Struct, frozen=True, gc=False):
    """One field that differs: both values as they stand, how far they are apart, and the points that the field still earned."""

    code: Differs
    field: str
    left: str = ""
    """the expected side"""
    right: str = ""
    """the incoming side"""
    delta: int = 0
    """right minus left: cents for amounts, days for dates, edits for references"""
    points: int = 0


class Candidate(Struct, frozen=True):
    """An answer that was not taken: one item, or several that together make the amount."""

    balance_ids: tuple[str, ...]
    score: int
    reasons: tuple[Reason, ...] = ()


class Allocation(Struct, frozen=True):
    """Confirmed money for one item. `fee_cents` is what the item keeps open because a known fee or the tolerance explains it."""

    balance_id: str
    amount_cents: int
    rule: str
    score: int
    evidence: tuple[str, ...] = ()
    """points by field, such as `reference 45`"""
    fee_cents: int = 0


class Outcome(Struct, frozen=True):
    """The answer for one payment. Only `allocations` move money; the rest of the payment is `residual_cents`, for suspense."""

    state: State
    allocations: tuple[Allocation, ...] = ()
    residual_cents: int = 0
    reasons: tuple[Reason, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    """answers that a person may confirm, best first"""
    candidate_count: int = 0
    """how many open items were looked at"""
    window: tuple[str, str] = ("", "")
    """first and last due date that counts as on time; empty means unbounded"""
    terms: str = ""
    """version of the terms that decided"""
