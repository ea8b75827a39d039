"""Sources of a partition are merged by the broker's time, nothing is lost, and nothing waits for ever."""

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.interleave import PATIENCE, Interleaver

FETCHES = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 2), st.lists(st.integers(0, 50), max_size=5), st.booleans(), st.booleans()), max_size=40
)


@given(FETCHES)
def test_everything_is_handed_on_once_and_in_the_order_of_its_source(fetches: list[tuple[int, int, list[int], bool, bool]]) -> None:
    between: Interleaver[int] = Interleaver(3)
    between.begin([0, 1])
    came: dict[tuple[int, int], list[int]] = {}
    went: dict[tuple[int, int], list[int]] = {}

    def hand_on() -> None:
        for number, messages in between.take().items():
            for origin, message in messages:
                went.setdefault((number, origin), []).append(message)

    for count, (number, source, times, ended, slow) in enumerate(fetches):
        messages = [(at_ms, count * 100 + nth) for nth, at_ms in enumerate(times)]
        came.setdefault((number, source), []).extend(message for _, message in messages)
        between.add(number, source, messages, ended=ended)
        between.fetched(anything=not slow)
        hand_on()
    for _ in range(PATIENCE):
        between.fetched(anything=True)
    hand_on()
    assert went == {place: messages for place, messages in came.items() if messages}
    assert not any(between.held().values())


def test_a_backlog_of_settlements_waits_for_the_payments_before_them() -> None:
    between: Interleaver[str] = Interleaver(3)
    between.begin([0])
    between.add(0, 2, [], ended=True)
    between.add(0, 1, [(20, "settled A"), (40, "settled B")], ended=False)
    assert between.take() == {}
    between.add(0, 0, [(10, "A"), (30, "B")], ended=False)
    assert between.take() == {0: [(0, "A"), (1, "settled A"), (0, "B")]}
    assert between.held() == {(0, 0): 0, (0, 1): 1, (0, 2): 0}
    between.add(0, 0, [], ended=True)
    assert between.take() == {0: [(1, "settled B")]}


def test_at_the_same_instant_the_first_source_comes_first() -> None:
    between: Interleaver[str] = Interleaver(2)
    between.begin([0])
    between.add(0, 1, [(10, "settled A")], ended=True)
    between.add(0, 0, [(10, "A")], ended=True)
    assert between.take() == {0: [(0, "A"), (1, "settled A")]}


def test_a_source_that_shows_nothing_is_waited_for_no_longer_than_the_patience() -> None:
    between: Interleaver[str] = Interleaver(2)
    between.begin([0])
    between.add(0, 0, [(10, "A")], ended=True)
    for _ in range(PATIENCE - 1):
        between.fetched(anything=True)
    assert between.take() == {}
    between.fetched(anything=True)
    assert between.take() == {0: [(0, "A")]}


def test_a_fetch_that_brings_nothing_has_waited_already() -> None:
    between: Interleaver[str] = Interleaver(2)
    between.begin([0])
    between.add(0, 0, [(10, "A")], ended=True)
    between.fetched(anything=False)
    assert between.take() == {}
    between.fetched(anything=False)
    assert between.take() == {0: [(0, "A")]}


def test_a_new_assignment_forgets_what_was_held() -> None:
    between: Interleaver[str] = Interleaver(2)
    between.begin([0])
    between.add(0, 0, [(10, "A")], ended=False)
    between.begin([1])
    for _ in range(PATIENCE):
        between.fetched(anything=False)
    assert between.take() == {}
