"""The rail: reads what is due, cuts at the cut-offs, delivers, and reads what the bank sends. One process at a time does it.

Whoever the group gives the rail's topic to folds it from its begin, finishes what an earlier rail left, and goes on. The others
stand by.
"""

import logging
import threading
import time
from datetime import datetime
from typing import NamedTuple

import msgspec
from confluent_kafka import KafkaException

from ach.windows import CutOff, CutOffs, cut_offs
from ach.zone import NEW_YORK
from journal.keys.sealer import Sealer
from journal.letter_box import Seal
from journal.settings import Settings
from journal.topics import FILES
from sinks.ach import cutter, filecut
from sinks.ach.clock import Clock, utc_now
from sinks.ach.config import ANY_HOSPITAL, Config
from sinks.ach.corrections import sealing
from sinks.ach.cutter import Tools
from sinks.ach.delivery import Courier, DeliveryError
from sinks.ach.drafting import Asked, DayFullError, Draft, draft, heartbeat
from sinks.ach.filecut import AnswerData, CutAnswered
from sinks.ach.folders import Folders
from sinks.ach.ids import derived
from sinks.ach.inbox import Inbox, Seals
from sinks.ach.instrument import unsealed
from sinks.ach.kafka import Feed, FilesLog, Outlet
from sinks.ach.lineage import Lineage
from sinks.ach.monitor import Monitor
from sinks.ach.pulling import Puller
from sinks.ach.state import RailState
from sinks.ach.waiting import Waiting

_SWEEP_SECONDS = 0.5
_MONITOR_SECONDS = 60.0
_PULL_SECONDS = 30.0
_RETRY_SECONDS = 15.0
_STANDS_SECONDS = 30.0
REQUEST = "request"
_log = logging.getLogger(__name__)


class ZombieError(Exception):
    """Another rail has cut meanwhile: this one must not go on with what it knows."""


class Keys(NamedTuple):
    """What the rail opens and seals with."""

    sealer: Sealer
    seal_letter: Seal


class _List(NamedTuple):
    """Hospitals whose lists close together at one bank."""

    bank: str
    section: str
    rules: CutOffs


