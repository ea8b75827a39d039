"""What a reconciliation finds: groups of rows that belong together, and what stands against the others."""

from collections.abc import Sequence

from msgspec import Struct

from ledger.matching.outcome import Differs, Pass, Reason, State
from ledger.matching.score import AMOUNT_POINTS, DATE_POINTS, REFERENCE_POINTS
from ledger.reconcile import dates, figures
from ledger.reconcile.view import Both


class Group(Struct, frozen=True):
    """Rows of both sides, by index, with one state. Only MATCHED and PARTIALLY_MATCHED groups own their rows."""

    state: State
    rule: Pass
    left: tuple[int, ...]
    right: tuple[int, ...]
    score: int
    evidence: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


class Duplicate(Struct, frozen=True):
    """A row that repeats another row of its own side."""

    row: int
    of: int


SUM_EVIDENCE = f"sum {AMOUNT_POINTS}"


def evidence(*, named: bool, in_time: bool, amount: str = "amount") -> tuple[int, tuple[str, ...]]:
    """Score and words for the fields that agree."""
    score, words = AMOUNT_POINTS, [f"{amount} {AMOUNT_POINTS}"]
    if named:
        score, words = score + REFERENCE_POINTS, [f"reference {REFERENCE_POINTS}", *words]
    if in_time:
        score, words = score + DATE_POINTS, [*words, f"date {DATE_POINTS}"]
    return score, tuple(words)


def amount_reason(both: Both, left: Sequence[int], right: Sequence[int]) -> Reason:
    """How far the sums are apart; the delta is in cents, rounded down."""
    owed, paid = int(both.left.amount[list(left)].sum()), int(both.right.amount[list(right)].sum())
    delta = (paid - owed) // figures.UNITS_PER_CENT
    return Reason(Differs.AMOUNT, "amount", figures.decimal(owed), figures.decimal(paid), delta)


def date_reason(both: Both, row: int, other: int) -> Reason:
    """The two dates and the calendar days between them."""
    left, right = int(both.left.day[row]), int(both.right.day[other])
    return Reason(Differs.DATE, "date", dates.iso(left), dates.iso(right), right - left if left and right else 0)
