"""The night, in the hospital's time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sinks.notifications.hours import Quiet, ZoneError, Zones

NIGHTS = """
quiet         zone                 now (UTC)            quiet until (UTC)
21:00-08:00   America/New_York     2026-03-02T17:00     -
21:00-08:00   America/New_York     2026-03-03T01:59     -
21:00-08:00   America/New_York     2026-03-03T02:00     2026-03-03T13:00
21:00-08:00   America/New_York     2026-03-03T12:59     2026-03-03T13:00
21:00-08:00   America/New_York     2026-03-03T13:00     -
21:00-08:00   America/Los_Angeles  2026-03-03T13:00     2026-03-03T16:00
21:00-08:00   America/New_York     2026-03-08T03:00     2026-03-08T12:00
21:00-08:00   America/New_York     2026-11-01T03:00     2026-11-01T13:00
21:00-02:30   America/New_York     2026-03-08T06:00     2026-03-08T07:30
21:00-01:30   America/New_York     2026-11-01T05:29     2026-11-01T05:30
12:00-13:00   America/New_York     2026-03-02T17:30     2026-03-02T18:00
12:00-13:00   America/New_York     2026-03-02T18:00     -
08:00-08:00   America/New_York     2026-03-02T13:00     -
21:00-08:00   Asia/Kolkata         2026-03-02T16:00     2026-03-03T02:30
"""


@pytest.mark.parametrize("line", NIGHTS.strip().splitlines()[1:])
def test_nights(line: str) -> None:
    """8 March and 1 November 2026: the clocks change in New York."""
    quiet, zone, now, until = line.split()
    found = Quiet.of(quiet).end(datetime.fromisoformat(f"{now}+00:00"), ZoneInfo(zone))
    assert found == (None if until == "-" else datetime.fromisoformat(f"{until}+00:00"))


def test_days_are_the_hospitals() -> None:
    zones = Zones("America/New_York", {"h-west": "America/Los_Angeles"})
    at = datetime.fromisoformat("2026-03-03T06:00:00+00:00")
    assert (zones.day(at, "h-east").isoformat(), zones.day(at, "h-west").isoformat()) == ("2026-03-03", "2026-03-02")


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "/etc/localtime"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ZoneError):
        Zones("America/New_York", {"h": name})
