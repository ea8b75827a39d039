"""Quotes: a book's plan for a debt, what settles it early, and the least payment."""

from datetime import date

import pytest

from ach.calendar import is_banking_day
from rules.quote import quote
from tests.rules.examples import compiled

TERMS = compiled(
    """
[schedule]
apr = 12
instalments = 12
[interest]
apr = 12
[minimum_payment]
floor = 25
percent = 2
"""
).book.terms
FIRST = date(2026, 1, 31)
"""a Saturday"""


def test_a_plan_is_quoted_to_the_cent_on_banking_days() -> None:
    found = quote(TERMS, 1_000_000, FIRST, is_banking_day)
    assert [each.payment_cents for each in found.instalments] == [88_849] * 11 + [found.instalments[-1].payment_cents]
    assert sum(each.principal_cents for each in found.instalments) == 1_000_000
    assert found.payment_cents == 1_000_000 + found.interest_cents
    assert [each.due.isoformat() for each in found.instalments[:3]] == ["2026-02-02", "2026-03-02", "2026-03-31"]
    assert (found.payoff_cents, found.minimum_cents) == (1_000_000, 20_000)


def test_what_settles_it_early() -> None:
    whole = quote(TERMS, 1_000_000, FIRST, is_banking_day)
    assert quote(TERMS, 1_000_000, FIRST, is_banking_day, opened=date(2026, 1, 1), on=FIRST).payoff_cents == 1_009_863
    later = quote(TERMS, 1_000_000, FIRST, is_banking_day, paid=1, on=date(2026, 2, 12))
    assert later.payoff_cents == whole.instalments[0].balance_cents + 3_028
    assert quote(TERMS, 1_000_000, FIRST, is_banking_day, paid=99).payoff_cents == 0


def test_a_debt_is_positive() -> None:
    with pytest.raises(ValueError, match="positive principal"):
        quote(TERMS, 0, FIRST, is_banking_day)
