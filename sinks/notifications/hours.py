"""Hours of the night, when no SMS is sent, and days, by which messages are counted: in the time of the hospital."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class ZoneError(ValueError):
    """There is no such time zone."""


class Quiet(NamedTuple):
    """From `since` to `until` on the wall clock; over midnight when that comes first; the same time twice is never."""

    since: time
    until: time

    @classmethod
    def of(cls, text: str) -> "Quiet":
        """The hours in `21:00-08:00`."""
        since, until = text.split("-")
        return cls(time.fromisoformat(since), time.fromisoformat(until))

    def end(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet that reigns at this instant ends, in UTC; None when there is none.

        An end that a clock change skips is the same number of minutes after the change (PEP 495).
        """
        local = at.astimezone(zone)
        clock = local.time().replace(fold=0)
        if self.since <= self.until:
            is_quiet, day = self.since <= clock < self.until, local.date()
        else:
            is_quiet = clock >= self.since or clock < self.until
            day = local.date() + timedelta(days=clock >= self.since)
        return datetime.combine(day, self.until, zone).astimezone(UTC) if is_quiet else None


class Zones:
    """The time zone of each hospital."""

    def __init__(self, usual: str, by_hospital: dict[str, str]) -> None:
        """Raises ZoneError."""
        self._usual = _zone(usual)
        self._by_hospital = {hospital: _zone(name) for hospital, name in by_hospital.items()}

    def of(self, hospital_id: str) -> ZoneInfo:
        """Its zone, or the usual one."""
        return self._by_hospital.get(hospital_id, self._usual)

    def day(self, at: datetime, hospital_id: str) -> date:
        """The date there at this instant."""
        return at.astimezone(self.of(hospital_id)).date()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ZoneError(f"there is no time zone {name!r}") from None
