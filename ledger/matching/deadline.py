"""The clock of an expected item: "not yet" until its window has closed, "missing" after it. Days are banking days."""

from collections.abc import Iterable

from msgspec.structs import replace

from ledger.matching.item import Expected, age
from ledger.matching.outcome import Differs, Reason, State
from ledger.matching.terms import AddDays, Terms

ACH_SETTLES_AFTER = 1
"""an ACH debit settles one banking day after it is due at the bank (Nacha: effective entry date)"""
ACH_EARLY = 1
ACH_LATE = 3
GRACE = 1
"""a bank's report of a settlement may come one banking day after it"""


def ach_terms(terms: Terms, add_banking_days: AddDays) -> Terms:
    """The terms with the window of an ACH debit: settlement one banking day after the due date, one earlier to three later."""
    return replace(
        terms,
        banking_days_before=ACH_EARLY - ACH_SETTLES_AFTER,
        banking_days_after=ACH_SETTLES_AFTER + ACH_LATE,
        add_banking_days=add_banking_days,
    )


def missing_from(due_date: str, terms: Terms) -> str:
    """The first day on which an item due on this date counts as missing; empty when its window never closes."""
    add, (_, last) = terms.add_banking_days, terms.window(due_date)
    return add(last, GRACE + 1) if add and last else ""


def standing(item: Expected, today: str, terms: Terms) -> State:
    """EXPECTED or MISSING; MATCHED when nothing is open any more."""
    if item.open_cents == 0:
        return State.MATCHED
    day = missing_from(item.due_date, terms)
    return State.MISSING if day and today >= day else State.EXPECTED


def missing(items: Iterable[Expected], today: str, terms: Terms) -> tuple[tuple[Expected, Reason], ...]:
    """The items that are missing today, oldest first, each with the window that has closed."""
    late = [item for item in items if standing(item, today, terms) is State.MISSING]
    return tuple((item, Reason(Differs.LATE, "date", terms.window(item.due_date)[1], today)) for item in sorted(late, key=age))
