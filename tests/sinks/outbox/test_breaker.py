"""A receiver that is down is spared."""

import pytest

from sinks.outbox.breaker import CLOSED, answered, failed, room

HISTORY = """
at s   what happens         may be sent then (of 16, none under way)
0      fails                16
0      fails                16
0      fails                16
1      fails                16
1      fails                0
5      -                    0
10     -                    0
11     -                    1
11     fails                0
30     -                    0
31     -                    1
31     answers              16
32     fails                16
32     asks for 60 s        0
91     answers              0
93     -                    16
"""


def test_a_history() -> None:
    state = CLOSED
    for line in HISTORY.strip().splitlines()[1:]:
        at, rest = line.split(None, 1)
        what, most = rest.rsplit(None, 1)
        now_ms = int(at) * 1000
        match what.split():
            case ["fails"]:
                state = failed(state, now_ms)
            case ["answers"]:
                state = answered(state)
            case ["asks", "for", seconds, "s"]:
                state = failed(state, now_ms, int(seconds) * 1000)
            case _:
                pass
        assert room(state, now_ms, 0, 16) == int(most), line


def test_only_one_tries_whether_it_is_back() -> None:
    state = CLOSED
    for _ in range(5):
        state = failed(state, 0)
    assert room(state, 10_000, 0, 16) == 1
    assert room(state, 10_000, 1, 16) == 0


@pytest.mark.parametrize("outages", [1, 5, 50])
def test_it_is_tried_every_five_minutes_at_the_latest(outages: int) -> None:
    state, now_ms = CLOSED, 0
    for _ in range(4 + outages):
        state = failed(state, now_ms)
        now_ms = max(now_ms, state.until_ms)
    state = failed(state, now_ms)
    assert 0 < state.until_ms - now_ms <= 300_000
