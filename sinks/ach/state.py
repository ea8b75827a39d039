"""What the rail knows: the fold of `ach.files.v1`. The position lives with the state, so a restart goes on exactly here."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from ach.notices import Correction
from ach.routing import SEQUENCE_MAX
from ach.zone import NEW_YORK
from sinks.ach.filecut import (
    GENESIS,
    REQUEST_SECONDS_MAX,
    AccountCorrected,
    CorrectedData,
    CutData,
    CutRequested,
    FileCut,
    FileEvent,
    FileSent,
    hash_of,
)
from sinks.ach.ranges import Covered


class Counters(Struct, frozen=True):
    """Where the next cut of a bank goes on."""

    day: date = date.min
    file_of_day: int = 0
    sequence: int = 1


class RailState:
    """Folded from the topic's messages in order; nothing else changes it."""

    def __init__(self) -> None:
        self.covered = Covered()
        self.number = 0
        """of the last cut"""
        self.head = GENESIS
        self.unsent: dict[int, CutData] = {}
        """cuts whose files are not known to be sent, by number"""
        self.cuts_sent = 0
        self.heard: dict[int, int] = {}
        self.requested: CutRequested | None = None
        """the latest wish for a cut that is not answered"""
        self.corrections: dict[str, Correction] = {}
        """by credit reference"""
        self.sealed_corrections: dict[str, dict[str, str]] = {}
        """by account key, the latest of each change code, the latest last"""
        self.last_cut_at: dict[str, datetime] = {}
        self._last_file_at: dict[str, datetime] = {}
        self.skipped = 0
        """cuts that did not continue the chain"""
        self._counters: dict[str, Counters] = {}

    def apply(self, event: FileEvent, value: bytes) -> bool:
        """Take in an event; False for a cut that does not continue the chain."""
        if isinstance(event, FileCut):
            return self._cut(event.data, value)
        if isinstance(event, FileSent):
            if self.unsent.pop(event.data.number, None) is not None:
                self.cuts_sent += 1
        elif isinstance(event, CutRequested):
            self.requested = event
        elif isinstance(event, AccountCorrected):
            self._correct(event.data)
        elif self.requested is not None and event.data.request == self.requested.id:
            self.requested = None
        return True

    def wish(self, now: datetime) -> str:
        """The id of a wish for a cut that is to be granted now, or nothing; a wish is heard once."""
        asked, self.requested = self.requested, None
        return asked.id if asked is not None and now - asked.time <= timedelta(seconds=REQUEST_SECONDS_MAX) else ""

    def counters(self, bank: str, now: datetime, entries_max: int) -> Counters:
        """Where a cut of so many entries goes on. Trace sequences run on over days, so that a trace number names one entry for as
        long as possible; they begin again when they are used up.
        """
        known = self._counters.get(bank, Counters())
        day = now.astimezone(NEW_YORK).date()
        room = known.sequence + 2 * entries_max <= SEQUENCE_MAX  # twice: balanced batches have entries of their own
        return Counters(day, known.file_of_day if known.day == day else 0, known.sequence if room else 1)

    def has_file_since(self, bank: str, closed: datetime) -> bool:
        """Whether a cut gave this bank a file at or after that instant."""
        last = self._last_file_at.get(bank)
        return last is not None and last >= closed

    def _correct(self, data: CorrectedData) -> None:
        """What a later notice leaves blank stays as an earlier one has it."""
        if data.sealed:
            notices = self.sealed_corrections.setdefault(data.account_key, {})
            notices.pop(data.code, None)
            notices[data.code] = data.sealed
        if (later := data.correction) is None:
            return
        account = data.credit_reference
        known = self.corrections.get(account, Correction())
        self.corrections[account] = Correction(**{name: getattr(later, name) or getattr(known, name) for name in known.__struct_fields__})

    def _cut(self, data: CutData, value: bytes) -> bool:
        if data.number != self.number + 1 or data.previous != self.head:
            self.skipped += 1
            return False
        self.covered.add(data.ranges)
        self.number, self.head = data.number, hash_of(value)
        self.unsent[data.number] = data
        self.heard = dict(data.heard)
        terms = data.terms
        self.last_cut_at[terms.bank] = terms.created
        if data.files:
            self._last_file_at[terms.bank] = terms.created
        day = terms.created.astimezone(NEW_YORK).date()
        self._counters[terms.bank] = Counters(day, data.next_file_of_day, data.next_sequence)
        return True
