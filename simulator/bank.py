"""The bank: what becomes of an entry, and when. A pure function of the seed and the entry, so it never depends on who asks when."""

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import NamedTuple

from ach.calendar import add_banking_days, is_banking_day, roll_forward
from ach.codes import Window, return_code
from simulator import hours, statements
from simulator.dice import dice
from simulator.hospitals import BY_ID, HOSPITALS, Hospital
from simulator.message import Entry, Message
from simulator.outcomes import Outcome, draw
from simulator.patients import temper_of

ODFI = "09100001"
CUTOFFS = ((10, 30), (14, 45), (16, 45))
"""when the ODFI sends files, New York (FedACH's same-day deadlines)"""
Script = Mapping[tuple[str, int], Outcome]
"""outcomes that are given: by transaction and attempt"""


class Span(NamedTuple):
    """The history: from its first instant to where real time begins. Beyond it the bank answers within minutes, for the demo's sake."""

    start_ms: int
    live_from_ms: int

    def progress(self, at_ms: int) -> float:
        """The point of the history, 0 its begin and 1 its end; more afterwards."""
        return (at_ms - self.start_ms) / max(self.live_from_ms - self.start_ms, 1)


class Timing(NamedTuple):
    """The instants of an entry's life at the bank."""

    submitted_ms: int
    settled_ms: int
    settlement: date


class Bank:
    """Answers entries. `script` fixes the outcome of some, for the scenarios."""

    def __init__(self, seed: int, span: Span, script: Script | None = None) -> None:
        self._seed = seed
        self._span = span
        self._script = script or {}

    def answers(self, entry: Entry) -> list[Message]:
        """All that the bank will say of an entry, by time: submitted, then settled, returned or failed, or settled and later returned."""
        rng = dice(self._seed, "bank", entry.transaction_id, entry.attempt)
        outcome = self.outcome(entry, rng)
        trace = f"{ODFI}{rng.randrange(10_000_000):07d}"
        live = entry.at_ms >= self._span.live_from_ms
        timing = _live_timing(rng, entry.at_ms) if live else _timing(rng, entry.at_ms)
        file_id = f"F-{hours.day_of(timing.submitted_ms):%Y%m%d}-{timing.submitted_ms // (10 * hours.MINUTE_MS) % 144:03d}"
        sent = statements.submitted(entry, timing.submitted_ms, trace, file_id, timing.settlement)
        if not entry.amount_cents:
            return [sent]
        if outcome.failed:
            return [sent, statements.failed(entry, timing.submitted_ms + 20 * hours.SECOND_MS)]
        settled = statements.settled(entry, timing.settled_ms, trace, timing.settlement)
        if not outcome.code:
            return [sent, settled]
        after, returned_ms = _return_instant(rng, outcome.code, timing, live)
        returned = statements.returned(entry, returned_ms, trace, roll_forward(hours.day_of(returned_ms)), outcome.code)
        return [sent, settled, returned] if after else [sent, returned]

    def outcome(self, entry: Entry, rng: Random) -> Outcome:
        """How the entry ends."""
        given = self._script.get((entry.transaction_id, entry.attempt))
        if given is not None:
            return given
        hospital = hospital_of(entry.hospital_id)
        temper = temper_of(self._seed, entry.account, hospital)
        return draw(rng, entry.side, entry.attempt, hospital, temper, self._span.progress(entry.at_ms))


def hospital_of(hospital_id: str) -> Hospital:
    """The hospital of this id; for one that the simulation does not know, a middling one."""
    return BY_ID.get(hospital_id, HOSPITALS[0])


def _timing(rng: Random, at_ms: int) -> Timing:
    """The next file, and settlement on the next banking morning at 8:30 (FedACH)."""
    day = hours.day_of(at_ms)
    jitter = rng.randrange(10 * hours.MINUTE_MS)
    windows = [hours.instant(day, hour, minute) for hour, minute in CUTOFFS] if is_banking_day(day) else []
    ahead = [window for window in windows if window > at_ms]
    if not ahead:
        day = add_banking_days(day, 1)
    submitted = ahead[0] if ahead else hours.instant(day, *CUTOFFS[0])
    settlement = add_banking_days(day, 1)
    return Timing(submitted + jitter, hours.instant(settlement, 8, 30, rng.randrange(30 * hours.MINUTE_MS)), settlement)


def _live_timing(rng: Random, at_ms: int) -> Timing:
    submitted = at_ms + 1000 + rng.randrange(3000)
    settled = submitted + 12_000 + rng.randrange(60_000)
    return Timing(submitted, settled, roll_forward(hours.day_of(settled)))


def _return_instant(rng: Random, code: str, timing: Timing, live: bool) -> tuple[bool, int]:
    """Whether the return comes after a settlement, and when. Source of the windows: Nacha's return time frames."""
    window = return_code(code).window
    if window is Window.SIXTY_DAYS:
        day = add_banking_days(timing.settlement, 2)
        late = hours.instant(day, 9) + int(rng.triangular(2, 55, 9)) * hours.DAY_MS
        return True, hours.instant(roll_forward(hours.day_of(late)), 9, 0, rng.randrange(8 * hours.HOUR_MS))
    if window is Window.OPERATOR:
        return False, timing.submitted_ms + (8_000 if live else 3 * hours.HOUR_MS)
    after = rng.random() < 0.7
    if live:
        return after, timing.settled_ms + 5_000 + rng.randrange(60_000)
    day = add_banking_days(timing.settlement, rng.choice((1, 1, 2))) if after else timing.settlement
    return after, hours.instant(day, 9 if after else 11, 0, rng.randrange(5 * hours.HOUR_MS))
