"""Fees: kinds, bounds, tiers, and how several combine."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.fees import Charge, Fee, FeePolicy, Line, Tier, charge, fee_on

STEPS = (
    Tier(up_to_cents=10_000, percent=Decimal(3)),
    Tier(up_to_cents=100_000, flat_cents=100, percent=Decimal(2)),
    Tier(percent=Decimal(1)),
)
FEES = {
    "flat": Fee(name="flat", kind="flat", flat_cents=250),
    "percent": Fee(name="percent", kind="percent", percent=Decimal("2.9"), flat_cents=30),
    "bounded": Fee(name="bounded", kind="percent", percent=Decimal(1), minimum_cents=100, maximum_cents=500),
    "tiered": Fee(name="tiered", kind="tiered", tiers=STEPS),
    "slices": Fee(name="slices", kind="tiered", tiers=STEPS, slices=True),
    "down": Fee(name="down", kind="percent", percent=Decimal("0.55"), rounding="down"),
    "even": Fee(name="even", kind="percent", percent=Decimal("0.5"), rounding="half_even"),
}

CASES = """
fee       amount     charged
flat      100.00     2.50
flat      0.00       0.00
percent   100.00     3.20
percent   0.01       0.30
percent   17.24      0.80
bounded   50.00      1.00
bounded   300.00     3.00
bounded   900.00     5.00
tiered    100.00     3.00
tiered    100.01     3.00
tiered    1000.00    21.00
tiered    1000.01    10.00
slices    100.00     3.00
slices    100.01     4.00
slices    1000.00    22.00
slices    2000.00    32.00
down      99.99      0.54
even      5.00       0.02
even      7.00       0.04
"""


def _cents(text: str) -> int:
    return int(text.replace(".", ""))


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_fees_of_the_table(case: str) -> None:
    fee, amount, charged = case.split()
    assert fee_on(FEES[fee], _cents(amount)) == _cents(charged)


def test_parallel_fees_stand_on_the_gross_and_cascading_ones_on_the_remainder() -> None:
    ten = [Fee(name=name, kind="percent", percent=Decimal(10)) for name in ("first", "second")]
    assert charge(ten, FeePolicy(), 10_000, "repayment", "H1") == Charge(
        (Line("first", 10_000, 1_000), Line("second", 10_000, 1_000)), 2_000, 8_000
    )
    cascading = charge(ten, FeePolicy(mode="cascading"), 10_000, "repayment", "H1")
    assert cascading == Charge((Line("first", 10_000, 1_000), Line("second", 9_000, 900)), 1_900, 8_100)


def test_the_common_cap_and_the_amount_bound_all_fees() -> None:
    fees = [FEES["flat"], FEES["percent"], FEES["flat"]]
    capped = charge(fees, FeePolicy(maximum_cents=500), 10_000, "repayment", "H1")
    assert [line.fee_cents for line in capped.lines] == [250, 250, 0]
    tiny = charge(fees, FeePolicy(), 300, "repayment", "H1")
    assert ([line.fee_cents for line in tiny.lines], tiny.net_cents) == ([250, 39, 11], 0)


def test_fees_apply_to_their_directions_and_hospitals() -> None:
    fees = [
        Fee(name="debit", kind="flat", flat_cents=1, directions=("repayment",)),
        Fee(name="there", kind="flat", flat_cents=2, hospitals=("H2",)),
    ]
    assert charge(fees, FeePolicy(), 100, "repayment", "H1").fee_cents == 1
    assert charge(fees, FeePolicy(), 100, "disbursement", "H2").fee_cents == 2
    assert charge(fees, FeePolicy(), 100, "disbursement", "H1").lines == ()


@given(st.lists(st.sampled_from(list(FEES.values())), max_size=5), st.sampled_from(["parallel", "cascading"]), st.integers(0, 10**9))
def test_gross_is_fees_and_net(fees: list[Fee], mode: Any, amount_cents: int) -> None:
    charged = charge(fees, FeePolicy(mode=mode), amount_cents, "repayment", "H1")
    assert charged.fee_cents + charged.net_cents == amount_cents
    assert charged.net_cents >= 0
    assert all(line.fee_cents >= 0 for line in charged.lines)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"kind": "tiered"}, "a tiered fee needs tiers"),
    ({"kind": "flat", "tiers": STEPS}, "a flat fee has no tiers"),
    ({"kind": "flat", "percent": Decimal(1)}, "a flat fee has no percent"),
    ({"kind": "flat", "minimum_cents": 2, "maximum_cents": 1}, "the maximum is below the minimum"),
    ({"kind": "tiered", "tiers": STEPS[:2]}, "every tier but the last needs `up_to`, the last must not have it"),
    ({"kind": "tiered", "tiers": (STEPS[1], STEPS[0], STEPS[2])}, "tiers must rise"),
]


@pytest.mark.parametrize(("fields", "problem"), WRONG)
def test_a_fee_that_does_not_fit_together_is_named(fields: dict[str, Any], problem: str) -> None:
    assert problem in Fee(name="x", **fields).problems()
    assert not any(fee.problems() for fee in FEES.values())
