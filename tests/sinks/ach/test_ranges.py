import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.ach.ranges import Covered, OverlapError, ranges_of


@given(st.lists(st.integers(1, 3), max_size=40), st.lists(st.integers(0, 3), max_size=40), st.integers(1, 4))
def test_cuts_of_any_kind_cover_each_message_once_and_the_low_water_follows(gaps: list[int], kinds: list[int], cuts: int) -> None:
    """Messages stand at offsets with gaps (transaction markers); each cut takes one kind of those read so far."""
    offsets = [sum(gaps[: at + 1]) - 1 for at in range(len(gaps))]
    kind_of = dict(zip(offsets, [*kinds, *[0] * len(offsets)], strict=False))
    covered, waiting, taken = Covered(), list[int](), set[int]()
    for number in range(cuts + 4):
        size = len(offsets) // cuts + 1
        waiting += offsets[number * size : (number + 1) * size]
        chosen = [offset for offset in waiting if kind_of[offset] == number % 4]
        for found in ranges_of(chosen, waiting, 0, covered):
            inside = {offset for offset in offsets if found[1] <= offset <= found[2]}
            assert inside <= set(chosen)
            assert not inside & taken
            taken |= inside
            covered.add([found])
        waiting = [offset for offset in waiting if offset not in chosen]
        assert all(covered.holds(0, offset) for offset in taken)
        assert not any(covered.holds(0, offset) for offset in waiting)
        assert all(covered.low_water(0) <= offset for offset in waiting)


def test_one_bank_leaves_one_range_although_markers_take_offsets() -> None:
    covered = Covered()
    assert ranges_of([0, 1, 5, 9], [0, 1, 5, 9], 3, covered) == [(3, 0, 9)]
    covered.add([(3, 0, 9)])
    assert ranges_of([11, 14], [11, 14], 3, covered) == [(3, 10, 14)]
    covered.add([(3, 10, 14)])
    assert covered.low_water(3) == 15


@pytest.mark.parametrize("again", [(0, 5, 7), (0, 0, 3), (0, 4, 4), (0, 7, 20), (0, 9, 2)])
def test_an_offset_is_never_cut_twice(again: tuple[int, int, int]) -> None:
    covered = Covered()
    covered.add([(0, 2, 7)])
    with pytest.raises(OverlapError):
        covered.add([again])
