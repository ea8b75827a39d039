"""What a book charges, as decisions ask it: days, periods, the vectors of lending, and when a book charges nothing at all."""

import pytest

from ledger.charges import Owing, Share
from rules.charges import BookCharges
from tests.rules.examples import compiled


def charges(text: str) -> BookCharges:
    found = compiled(text).charges
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[late_fee]\ngrace_days = 3\n",
        '[interest]\nposted = "daily"\n',
        '[schedule]\nmethod = "amortizing"\napr = 6\n',
        "[allocation]\n",
        "[fees]\nmaximum = 10\n",
    ],
)
def test_terms_without_an_amount_charge_nothing(text: str) -> None:
    assert compiled(text).charges is None


PERIODS = """
posted  | since      | after      | end
monthly | 2026-01-31 | 2026-01-31 | 2026-02-28
monthly | 2026-01-31 | 2026-02-28 | 2026-03-31
monthly | 2026-01-31 | 2026-03-31 | 2026-04-30
monthly | 2026-01-31 | 2026-03-15 | 2026-03-31
monthly | 2026-04-01 | 2026-12-31 | 2027-01-01
monthly | 2028-02-29 | 2029-02-27 | 2029-02-28
monthly | 2026-04-15 | 2026-04-01 | 2026-05-15
daily   | 2026-02-28 | 2026-02-28 | 2026-03-01
daily   | 2026-04-15 | 2026-04-01 | 2026-04-16
"""


@pytest.mark.parametrize("case", PERIODS.strip().splitlines()[1:])
def test_ends_of_periods(case: str) -> None:
    posted, since, after, end = (cell.strip() for cell in case.split("|"))
    book = charges(f'[interest]\napr = 12\nposted = "{posted}"\n')
    assert book.period_end(since, after) == end > after


INTEREST = """
terms                                                     | base      | start      | end        | cents
apr = 20                                                  | 3650.00   | 2026-04-01 | 2026-05-01 | 60.00
apr = "24.99"                                             | 1000.00   | 2026-02-01 | 2026-03-01 | 19.17
apr = 12 ; day_count = "30/360"                           | 1000.00   | 2026-01-31 | 2026-02-28 | 9.33
apr = 12 ; day_count = "30/360"                           | 1000.00   | 2026-03-15 | 2026-04-15 | 10.00
apr = 12 ; grace_days = 30                                | 1000.00   | 2026-04-01 | 2026-05-01 | 0.00
apr = 12 ; promotional_apr = 0 ; promotional_months = 1   | 1000.00   | 2026-04-01 | 2026-05-01 | 0.00
"""


@pytest.mark.parametrize("case", INTEREST.strip().splitlines()[1:])
def test_interest_of_a_period(case: str) -> None:
    terms, base, start, end, cents = (cell.strip() for cell in case.split("|"))
    book = charges("[interest]\n" + terms.replace(" ; ", "\n") + "\n")
    assert book.interest(int(base.replace(".", "")), start, start, end) == int(cents.replace(".", ""))


@pytest.mark.parametrize(
    ("principal_cents", "apr", "count", "first_cents"),
    [
        (20_000_000, "6", 360, 119_910 - 100_000),
        (1_000_000, "12", 12, 88_849 - 10_000),
        (2_500_000, "7.2", 60, 49_739 - 15_000),
        (35_000_000, "4.5", 180, 267_748 - 131_250),
        (500_000, "0", 12, 41_667),
    ],
)
def test_a_plan_is_spread_anew_by_the_level_payment_and_to_the_cent(principal_cents: int, apr: str, count: int, first_cents: int) -> None:
    """The first principal part is the level payment of issue B's vectors less a month's interest; the last one takes up the cents."""
    book = charges(f'[schedule]\napr = "{apr}"\nreamortize = "term"\n')
    dues = [f"{2026 + number // 12}-{number % 12 + 1:02}-01" for number in range(count)]
    parts = book.recast([(due, principal_cents // count + (number == 0) * (principal_cents % count), 0) for number, due in enumerate(dues)])
    assert parts is not None
    assert parts[0] == first_cents
    assert sum(parts) == principal_cents


def test_money_goes_by_the_order_of_the_book() -> None:
    owing = [Owing("B1", "2026-04-15", 1_500, 600, 10_000), Owing("B2", "2026-05-15", 1_500, 0, 10_000)]
    assert compiled("").allocate(13_000, owing) == (
        Share("B1", "fees", 1_500),
        Share("B1", "interest", 600),
        Share("B1", "principal", 10_000),
        Share("B2", "fees", 900),
    )
    by_component = compiled('[allocation]\norder = ["interest", "fees", "principal"]\nby = "component"\n')
    assert by_component.allocate(3_000, owing) == (Share("B1", "interest", 600), Share("B1", "fees", 1_500), Share("B2", "fees", 900))
