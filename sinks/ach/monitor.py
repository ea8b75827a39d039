"""Nacha's three return rates of each hospital, originator and entry class, and an alert when one crosses a level.

Numbers come from the lineage: debits originated, and what of them has come back, by origination date over 60 days. The arithmetic and
the thresholds are `ach.rates`.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from ach.rates import WINDOW_DAYS, DayCounts, Level, Rate, add_debits, add_return, rates
from ach.zone import NEW_YORK
from journal.settings import Settings
from journal.topics import ALERTS, CLOCK
from ledger.governance import DEBITS_HELD
from sinks.ach import events
from sinks.ach.events import Message
from sinks.ach.ids import derived
from sinks.ach.kafka import Outlet
from sinks.ach.lineage import Lineage

MARK = "return_rate"
_ORDER = (Level.OK, Level.WARNING_60, Level.WARNING_80, Level.BREACH)
_SEVERITY = {Level.WARNING_60: "medium", Level.WARNING_80: "high", Level.BREACH: "critical"}


class Group(NamedTuple):
    """What a rate is kept for."""

    hospital_id: str
    company: str
    """company identification of the originator"""
    sec: str


class Standing(NamedTuple):
    """One rate of one group."""

    group: Group
    rate: Rate

    @property
    def key(self) -> str:
        """Name of this rate among all."""
        return "/".join((*self.group, self.rate.kind.value))


def standings(lineage: Lineage, today: date) -> list[Standing]:
    """Every rate as of this date, by hospital, originator, entry class and kind."""
    since = today - timedelta(days=WINDOW_DAYS - 1)
    days: dict[Group, dict[date, DayCounts]] = {}

    def counts(group: Group, day: date) -> DayCounts:
        return days.setdefault(group, {}).get(day, DayCounts(day))

    for hospital, company, sec, originated, number in lineage.originated(since):
        group, day = Group(hospital, company, sec), date.fromisoformat(originated)
        days.setdefault(group, {})[day] = add_debits(counts(group, day), number)
    for hospital, company, sec, originated, code, number in lineage.returned(since):
        group, day = Group(hospital, company, sec), date.fromisoformat(originated)
        for _ in range(number):
            days.setdefault(group, {})[day] = add_return(counts(group, day), code)
    return [Standing(group, rate) for group in sorted(days) for rate in rates(days[group].values(), today).values()]


class Monitor:
    """Looks at the rates and raises an alert once for each level that one crosses on its way up."""

    def __init__(self, lineage: Lineage, outlet: Outlet, settings: Settings) -> None:
        self._lineage = lineage
        self._outlet = outlet
        self._settings = settings

    def look(self, now: datetime) -> list[Standing]:
        """Raise what is to be raised; the rates that rose. The level is noted once Kafka has the alert, and its id follows from
        what it says, so a crash between the two says nothing new.
        """
        today = now.astimezone(NEW_YORK).date()
        known = self._lineage.levels()
        found = standings(self._lineage, today)
        risen = [one for one in found if _rose(one.rate.level, known.get(one.key, ""))]
        for one in risen:
            said = alert(one, today, now)
            self._outlet.send(ALERTS, said.key, said.value)
        if self._settings.ach_hold_on_breach:
            self._hold({one.group.hospital_id for one in risen if one.rate.level is Level.BREACH}, now)
        if risen:
            self._outlet.flush()
        for key, level in _levels(found):
            if known.get(key, Level.OK.value) != level:
                self._lineage.set_level(key, level)
        return risen

    def _hold(self, hospitals: Iterable[str], now: datetime) -> None:
        """New debits of these hospitals wait from here on, until a person sets the hospital live again. It goes to every partition."""
        for hospital in sorted(hospitals):
            said = held(hospital, now)
            for partition in range(self._settings.partitions):
                self._outlet.send(CLOCK, said.key, said.value, partition=partition)


def held(hospital_id: str, now: datetime) -> Message:
    """The event that holds a hospital's debits. The ledger refuses it where the hospital is not live, and so held back already."""
    data = {"hospital_id": hospital_id, "phase": DEBITS_HELD, "changed_by": MARK}
    said = events.event("rollout.changed.v1", derived("held", hospital_id, now.isoformat()), "", now, data)
    return Message(b"clock", said.value)


def alert(one: Standing, today: date, now: datetime) -> Message:
    """The event of a level that was crossed today."""
    rate, group = one.rate, one.group
    explanation = (
        f"{rate.kind.value.capitalize()} returns of {group.hospital_id}, originator {group.company}, {group.sec}: "
        f"{rate.returns} of {rate.debits} debits in {WINDOW_DAYS} days are {_percent(rate.basis_points)}; "
        f"Nacha's threshold is {_percent(rate.threshold_basis_points)}. {_until(rate)}"
    )
    data = {
        "alert": MARK,
        "severity": _SEVERITY[rate.level],
        "about": one.key,
        "explanation": explanation,
        "rule": f"{MARK}_{rate.kind.value}",
        "policy": "nacha",
        "hospital_id": group.hospital_id,
        "level": rate.level.value,
        "returns": rate.returns,
        "debits": rate.debits,
        "returns_until_breach": rate.returns_until_breach,
    }
    return events.event("alert.raised.v1", derived(MARK, one.key, rate.level.value, today), group.hospital_id, now, data)


def _rose(level: Level, before: str) -> bool:
    return _ORDER.index(level) > (_ORDER.index(Level(before)) if before else 0)


def _levels(found: Iterable[Standing]) -> Iterable[tuple[str, str]]:
    return ((one.key, one.rate.level.value) for one in found)


def _percent(basis_points: int) -> str:
    return f"{basis_points // 100}.{basis_points % 100:02d} %"


def _until(rate: Rate) -> str:
    if rate.level is Level.BREACH:
        return "It is exceeded."
    word = "return exceeds" if rate.returns_until_breach == 1 else "returns exceed"
    return f"{rate.returns_until_breach} more {word} it."
