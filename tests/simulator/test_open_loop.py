"""The open loop, on a clock of its own."""

import pytest

from simulator.open_loop import lateness, open_loop


class Clock:
    """Time that passes by sleeping and by working."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        """Some time passes."""
        self.now += seconds


def test_items_are_sent_at_their_scheduled_instants() -> None:
    clock, sent = Clock(), list[float]()
    result = open_loop(range(5), 10.0, lambda _: sent.append(clock.now), clock=clock, sleep=clock.pass_by)
    assert sent == pytest.approx([100.0, 100.1, 100.2, 100.3, 100.4], abs=1e-6)
    assert result.events == 5
    assert result.max_ms == pytest.approx(0.0, abs=1e-6)


def test_a_slow_moment_makes_later_items_late_and_none_is_left_out() -> None:
    clock, sent = Clock(), list[int]()

    def send(number: int) -> None:
        sent.append(number)
        clock.pass_by(1.0 if number == 0 else 0.0)

    result = open_loop(range(20), 10.0, send, clock=clock, sleep=clock.pass_by)
    assert sent == list(range(20))
    assert result.max_ms == pytest.approx(1000.0)
    assert result.p50_ms == pytest.approx(100.0, abs=101), "half of the items were caught up"
    assert result.seconds == pytest.approx(1.9)


def test_a_rate_that_is_not_positive_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        open_loop([1], 0.0, print)


def test_percentiles_of_nothing_are_zero() -> None:
    assert lateness([], 1.0) == (0, 1.0, 0.0, 0.0, 0.0, 0.0)
    assert lateness([number / 1000 for number in range(101)], 1.0) == (101, 1.0, 50.0, 95.0, 99.0, 100.0)
