"""What return reason codes and change codes mean: the tables of `return_codes` and `change_codes`, looked up.

Every code has an answer. A code that Nacha has not assigned, or that a bank made up, is answered as unknown: it is
looked into by a person and never sent again by itself.
"""

from enum import StrEnum
from typing import NamedTuple

from ach import change_codes, return_codes


class Action(StrEnum):
    """What to do about a return."""

    RETRY = "RT"
    """may be re-presented as it is: at most twice, within 180 days"""
    RETRY_IF_AUTHORIZED = "RA"
    """may be sent again only with a new authorization by the receiver"""
    FIX = "FX"
    """correct the data and send a NEW entry, not a `RETRY PYMT`"""
    STOP = "ST"
    """stop, and take the mandate as revoked"""
    CLOSE = "CL"
    """the account cannot be used any more: close the instrument"""
    INVESTIGATE = "IN"
    """a person decides"""
    WORKFLOW = "WF"
    """a dishonored or contested return: part of the dispute between the two institutions"""
    NOT_OURS = "NA"
    """belongs to entry classes that we never originate"""


class Window(StrEnum):
    """How long the sender of a return has."""

    TWO_BANKING_DAYS = "2BD"
    """at the ODFI by the opening of the second banking day after the entry's settlement"""
    SIXTY_DAYS = "60D"
    """at the ODFI by the opening of the banking day after the 60th calendar day after the entry's settlement"""
    OPERATOR = "OP"
    """by the ACH operator, with the next file"""
    FIVE_BANKING_DAYS = "5BD"
    """a dishonored return: within five banking days after the return's settlement"""
    CONTEST = "C2"
    """a contested or corrected return: within two banking days after the dishonored return's settlement"""
    ANY = "ANY"
    """no window, or one of its own"""


class CountsAs(StrEnum):
    """Which of Nacha's two special return rates a code counts towards; the overall rate counts every debit return."""

    NEITHER = ""
    UNAUTHORIZED = "UN"
    ADMINISTRATIVE = "AD"


class Ends(StrEnum):
    """What a return ends beyond its own entry."""

    NOTHING = ""
    INSTRUMENT = "I"
    """the account cannot be used, or not as it was named"""
    AUTHORIZATION = "A"
    """the receiver has authorized no (further) debits"""


class ReturnKind(StrEnum):
    """Who speaks with this code: the receiving side returns, ours dishonors, theirs contests."""

    RETURN = "return"
    DISHONORED = "dishonored"
    CONTESTED = "contested"
    GATEWAY = "gateway"
    ENROLLMENT = "enrollment"
    UNKNOWN = "unknown"


class ReturnCode(NamedTuple):
    """One return reason code."""

    code: str
    meaning: str
    reason: str
    """our word for the cause, on which rules key"""
    window: Window
    action: Action
    counts_as: CountsAs
    kind: ReturnKind
    ends: Ends = Ends.NOTHING
    source: str = ""
    """where the code and its window come from; empty for one that is not assigned"""


class ChangeCode(NamedTuple):
    """One change code of a notice of change (C01-C14) or of its refusal (C61-C69)."""

    code: str
    meaning: str
    fields: tuple[str, ...]
    """what the corrected data holds, in order"""
    refused: bool
    source: str


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


_LATER = dict(_rows(return_codes.LATER))


def _return_code(row: list[str], kind: ReturnKind) -> ReturnCode:
    code, meaning, reason, window, action, counts_as, ends = row
    source = _LATER.get(code, return_codes.SOURCE)
    return ReturnCode(code, meaning, reason, Window(window), Action(action), CountsAs(counts_as), kind, Ends(ends), source)


RETURN_CODES = {
    row[0]: _return_code(row, kind)
    for kind, table in (
        (ReturnKind.RETURN, return_codes.RETURNS),
        (ReturnKind.DISHONORED, return_codes.DISHONORED_RETURNS),
        (ReturnKind.CONTESTED, return_codes.CONTESTED_RETURNS),
        (ReturnKind.GATEWAY, return_codes.GATEWAY_RETURNS),
        (ReturnKind.ENROLLMENT, return_codes.ENROLLMENT_RETURNS),
    )
    for row in _rows(table)
}
CHANGE_CODES = {
    code: ChangeCode(code, meaning, tuple(fields.split()), kind == "refused", change_codes.SOURCE)
    for code, meaning, fields, kind in _rows(change_codes.CHANGE_CODE_TABLE)
}

UNAUTHORIZED_CODES = frozenset(code for code, row in RETURN_CODES.items() if row.counts_as is CountsAs.UNAUTHORIZED)
ADMINISTRATIVE_CODES = frozenset(code for code, row in RETURN_CODES.items() if row.counts_as is CountsAs.ADMINISTRATIVE)


def return_code(code: str) -> ReturnCode:
    """The meaning of a return reason code; one that Nacha has not assigned is unknown, to be investigated."""
    known = RETURN_CODES.get(code)
    if known is not None:
        return known
    return ReturnCode(code, "Not assigned by Nacha", code, Window.ANY, Action.INVESTIGATE, CountsAs.NEITHER, ReturnKind.UNKNOWN)


def change_code(code: str) -> ChangeCode | None:
    """The meaning of a change code, or None when Nacha has not assigned it."""
    return CHANGE_CODES.get(code)
