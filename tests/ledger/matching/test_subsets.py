"""Which of a few amounts make a sum, against trying every choice."""

from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.matching.subsets import CANDIDATES_MAX, exact_subsets


@given(st.lists(st.integers(1, 60), max_size=9), st.integers(1, 200))
@settings(max_examples=300)
def test_all_choices_are_found_fewest_first_then_oldest(amounts: list[int], target: int) -> None:
    places = range(len(amounts))
    every = chain.from_iterable(combinations(places, size) for size in range(2, len(amounts) + 1))
    expected = [chosen for chosen in every if sum(amounts[i] for i in chosen) == target]
    assert exact_subsets(amounts, target, answers_max=1000) == expected
    assert exact_subsets(amounts, target) == expected[:5]


def test_more_candidates_than_the_bound_are_not_searched() -> None:
    assert exact_subsets([1] * (CANDIDATES_MAX + 1), 2) == []
