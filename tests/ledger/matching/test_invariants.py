"""What must hold for every history of items and money, checked on random ones against a second, naive account of the same facts."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ach.rail import AchRail
from ledger.matching.balances import apply, unmatch
from ledger.matching.batch import Batch, match_batch
from ledger.matching.deadline import ach_terms
from ledger.matching.item import Expected, Incoming
from ledger.matching.match import match
from ledger.matching.outcome import State
from ledger.matching.terms import DEFAULT, DEPOSIT, Fee, Terms

FEW_CENTS = st.sampled_from([1, 100, 250, 300, 400, 500, 700, 1000])
REFERENCES = st.sampled_from(["", "-", "0000", "INV-0001", "inv 1", "INV-0002", "INV-20260001", "INV-20260010", "B1", "B2"])
DAYS = st.sampled_from(["2026-01-05", "2026-01-06", "2026-01-09", "2026-02-13"])
PEOPLE = st.sampled_from(["", "P1", "P2"])
HOSPITALS = st.sampled_from(["", "H1", "H1", "H2"])
TERMS = st.sampled_from(
    [
        DEFAULT,
        DEPOSIT,
        ach_terms(DEPOSIT, AchRail().add_banking_days),
        replace(DEPOSIT, tolerance_cents=5, fees=(Fee("card", flat_cents=50),)),
        replace(DEFAULT, kinds=("interest", "fee")),
    ]
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Expected], list[Incoming]]:
    items = [
        Expected(
            f"B{n}", draw(REFERENCES), draw(FEW_CENTS), draw(DAYS), n % 3, draw(PEOPLE), draw(HOSPITALS), draw(st.sampled_from(["", "fee"]))
        )
        for n in range(draw(st.integers(0, 7)))
    ]
    incomings = [
        Incoming(
            f"T{n}",
            draw(FEW_CENTS),
            draw(REFERENCES),
            draw(st.sampled_from(["", "", "B1", "B2", "B99"])),
            draw(PEOPLE),
            draw(HOSPITALS),
            draw(st.sampled_from(["", "", "", "TRACE1"])),
            n % 2,
            draw(DAYS),
        )
        for n in range(draw(st.integers(0, 7)))
    ]
    return items, incomings


History = tuple[list[Expected], list[Incoming]]


@given(histories(), TERMS)
@settings(max_examples=300, deadline=None)
def test_no_more_is_allocated_than_came_in_or_was_owed(history: History, terms: Terms) -> None:
    items, incomings = history
    allocated: Counter[str] = Counter()
    for money, outcome in match_batch(items, incomings, terms).outcomes:
        parts = [a.amount_cents for a in outcome.allocations]
        assert all(part > 0 for part in parts)
        assert sum(parts) + outcome.residual_cents == money.amount_cents
        allocated.update({a.balance_id: a.amount_cents for a in outcome.allocations})
    for item in items:
        assert allocated[item.balance_id] <= item.open_cents


@given(histories(), TERMS)
@settings(max_examples=300, deadline=None)
def test_every_cent_received_is_matched_or_left_over_and_every_cent_owed_is_paid_or_open(history: History, terms: Terms) -> None:
    items, incomings = history
    batch = match_batch(items, incomings, terms)
    matched = sum(a.amount_cents for _, outcome in batch.outcomes for a in outcome.allocations)
    left = sum(outcome.residual_cents for _, outcome in batch.outcomes)
    assert len(batch.outcomes) == len(incomings)
    assert matched + left == sum(money.amount_cents for money in incomings)
    assert matched + sum(item.open_cents for item in batch.items) == sum(item.open_cents for item in items)


@given(histories(), TERMS)
@settings(max_examples=300, deadline=None)
def test_the_order_of_arrival_inside_a_window_does_not_matter(history: History, terms: Terms) -> None:
    items, incomings = history
    answer = match_batch(items, incomings, terms)
    assert match_batch(items[::-1], incomings[::-1], terms) == answer
    assert match_batch(sorted(items, key=lambda i: i.open_cents), sorted(incomings, key=lambda m: m.reference), terms) == answer


@given(histories(), TERMS)
@settings(max_examples=300, deadline=None)
def test_a_replay_gives_the_same_and_a_repeat_gives_nothing(history: History, terms: Terms) -> None:
    items, incomings = history
    once = match_batch(items, incomings, terms)
    assert match_batch(items, incomings, terms) == once
    repeated = match_batch(items, incomings * 2, terms)
    assert repeated.items == once.items
    assert _states(repeated)[State.DUPLICATE] >= len(incomings)


@given(histories(), TERMS)
@settings(max_examples=300, deadline=None)
def test_unmatching_is_the_exact_inverse_of_matching(history: History, terms: Terms) -> None:
    items, incomings = history
    for money in incomings:
        allocations = match(items, money, terms).allocations
        paid = apply(items, allocations)
        assert unmatch(paid, allocations) == tuple(items)
        assert sum(i.open_cents for i in items) - sum(i.open_cents for i in paid) == sum(a.amount_cents for a in allocations)


@given(histories())
@settings(max_examples=300, deadline=None)
def test_where_nothing_is_spread_an_item_belongs_to_one_group_alone(history: History) -> None:
    items, incomings = history
    owners: dict[str, set[str]] = {}
    for money, outcome in match_batch(items, incomings, DEPOSIT).outcomes:
        for allocation in outcome.allocations:
            owners.setdefault(allocation.balance_id, set()).add(allocation.rule)
            if allocation.rule != "exact_sum":
                assert allocation.amount_cents == _by_id(items)[allocation.balance_id].open_cents, money
    assert all(len(rules) == 1 for rules in owners.values())


@given(histories())
@settings(max_examples=300, deadline=None)
def test_nothing_is_confirmed_on_a_blank_reference_unless_the_amount_alone_decides(history: History) -> None:
    items, incomings = history
    for money in incomings:
        outcome = match(items, replace(money, reference="", balance_id=""), DEPOSIT)
        assert all(a.rule in ("unique_amount", "exact_sum") for a in outcome.allocations)


@given(histories())
@settings(max_examples=300, deadline=None)
def test_repayments_agree_with_a_naive_account(history: History) -> None:
    items, incomings = history
    for money in incomings:
        outcome = match(items, money)
        got = {a.balance_id: a.amount_cents for a in outcome.allocations}
        assert (got, outcome.residual_cents) == _naive(items, money)


def _naive(items: list[Expected], money: Incoming) -> tuple[dict[str, int], int]:
    """The repayment rules in the plainest words, one cent at a time."""
    payable = [i for i in items if "" in (i.hospital_id, money.hospital_id) or i.hospital_id == money.hospital_id]
    named = [i for i in payable if _names(money, i)]
    exact_named = [i for i in named if i.open_cents == money.amount_cents]
    same_patient = [
        i
        for i in payable
        if i.open_cents == money.amount_cents and ("" in (i.patient_id, money.patient_id) or i.patient_id == money.patient_id)
    ]
    if len(exact_named) == 1:
        queue = exact_named
    elif not named and len(same_patient) == 1:
        queue = same_patient
    else:
        queue = sorted(payable, key=lambda i: (i not in named, i.due_date, i.opened_at_ms, i.balance_id))
    owed = {i.balance_id: i.open_cents for i in queue}
    paid: dict[str, int] = {}
    left = money.amount_cents
    for balance_id, open_cents in owed.items():
        while left and paid.get(balance_id, 0) < open_cents:
            paid[balance_id] = paid.get(balance_id, 0) + 1
            left -= 1
    return paid, left


def _names(money: Incoming, item: Expected) -> bool:
    def plain(text: str) -> str:
        return "".join(c for c in text.upper() if c.isalnum()).replace("V000", "V").strip("0")

    named = {money.balance_id, money.reference} - {""}
    return item.balance_id in named or (plain(item.reference) != "" and plain(item.reference) == plain(money.reference))


def _states(batch: Batch) -> Counter[State]:
    return Counter(outcome.state for _, outcome in batch.outcomes)


def _by_id(items: list[Expected]) -> dict[str, Expected]:
    return {item.balance_id: item for item in items}
