"""The restart policy, as a table: deaths at these seconds, the last just now, and what follows."""

import pytest

from cli.stack.restart import RestartPolicy

POLICY = RestartPolicy(deaths_max=5, window_seconds=60, wait_seconds_first=0.2, wait_seconds_max=1.0)


@pytest.mark.parametrize(
    ("deaths", "wait"),
    [
        ((100,), 0.2),
        ((99, 100), 0.4),
        ((98, 99, 100), 0.8),
        ((97, 98, 99, 100), 1.0),  # no longer than the longest
        ((96, 97, 98, 99, 100), None),  # five within the minute: given up
        ((40, 97, 98, 99, 100), 1.0),  # the first is a minute old and no longer counts
        ((1, 2, 3, 4, 100), 0.2),
    ],
)
def test_the_wait_doubles_with_each_recent_death_until_it_is_given_up(deaths: tuple[float, ...], wait: float | None) -> None:
    assert POLICY.wait(deaths, now=100.0) == wait
