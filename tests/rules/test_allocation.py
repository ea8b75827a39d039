"""Allocation of a payment to fees, interest and principal."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.allocation import AllocationTerms, Due, Part, allocate

JANUARY = Due("J", date(2026, 1, 31), 500, 1_000, 10_000)
FEBRUARY = Due("F", date(2026, 2, 28), 0, 900, 900)

CASES = """
by | order | payment | parts | left
instalment | fees,interest,principal | 3.00 | J fees 3.00 | 0.00
instalment | fees,interest,principal | 20.00 | J fees 5.00, J interest 10.00, J principal 5.00 | 0.00
instalment | fees,interest,principal | 118.00 | J fees 5.00, J interest 10.00, J principal 100.00, F interest 3.00 | 0.00
component | fees,interest,principal | 20.00 | J fees 5.00, J interest 10.00, F interest 5.00 | 0.00
instalment | principal,interest,fees | 103.00 | J principal 100.00, J interest 3.00 | 0.00
component | interest,principal,fees | 20.00 | J interest 10.00, F interest 9.00, J principal 1.00 | 0.00
component | fees,interest,principal | 0.00 | - | 0.00
instalment | fees,interest,principal | 200.00 | J fees 5.00, J interest 10.00, J principal 100.00, F interest 9.00, F principal 9.00 | 67.00
"""


def _cents(text: str) -> int:
    return int(text.replace(".", ""))


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_allocations_of_the_table(case: str) -> None:
    by, order, payment, parts, left = (cell.strip() for cell in case.split("|"))
    names: Any = tuple(order.split(","))
    way: Any = by
    found = allocate(AllocationTerms(order=names, by=way), _cents(payment), [FEBRUARY, JANUARY])
    expected = [] if parts == "-" else [part.split() for part in parts.split(", ")]
    assert [(part.id, part.component, part.cents) for part in found.parts] == [(a, b, _cents(c)) for a, b, c in expected]
    assert found.left_cents == _cents(left)


_DUES = st.lists(
    st.builds(
        Due,
        st.uuids().map(str),
        st.integers(0, 90).map(lambda n: date(2026, 1, 1) + timedelta(days=n)),
        *[st.integers(0, 10_000)] * 3,
    ),
    max_size=8,
)


@given(st.integers(0, 200_000), _DUES, st.sampled_from(["instalment", "component"]))
def test_nothing_is_lost_and_nothing_is_paid_twice(payment_cents: int, dues: list[Due], by: Any) -> None:
    found = allocate(AllocationTerms(by=by), payment_cents, dues)
    owed = {(due.id, name): cents for due in dues for name, cents in zip(("fees", "interest", "principal"), due[2:], strict=True)}
    assert sum(part.cents for part in found.parts) + found.left_cents == payment_cents
    assert len({part[:2] for part in found.parts}) == len(found.parts)
    assert all(0 < part.cents <= owed[part.id, part.component] for part in found.parts)
    assert found.left_cents == 0 or found.left_cents == payment_cents - sum(owed.values())
    assert allocate(AllocationTerms(by=by), payment_cents, dues[::-1]) == found


def test_the_order_names_each_component_once() -> None:
    assert AllocationTerms(order=("fees", "fees", "principal")).problems()
    assert AllocationTerms(order=("fees", "principal")).problems()
    assert not AllocationTerms(order=("principal", "fees", "interest")).problems()
    assert allocate(AllocationTerms(), 3, [JANUARY]).parts == (Part("J", "fees", 3),)
