"""How simulated time goes."""

import pytest

from simulator.hours import HOUR_MS
from simulator.pace import SLACK_MS, Pace, Unanswered, next_tick

NOW_MS = 1_000_000 * HOUR_MS

ADVANCES = """
what                               | factor | elapsed s | behind now h | tick in h | limit in h | advances by s
a thousandth of a second           |  36000 |     0.001 |          100 |      1    |            |   36
never beyond the next tick         |  36000 |     1     |          100 |      0.5  |            | 1800
never after now                    |  36000 |     1     |            0 |      1    |            |    0
never beyond an unanswered payment |  36000 |     1     |          100 |      1    |  0.25      |  900
never back for a payment long ago  |  36000 |     1     |          100 |      1    | -5         |    0
no pace: tick by tick              |      0 |     0     |          100 |      1    |            | 3600
"""


@pytest.mark.parametrize("line", ADVANCES.strip().splitlines()[1:])
def test_simulated_time_goes_at_its_pace_within_its_bounds(line: str) -> None:
    _, factor, elapsed, behind, tick, limit, seconds = (cell.strip() for cell in line.split("|"))
    at_ms = NOW_MS - int(behind) * HOUR_MS
    limit_ms = at_ms + int(float(limit) * HOUR_MS) if limit else None
    reached = Pace(float(factor)).advance(at_ms, float(elapsed), NOW_MS, at_ms + int(float(tick) * HOUR_MS), limit_ms)
    assert reached - at_ms == int(seconds) * 1000


def test_a_clock_that_is_ahead_waits() -> None:
    assert Pace(1.0).advance(NOW_MS + 5, 1.0, NOW_MS, NOW_MS + 1000, None) == NOW_MS + 5


@pytest.mark.parametrize(
    ("at_ms", "tick_ms"),
    [
        (NOW_MS - 10 * HOUR_MS, NOW_MS - 9 * HOUR_MS),
        (NOW_MS - 10 * HOUR_MS + 1, NOW_MS - 9 * HOUR_MS),
        (NOW_MS - HOUR_MS, NOW_MS),
        (NOW_MS, NOW_MS + 1000),
        (NOW_MS + 1_250, NOW_MS + 2_000),
    ],
)
def test_the_clock_ticks_by_the_hour_in_the_history_and_by_the_second_in_real_time(at_ms: int, tick_ms: int) -> None:
    assert next_tick(at_ms, NOW_MS + 1_500) == tick_ms


def test_the_oldest_unanswered_payment_bounds_the_time() -> None:
    unanswered = Unanswered()
    assert unanswered.limit_ms() is None
    unanswered.asked("a", 10)
    unanswered.asked("b", 20)
    assert unanswered.limit_ms() == 10 + SLACK_MS
    unanswered.answered("a")
    unanswered.answered("never asked")
    assert unanswered.limit_ms() == 20 + SLACK_MS
    assert unanswered.give_up() == 1
    assert unanswered.limit_ms() is None
