"""When a failed delivery is tried again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.outbox.schedule import ATTEMPTS_MAX, RETRY_AFTER_MS_MAX, WAITS_MS, retry_after_ms, wait_ms

SCHEDULE = """
failed attempt   wait at least   at most
1                5 s             5.5 s
2                5 min           5.5 min
3                30 min          33 min
4                2 h             2.2 h
5                5 h             5.5 h
6                10 h            11 h
7                14 h            15.4 h
8                20 h            22 h
9                24 h            26.4 h
10               never           never
"""
UNITS = {"s": 1000, "min": 60_000, "h": 3_600_000}


def ms(words: str) -> float:
    number, unit = words.split()
    return float(number) * UNITS[unit]


@pytest.mark.parametrize("line", SCHEDULE.strip().splitlines()[1:])
def test_the_schedule_of_standard_webhooks(line: str) -> None:
    attempt, least, most = (part.strip() for part in line.split("  ") if part.strip())
    wait = wait_ms(int(attempt), "delivery-1")
    if least == "never":
        assert wait is None
    else:
        assert wait is not None
        assert ms(least) <= wait <= ms(most)


@given(st.integers(1, ATTEMPTS_MAX - 1), st.text(min_size=1))
def test_the_jitter_follows_from_the_message_and_stays_below_a_tenth(attempt: int, identity: str) -> None:
    wait = wait_ms(attempt, identity)
    assert wait == wait_ms(attempt, identity)
    assert wait is not None
    assert WAITS_MS[attempt - 1] <= wait < WAITS_MS[attempt - 1] * 1.1


def test_messages_that_failed_together_do_not_return_together() -> None:
    assert len({wait_ms(2, f"delivery-{number}") for number in range(100)}) > 90


NOW = datetime(2026, 3, 2, 14, 0, 0, tzinfo=UTC)
WISHES = """
Retry-After                     ms
120                             120000
0                               0
 7                              7000
Mon, 02 Mar 2026 14:01:00 GMT   60000
Mon, 02 Mar 2026 13:00:00 GMT   0
Mon, 02 Mar 2076 13:00:00 GMT   86400000
999999999999999999999           86400000
-5                              0
soon                            0
1e9                             0
٣                               0
Mon, 02 Mar 2026 14:01:00       0
"""


@pytest.mark.parametrize("line", WISHES.strip("\n").splitlines()[1:])
def test_a_receivers_wish_is_read(line: str) -> None:
    header, wanted = line.rsplit("  ", 1)
    assert retry_after_ms(header, NOW) == int(wanted)


def test_a_wish_counts_when_it_is_longer_and_no_more_than_a_day() -> None:
    assert wait_ms(1, "a", 60_000) == 60_000
    assert wait_ms(2, "a", 1000) == wait_ms(2, "a")
    assert wait_ms(1, "a", 10 * RETRY_AFTER_MS_MAX) == RETRY_AFTER_MS_MAX
