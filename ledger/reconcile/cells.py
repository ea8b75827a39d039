"""What a column is by its cells, where its header says nothing."""

import re
from collections.abc import Callable, Mapping, Sequence

from ledger.reconcile import dates, figures

SHARE = 9
"""of ten cells that hold something, so many must be of the kind"""
_OTHER_MONEY = re.compile(r"balance|saldo|solde|fee|tax|vat|rate|limit", re.IGNORECASE)
_WITH_CENTS = re.compile(r".*[.,][0-9]{2}\D*", re.ASCII)


def only_amounts(columns: Sequence[str], samples: Sequence[Mapping[str, str]]) -> str:
    """The one column that holds amounts with cents, or nothing: of several none is chosen. A balance, fee or tax is not looked at."""
    found = [column for column in columns if not _OTHER_MONEY.search(column) and _mostly(column, samples, is_amount)]
    return found[0] if len(found) == 1 else ""


def first_dates(columns: Sequence[str], samples: Sequence[Mapping[str, str]]) -> str:
    """The first column that holds dates, or nothing."""
    return next((column for column in columns if _mostly(column, samples, is_date)), "")


def is_amount(cell: str) -> bool:
    """Whether a cell is an amount with cents, in either notation."""
    return bool(_WITH_CENTS.fullmatch(cell)) and not is_date(cell) and any(figures.units(cell, form) is not None for form in _NOTATIONS)


def is_date(cell: str) -> bool:
    """Whether a cell is a date in a form that no bare number has."""
    return not cell.isdigit() and any(dates.day_number(cell, form) is not None for form in _WRITTEN)


_NOTATIONS = (figures.NumberFormat("."), figures.NumberFormat(","))
_WRITTEN = tuple(form for form in dates.FORMATS if form not in ("YYYYMMDD", "EPOCH", "EXCEL"))


def _mostly(column: str, samples: Sequence[Mapping[str, str]], kind: Callable[[str], bool]) -> bool:
    filled = [cell for row in samples if (cell := row.get(column, "").strip())]
    return bool(filled) and sum(map(kind, filled)) * 10 >= SHARE * len(filled)
