"""Money for an account that owes charges: nothing beyond what is open, nothing lost, whatever the order of the items."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.charges import Owing, Share
from ledger.matching.charged import match_charged
from ledger.matching.item import Expected, Incoming
from ledger.matching.terms import DEFAULT, Fee, Terms
from rules.compile import CompiledBook, compile_or_reason

ORDERS = ('order = ["fees", "interest", "principal"]', 'order = ["principal", "interest", "fees"]\nby = "component"')


def a_book(order: str) -> CompiledBook:
    made = compile_or_reason(f'[book]\nname = "b"\nversion = 1\n[allocation]\n{order}\n')
    assert isinstance(made, CompiledBook)
    return made


BOOKS = [a_book(order) for order in ORDERS]


@st.composite
def debts(draw: st.DrawFn) -> tuple[list[Expected], dict[str, str]]:
    """Balances with and without charges, and fees that belong to none."""
    items: list[Expected] = []
    parents: dict[str, str] = {}
    for number in range(draw(st.integers(0, 3))):
        name, due = f"B{number}", f"2026-0{draw(st.integers(3, 5))}-15"
        owed = draw(st.sampled_from([0, 5_000, 10_000]))
        if owed:
            items.append(Expected(name, f"INV-{number}", owed, due, number, "P1", "H1"))
        for kind in draw(st.lists(st.sampled_from(["fees", "interest"]), max_size=3)):
            charge = f"{name}/{len(items)}"
            items.append(Expected(charge, "", draw(st.integers(1, 2_000)), due, 9 + number, "P1", "H1", kind))
            parents[charge] = name
    for number in range(draw(st.integers(0, 2))):
        items.append(Expected(f"T{number}/fee", "", 150, "2026-04-01", 5, "P1", "H1", "fees"))
    return items, parents


MONEY = st.builds(
    lambda cents, balance, reference: Incoming("S", cents, reference, balance, "P1", "H1"),
    st.sampled_from([1, 150, 5_000, 5_150, 10_000, 25_000]) | st.integers(1, 40_000),
    st.sampled_from(["", "", "B0", "B1", "B9", "T0/fee"]),
    st.sampled_from(["", "", "INV-1"]),
)


TERMS = (DEFAULT, Terms(tolerance_cents=200, fees=(Fee("lockbox", 150), Fee("card", 30, 290))))


@given(debts(), MONEY, st.sampled_from(BOOKS), st.sampled_from(TERMS), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_allocations_are_within_what_is_open_and_the_order_of_items_is_nothing(
    owed: tuple[list[Expected], dict[str, str]], money: Incoming, book: CompiledBook, known: Terms, shuffler: object
) -> None:
    items, parents = owed
    outcome = match_charged(items, parents, money, book.allocate, known)
    paid: Counter[str] = Counter()
    for part in outcome.allocations:
        assert part.amount_cents > 0
        paid[part.balance_id] += part.amount_cents
    explained = Counter({part.balance_id: part.fee_cents for part in outcome.allocations})
    assert not +explained or known is not DEFAULT
    assert all(
        cents + explained[name] <= next(item.open_cents for item in items if item.balance_id == name) for name, cents in paid.items()
    )
    assert paid.total() + outcome.residual_cents == money.amount_cents
    assert outcome.residual_cents == max(0, money.amount_cents - sum(item.open_cents for item in items))
    shuffled = list(items)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    again = match_charged(shuffled, parents, money, book.allocate, known)
    assert sorted(again.allocations, key=repr) == sorted(outcome.allocations, key=repr)


@pytest.mark.parametrize(("cents", "explained"), [(104_99, 1), (99_99, 0)])
def test_what_went_to_a_charge_that_the_money_names_explains_nothing_of_its_bill(cents: int, explained: int) -> None:
    """A fee of 5.00 and its bill of 100.00, both named: a cent is within the tolerance, 5.01 are not."""
    bill = Expected("B1", "INV-1", 100_00, "2026-04-01", 1, "P1", "H1")
    fee = Expected("B1/late-fee", "", 5_00, "2026-04-01", 2, "P1", "H1", "fees")
    money = Incoming("S", cents, "INV-1", "B1/late-fee", "P1", "H1")
    outcome = match_charged([bill, fee], {"B1/late-fee": "B1"}, money, BOOKS[0].allocate, Terms(tolerance_cents=5))
    assert [(part.balance_id, part.amount_cents, part.fee_cents) for part in outcome.allocations] == [
        ("B1/late-fee", 5_00, 0),
        ("B1", cents - 5_00, explained),
    ]


def test_an_allocation_beyond_what_is_owed_is_a_fault_and_not_a_posting() -> None:
    def greedy(cents: int, owing: Sequence[Owing]) -> list[Share]:
        return [Share(owing[0].id, "fees", cents)]

    item = Expected("T0/fee", "", 150, "2026-04-01", 5, "P1", "H1", "fees")
    try:
        match_charged([item], {}, Incoming("S", 500), greedy)
    except AssertionError:
        return
    raise AssertionError("more was allocated than is open")
