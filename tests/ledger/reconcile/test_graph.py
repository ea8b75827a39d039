"""Pairing rows of one amount."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from ledger.reconcile.graph import Edges, connected, only_assignment

GRAPHS = st.dictionaries(st.integers(0, 4), st.sets(st.integers(10, 14), min_size=1), min_size=1, max_size=5)


@given(GRAPHS)
def test_the_only_assignment_against_trying_all(edges: Edges) -> None:
    rows, others = sorted(edges), sorted(set().union(*edges.values()))
    every = [
        list(zip(rows, chosen, strict=True))
        for chosen in permutations(others, len(rows))
        if len(rows) == len(others) and all(other in edges[row] for row, other in zip(rows, chosen, strict=True))
    ]
    assert only_assignment(edges) == (every[0] if len(every) == 1 else [])


@given(GRAPHS)
def test_connected_parts_share_nothing_and_are_all_there(edges: Edges) -> None:
    parts = connected(edges)
    assert sorted(row for part in parts for row in part) == sorted(edges)
    reached = [set().union(*part.values()) for part in parts]
    assert sum(map(len, reached)) == len(set().union(*reached))
