"""`[matching]`: which differences are explained, and what the lint says of terms that cannot be meant."""

import pytest

from ledger.matching.terms import PAID_IN
from tests.rules.examples import a_book, compiled, problems

TEXT = """\
[matching]
tolerance = "0.05"
tolerance_percent = "0.25"
fees = [{ name = "card", flat = "0.30", percent = 2.9 }, { name = "lockbox", flat = 1 }]
"""


def test_a_book_without_the_table_matches_to_the_cent() -> None:
    assert compiled().paid_in is PAID_IN


def test_tolerance_and_fees_reach_the_passes() -> None:
    terms = compiled(TEXT).paid_in
    assert (terms.version, terms.allocate, terms.named_in_part) == ("test@1", "exact", True)
    assert [terms.tolerance(cents) for cents in (1_000, 2_000, 10_000)] == [5, 5, 25]
    assert [(fee.name, fee.of(10_000)) for fee in terms.fees] == [("card", 320), ("lockbox", 100)]


WRONG = """
fees = [{ name = "a" }]                                         | fees: entry 1 a: a known fee keeps something: give it `flat` or `percent`
fees = [{ name = "a", flat = 1 }, { name = "a", percent = 2 }]  | two known fees have the same name
tolerence = 1                                                   | tolerence: `tolerence` is not known here; did you mean `tolerance`?
tolerance = "100.01"                                            | a tolerance is at most $100 and 5 percent
tolerance_percent = 5.01                                        | a tolerance is at most $100 and 5 percent
tolerance_percent = 0.125                                       | a percentage of matching has at most two decimals
"""


@pytest.mark.parametrize("row", WRONG.strip().splitlines())
def test_the_lint_says_what_cannot_be_meant(row: str) -> None:
    key, message = (cell.strip() for cell in row.split(" | "))
    ((line, said),) = problems(a_book("[matching]", key))
    separator = ", " if message.startswith(("fees", "tolerence")) else ": "
    assert (line, said) == (6 if separator == ", " else 5, f"matching{separator}{message}")
