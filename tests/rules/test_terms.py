"""Terms of money in a book's text."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.compile import compile_book
from rules.default import default_book_text
from rules.fees import Tier, charge
from rules.interest import accrued
from rules.rulebook import RuleBook
from rules.terms import TABLES, Terms
from tests.rules.examples import a_book, compiled, problems

TEXT = """\
[fees]
mode = "cascading"
maximum = "40.00"
[[fee]]
name = "processing"
kind = "percent"
percent = 2.9
flat = "0.30"
[[fee]]
name = "service"
kind = "tiered"
slices = true
tiers = [
  { up_to = 100, percent = 3 },
  { flat = 1, percent = "1.5" },
]
[interest]
apr = 24.99
grace_days = 21
[schedule]
method = "equal_principal"
apr = "7.2"
instalments = 24
[late_fee]
flat = 25
percent = 5
[minimum_payment]
floor = 25
percent = 2
[allocation]
order = ["interest", "fees", "principal"]
[retry]
delay_days = 7
"""

WRONG = """\
[[fee]]
name = "x"
kind = "tiered"
percent = 101
[[fee]]
name = "y"
kind = "tiered"
tiers = [{ up_to = 5, percnt = 3 }, { up_to = "1.005" }]
[interest]
apr = 24.99
promotional_months = 3
day_count = "30/365"
[schedule]
instalments = 601
[allocation]
order = ["fees", "fees", "interest"]
[minimum_payment]
percent = 1e-999999
"""


def test_terms_are_read_with_rates_exact_and_money_in_cents() -> None:
    terms = compiled(TEXT).book.terms
    assert terms.fee[0].percent == Decimal("2.9")
    assert terms.fee[0].flat_cents == 30
    assert terms.fee[1].tiers == (Tier(up_to_cents=10_000, percent=Decimal(3)), Tier(flat_cents=100, percent=Decimal("1.5")))
    assert charge(terms.fee, terms.fees, 20_000, "repayment", "H1").fee_cents == 610 + 541
    assert accrued(terms.interest, 100_000, date(2026, 1, 1), date(2026, 1, 22), date(2026, 2, 19)) == 1_917
    assert (terms.schedule.method, terms.late_fee.flat_cents, terms.minimum_payment.floor_cents) == ("equal_principal", 2_500, 2_500)
    assert (terms.allocation.order[0], terms.retry.delay_days) == ("interest", 7)


def test_wrong_terms_are_all_told_with_their_lines() -> None:
    found = problems(a_book() + "\n" + WRONG)
    text = "\n".join(message for _, message in found)
    assert [line - 4 for line, _ in found] == [4, 8, 12, 14, 15, 18]
    for part in ("`percnt` is not known here; did you mean `percent`?", "more than two decimals", "once each", "at most 20 digits"):
        assert part in text


def test_a_book_that_says_nothing_charges_nothing() -> None:
    terms = compiled().book.terms
    assert terms == Terms()
    assert charge(terms.fee, terms.fees, 10_000, "repayment", "H1").net_cents == 10_000
    assert accrued(terms.interest, 10_000, date(2026, 1, 1), date(2026, 1, 1), date(2027, 1, 1)) == 0


def test_every_table_of_terms_is_a_field_and_the_other_way_round() -> None:
    assert {*TABLES, "fee"} == set(Terms.__struct_fields__)
    assert "terms" in RuleBook.__struct_fields__


@given(st.integers(0, 10_000), st.integers(0, 40), st.text("[]{}=\"'.#\n\\0159eE_-+:TZ abcnit", max_size=12))
@settings(max_examples=200, deadline=None)
def test_no_damage_to_a_text_makes_the_compiler_raise(at: int, cut: int, put: str) -> None:
    text = TEXT + default_book_text()
    at %= len(text)
    compile_book(text[:at] + put + text[at + cut :])
