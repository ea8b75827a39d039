"""The terms of a file reconciliation: those of matching, and what only files need."""

from collections.abc import Callable
from datetime import date
from typing import Literal

from msgspec import Struct

from ledger.matching.terms import Fee

IsBankingDay = Callable[[date], bool]

SATURDAY = 5


def weekday(day: date) -> bool:
    """The calendar of who gives none: Monday to Friday."""
    return day.weekday() < SATURDAY


class FileTerms(Struct, frozen=True):
    """Windows count banking days from the left row's date to the right row's: the left file is the ledger, the right one the bank."""

    version: str = "file@1"
    tolerance_cents: int = 5
    tolerance_basis_points: int = 0
    """the larger of the two counts, and only where the reference agrees; a few cents are rounding, and are told"""
    parts: bool = False
    """whether money under the reference of one larger row counts as a part of it without a person"""
    fees: tuple[Fee, ...] = ()
    learn_fees: bool = True
    """whether a fee schedule that explains many differences to the cent counts as known"""
    days_before: int = 1
    days_after: int = 5
    """window where the amount alone must decide"""
    learn_days: bool = True
    """whether that window grows to the lags of the pairs whose references agree"""
    named_days_before: int = 10
    named_days_after: int = 30
    """window where the reference agrees"""
    sign: Literal["auto", "same", "opposite", "absolute"] = "auto"
    """how the right file's signs relate to the left one's"""
    is_banking_day: IsBankingDay = weekday