class AchSink:
    """The rail, in the thread that calls `run`."""

    def __init__(self, settings: Settings, config: Config, keys: Keys, clock: Clock = utc_now) -> None:
        self._settings = settings
        self._config = config
        self._clock = clock
        self._keys = keys
        self._folders = Folders(settings.data_dir)
        self._folders.prepare()
        self._outlet = Outlet(settings)
        self._lineage = Lineage(self._folders.lineage)
        self._tools = Tools(settings, self._outlet, self._lineage, Courier(config, self._folders), clock, unsealed(keys.sealer))
        self._inbox = Inbox(settings, self._folders, self._lineage, self._outlet, clock, Seals(keys.seal_letter, sealing(keys.sealer)))
        self._log = FilesLog(settings)
        self._term = -1
        self._state = RailState()
        self._waiting = Waiting()
        self._feed: Feed | None = None
        self._lists = [_List(found.bank, name, config.cut_offs(name)) for name, found in config.hospitals.items()]
        self._looked_at: dict[str, datetime] = {}
        self._retry_s = 0.0
        self._swept_s = 0.0
        self._monitor = Monitor(self._lineage, self._outlet, settings)
        self._monitored_s = 0.0
        self._puller = Puller(config, self._folders, self._lineage)
        self._pulled_s = 0.0

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop. Raises ZombieError, and KafkaException for what waiting would not mend."""
        try:
            while not stop.is_set():
                self._step()
        finally:
            self._let_go()
            self._log.close()
            self._lineage.close()

    def _step(self) -> None:
        values = self._log.read(0.05 if self._log.owned else 0.5)
        if self._term != self._log.term:
            self._let_go()
            self._term = self._log.term
            self._state, self._waiting = RailState(), Waiting()
            return
        if not self._log.owned:
            return
        for value in values:
            self._fold(value)
        if self._feed is None:
            if self._log.next_offset >= self._log.end():
                self._take_over()
            return
        self._feed.read(0.05, self._waiting, self._state.covered.holds)
        self._deliver_unsent()
        self._cut_what_is_due(self._feed)
        if time.monotonic() - self._pulled_s > _PULL_SECONDS:
            self._puller.pull()
            self._pulled_s = time.monotonic()
        if time.monotonic() - self._swept_s > _SWEEP_SECONDS:
            if self._inbox.sweep() or time.monotonic() - self._monitored_s > _MONITOR_SECONDS:
                self._monitor.look(self._clock())
                self._monitored_s = time.monotonic()
            self._swept_s = time.monotonic()

    def _take_over(self) -> None:
        """Go on where the rail's topic ends."""
        _log.info("the rail goes on after cut %d, %d of them not known to be sent", self._state.number, len(self._state.unsent))
        self._retry_s = 0.0
        self._deliver_unsent()
        now = self._clock()
        self._looked_at = {found.section: self._state.last_cut_at.get(found.bank, now) for found in self._lists}
        self._feed = Feed(self._settings, self._state.covered.low_water, self._state.heard)

    def _fold(self, value: bytes) -> bool:
        """Take in one message of the rail's topic; whether it counts."""
        try:
            event = filecut.decode(value)
        except msgspec.MsgspecError as error:
            _log.error("a message on the rail's topic is no event of it and is passed over: %s", error)
            return False
        return self._state.apply(event, value)

    def _deliver_unsent(self) -> None:
        """Finish the cuts that are not known to be sent. A bank that does not answer is tried again later; the rest goes on."""
        if not self._state.unsent or time.monotonic() < self._retry_s:
            return
        for cut in list(self._state.unsent.values()):
            try:
                cutter.finish(self._tools, cut)
            except (DeliveryError, FileExistsError) as error:
                _log.error("cut %d waits: %s", cut.number, error)
                self._retry_s = time.monotonic() + _RETRY_SECONDS
            else:
                self._state.unsent.pop(cut.number, None)

    def _cut_what_is_due(self, feed: Feed) -> None:
        now = self._clock()
        wish = self._state.wish(now)
        for found in self._lists:
            passed = self._due(found, now)
            if passed is None and not wish:
                continue
            name, at = (REQUEST, now) if wish or passed is None else (passed.window, self._dates_from(found, passed, now))
            self._catch_up_log()  # a notice of change that was read must count
            heard = feed.catch_up(self._waiting, self._state.covered.holds)
            self._keys.sealer.store.catch_up()  # an entry is due later than its key is made
            asked = Asked(found.bank, self._hospitals(found.section), found.rules, name, at, now)
            try:
                while drafted := draft(
                    self._config, self._state, self._waiting, asked, heard, sandbox=self._settings.ach_sandbox, unseal=self._tools.unseal
                ):
                    self._carry_out(drafted)
                if passed is not None and self._lacks_file(found, passed):
                    beat = asked._replace(cut_off=passed.window)
                    self._carry_out(heartbeat(self._config, self._state, beat, heard, sandbox=self._settings.ach_sandbox))
            except DayFullError as error:
                _log.error("%s", error)
            self._looked_at[found.section] = now
            self._waiting.forget_canceled(heard)
        if wish:
            answered = CutAnswered(id=derived("answered", wish), time=now, data=AnswerData(wish))
            self._outlet.send(FILES, None, filecut.encode(answered))
            self._outlet.flush()

    def _lacks_file(self, found: _List, passed: CutOff) -> bool:
        """Whether the bank is to have a heartbeat: it wants them, no list of its closes later, and this cut-off gave it no file."""
        last = min(other.rules.hospital_lead_minutes for other in self._lists if other.bank == found.bank)
        wanted = self._config.banks[found.bank].heartbeat and found.rules.hospital_lead_minutes == last
        return wanted and not self._state.has_file_since(found.bank, passed.closes)

    def _dates_from(self, found: _List, passed: CutOff, now: datetime) -> datetime:
        """The instant that dates count from: one that was missed, while nothing ran, is made up for at once, with the dates of now."""
        in_time = (now - passed.closes).total_seconds() <= 60 * self._config.hospitals[found.section].lead_minutes
        return passed.closes if in_time else now

    def _due(self, found: _List, now: datetime) -> CutOff | None:
        """The last cut-off of this list that passed since it was last looked at."""
        since = self._looked_at[found.section]
        passed = [
            cut_off
            for day in {since.astimezone(NEW_YORK).date(), now.astimezone(NEW_YORK).date()}
            for cut_off in cut_offs(found.rules, day)
            if since < cut_off.closes <= now
        ]
        return max(passed, key=lambda cut_off: cut_off.closes, default=None)

    def _hospitals(self, section: str) -> set[str]:
        """Waiting hospitals that this section speaks for; those that none speaks for go with the first, and are refused there."""
        named = self._config.hospitals
        waiting = self._waiting.hospitals()
        if section in named and section != ANY_HOSPITAL:
            orphans = {name for name in waiting if self._config.hospital(name) is None} if section == self._lists[0].section else set()
            return {section} | orphans
        return {name for name in waiting if name not in named}

    def _carry_out(self, drafted: Draft) -> None:
        """Write the cut's event, and go on only when the topic has it as the next of the chain."""
        value = cutter.write(self._tools, drafted)
        self._see(value)
        cut = drafted.event.data
        self._waiting.take(drafted.dues)
        try:
            cutter.finish(self._tools, cut, drafted.made, drafted.dues)
        except (DeliveryError, FileExistsError) as error:
            _log.error("cut %d waits: %s", cut.number, error)
            self._retry_s = time.monotonic() + _RETRY_SECONDS
        else:
            self._state.unsent.pop(cut.number, None)

    def _catch_up_log(self) -> None:
        end, deadline_s = self._log.end(), time.monotonic() + _STANDS_SECONDS
        while self._log.next_offset < end and self._term == self._log.term and time.monotonic() < deadline_s:
            for read in self._log.read(0.1):
                self._fold(read)

    def _see(self, value: bytes) -> None:
        """Read the topic until our cut comes back. ZombieError when another was first, or the topic is no longer ours."""
        deadline_s = time.monotonic() + _STANDS_SECONDS
        while time.monotonic() < deadline_s:
            for read in self._log.read(0.1):
                counts = self._fold(read)
                if read == value:
                    if not counts:
                        raise ZombieError("another rail has cut first; nothing of this cut was delivered")
                    return
            if self._term != self._log.term:
                raise ZombieError("the rail was given to another process while it cut; that one delivers")
        raise KafkaException("the cut was written but cannot be read back")

    def _let_go(self) -> None:
        if self._feed is not None:
            self._feed.close()
            self._feed = None
