"""Exact sums: which few of the candidates add up to an amount. Bounded, because the question is exponential."""

from collections.abc import Sequence
from itertools import combinations

CANDIDATES_MAX = 12
"""more candidates than this are not searched: 2^12 sums, and with more of them chance hits outweigh true ones"""
ANSWERS_MAX = 5
"""enough to show that an answer is not unique"""


def exact_subsets(amounts: Sequence[int], target: int, answers_max: int = ANSWERS_MAX) -> list[tuple[int, ...]]:
    """Index tuples of two or more amounts that sum to the target: fewest first, then in the order given (oldest first).

    Nothing for more than `CANDIDATES_MAX` amounts. Amounts must be positive.
    """
    if len(amounts) > CANDIDATES_MAX or sum(amounts) < target:
        return []
    answers: list[tuple[int, ...]] = []
    smallest_first = sorted(amounts)
    for size in range(2, len(amounts) + 1):
        if sum(smallest_first[:size]) > target:
            break
        for chosen in combinations(range(len(amounts)), size):
            if sum(amounts[i] for i in chosen) == target:
                answers.append(chosen)
                if len(answers) == answers_max:
                    return answers
    return answers
