"""The terms of matching: windows, tolerances, known fees and what may be allocated without a person. A value with a version."""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

AddDays = Callable[[str, int], str]
"""(ISO date, count) -> the date so many banking days later, or earlier when negative"""

UNBOUNDED = ("", "")


class Fee(Struct, frozen=True):
    """A fee that the payer's side is known to keep: a fixed amount and a share in hundredths of a percent, rounded half up."""

    name: str
    flat_cents: int = 0
    basis_points: int = 0

    def of(self, amount_cents: int) -> int:
        """The fee on this amount, in cents."""
        return self.flat_cents + (amount_cents * self.basis_points + 5_000) // 10_000


class Terms(Struct, frozen=True):
    """What counts as a match. The defaults suit repayments of one account: any time, to the cent, oldest due first."""

    version: str = "repayment@1"
    allocate: Literal["oldest_first", "exact"] = "oldest_first"
    """whether money that equals no single item may be spread over the open ones, or only where a sum is exact"""
    named_in_part: bool = False
    """where nothing is spread: whether money may pay a part of the one item that it names, or all of it and leave a rest"""
    kinds: tuple[str, ...] = ()
    """kinds of item in the order they are paid, before age; empty: by age alone"""
    tolerance_cents: int = 0
    tolerance_basis_points: int = 0
    """the larger of the two tolerances counts"""
    fees: tuple[Fee, ...] = ()
    banking_days_before: int = -1
    """the window before the due date; negative: any time before"""
    banking_days_after: int = -1
    """the window after the due date; negative: any time after"""
    add_banking_days: AddDays | None = None
    """the calendar; without one the window is unbounded"""

    def tolerance(self, amount_cents: int) -> int:
        """How many cents the money may differ from this amount."""
        share = amount_cents * self.tolerance_basis_points // 10_000
        return max(self.tolerance_cents, share)

    def window(self, due_date: str) -> tuple[str, str]:
        """First and last day on which money for an item due on this date is in time; an empty bound is open."""
        add = self.add_banking_days
        if add is None or not due_date:
            return UNBOUNDED
        first = add(due_date, -self.banking_days_before) if self.banking_days_before >= 0 else ""
        last = add(due_date, self.banking_days_after) if self.banking_days_after >= 0 else ""
        return first, last

    def in_time(self, due_date: str, day: str) -> bool:
        """Whether money of this day lies in the window of an item due on this date; an unknown day does where the window is open."""
        if self.add_banking_days is None:
            return True
        first, last = self.window(due_date)
        return first <= day and (not last or day <= last)


DEFAULT = Terms()
REPAYMENT = DEFAULT
DEPOSIT = Terms(version="deposit@1", allocate="exact")
"""money that nobody announced: it is allocated only where the id, the reference or an exact amount says so"""
PAID_IN = replace(DEPOSIT, version="deposit@2", named_in_part=True)
"""the same for one account: an insurer pays its share of the bill that it names, never of another one"""
