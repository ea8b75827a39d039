"""The inbox: files of the bank become events and a report; the originals go to the archive, nothing is deleted.

`*.ach`, and whatever begins like a Nacha file, holds returns and notices of change, `*.settled.csv` what settled (trace_number, amount,
settlement_date), `*.ack.json` whether a file of ours was taken. Anything else waits for a person, told once.
"""

import csv
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from ach.inbound import InboundFile
from ach.problems import Problem
from ach.zone import NEW_YORK
from journal.failpoint import hit
from journal.letter_box import SEALED, Content, Seal, encode
from journal.settings import Settings
from ledger.money import cents
from sinks.ach import replies
from sinks.ach.clock import Clock
from sinks.ach.corrections import SealCorrection
from sinks.ach.events import Message
from sinks.ach.folders import Folders, move, place
from sinks.ach.kafka import Outlet
from sinks.ach.kinds import HEAD_BYTES, FileKind, kind_of
from sinks.ach.lineage import Lineage
from sinks.ach.making import cut_of
from sinks.ach.replies import Headers, Reply, Source

UNKNOWN_FILE, REJECTED_LATE, HEARTBEAT_REJECTED = "UNKNOWN_FILE", "REJECTED_LATE", "HEARTBEAT_REJECTED"
_PIECE = 1 << 20
_BATCH = 2000
_PROBLEMS_MAX = 200
_log = logging.getLogger(__name__)


class Acknowledgement(Struct, frozen=True, kw_only=True):
    """What a bank says of one of our files."""

    file: str
    sha256: str = ""
    accepted: bool
    reason: str = ""


class Seals(NamedTuple):
    """What a bank says of accounts is sealed with: for the house, and for a patient."""

    letter: Seal
    correction: SealCorrection


class Report(Struct, kw_only=True):
    """What was made of a file."""

    file: str
    sha256: str
    archived_as: str = ""
    entries: int = 0
    """what the file speaks of, readable or not"""
    events: int = 0
    repeats: int = 0
    """things that an earlier file had said already"""
    dead_letters: int = 0
    errors: int = 0
    warnings: int = 0
    problems: list[Problem] = []
    """the first of them, by line"""


class Inbox:
    """Reads what lies in the inbox, each file for itself: a bad one holds up no other."""

    def __init__(self, settings: Settings, folders: Folders, lineage: Lineage, outlet: Outlet, clock: Clock, seals: Seals) -> None:
        self._settings = settings
        self._folders = folders
        self._lineage = lineage
        self._outlet = outlet
        self._clock = clock
        self._seals = seals
        self._seen: dict[str, tuple[int, int]] = {}
        self._told: set[str] = set()

    def sweep(self) -> list[Report]:
        """Read the files that have stopped growing; their reports. Raises KafkaException when Kafka refuses events."""
        reports = []
        for path in sorted(self._folders.inbox.iterdir()):
            if path.name.startswith(".") or not path.is_file() or self._still_grows(path):
                continue
            try:
                read = self._reader(path, path.name)
                if read is None:
                    self._tell_once(path, "is of no kind that the rail reads")
                else:
                    reports.append(self._take(path, read))
            except OSError as error:
                self._tell_once(path, f"cannot be read: {error}")
        return reports

    def note(self, path: Path) -> int:
        """Take what an archived file says into the index, without saying it again; how much it was."""
        name = path.name.split("-", 2)[-1]
        read = self._reader(path, name)
        if read is None:
            return 0
        source = self._source(path, name)
        answers = [reply.answer for reply in read(path, source, Report(file=name, sha256=source.sha256))]
        self._lineage.add_answers(answers)
        return len(answers)

    def _source(self, path: Path, name: str) -> Source:
        digest = sha256()
        for piece in _pieces(path):
            digest.update(piece)
        made = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone(NEW_YORK).date()
        return Source(name, digest.hexdigest(), made, self._settings.ach_sandbox)

    def _reader(self, path: Path, name: str) -> Callable[[Path, Source, Report], Iterator[Reply]] | None:
        with path.open("rb") as file:
            kind = kind_of(name, file.read(HEAD_BYTES))
        readers = {FileKind.NACHA: self._nacha, FileKind.SETTLED: self._settled, FileKind.ACKNOWLEDGED: self._acknowledged}
        return readers[kind] if kind is not None else None

    def _still_grows(self, path: Path) -> bool:
        status = path.stat()
        now = (status.st_size, status.st_mtime_ns)
        before = self._seen.get(path.name)
        self._seen[path.name] = now
        return before != now

    def _take(self, path: Path, read: Callable[[Path, Source, Report], Iterator[Reply]]) -> Report:
        source = self._source(path, path.name)
        report = Report(file=path.name, sha256=source.sha256)
        batch: list[Reply] = []
        for reply in read(path, source, report):
            batch.append(reply)
            if len(batch) >= _BATCH:
                self._send(batch, report)
                batch = []
        self._send(batch, report)
        hit(self._settings, "ach-before-archive")
        self._archive(path, report)
        return report

    def _send(self, batch: list[Reply], report: Report) -> None:
        """Send what is new of these and wait for Kafka; only then it is noted as heard."""
        new = {reply.answer.id: reply for reply in batch if not self._lineage.has_answer(reply.answer.id)}
        report.repeats += len(batch) - len(new)
        for reply in new.values():
            for topic, message, headers in (*reply.also, (reply.topic, reply.message, reply.headers)):
                self._say(topic, message, headers)
            report.dead_letters += reply.headers is not None
            report.events += reply.headers is None
        self._outlet.flush()
        hit(self._settings, "ach-before-noted")
        self._lineage.add_answers(reply.answer for reply in new.values())

    def _say(self, topic: str, message: Message, headers: Headers | None) -> None:
        if headers is None:
            self._outlet.send(topic, message.key, message.value)
        else:  # what a bank says of an entry names the account and its holder
            content = encode(Content(message.key, message.value, []))
            self._outlet.send(topic, None, self._seals.letter(content), [*headers, SEALED])

    def _archive(self, path: Path, report: Report) -> None:
        """The original under a name of its own, its report beside it."""
        name = f"{self._clock():%Y%m%dT%H%M%S}-{report.sha256[:8]}-{path.name}"
        report.archived_as = move(path, self._folders.archive, name).name
        place(self._folders.archive / f"{report.archived_as}.report.json", msgspec.json.format(msgspec.json.encode(report)))
        self._seen.pop(path.name, None)
        level = logging.WARNING if report.errors or report.dead_letters else logging.INFO
        _log.log(
            level,
            "%s: %d events, %d repeats, %d dead letters, %d errors",
            report.archived_as,
            report.events,
            report.repeats,
            report.dead_letters,
            report.errors,
        )

    def _nacha(self, path: Path, source: Source, report: Report) -> Iterator[Reply]:
        source = source._replace(day=_creation_date(path) or source.day)
        file = InboundFile(_pieces(path))
        at = self._clock()
        for found in file.stream:
            report.entries += 1
            item = replies.item_of(found)
            if item is not None:
                yield replies.of_item(found, item, self._lineage, source, at, self._seals.correction)
        examined = file.stream.examination
        assert examined is not None, "the stream has ended"
        report.errors, report.warnings = examined.errors, examined.warnings
        report.problems = list(examined.problems[:_PROBLEMS_MAX])
        if report.errors:
            yield replies.of_damage(report.problems, report.errors, report.entries, source)

    def _settled(self, path: Path, source: Source, report: Report) -> Iterator[Reply]:
        at = self._clock()
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            for row in csv.reader(file):
                if row[:1] == ["trace_number"] or not row:
                    continue
                report.entries += 1
                text = ",".join(row)
                try:
                    trace, amount, day = row[0], cents(row[1]), date.fromisoformat(row[2])
                except (IndexError, ValueError) as error:
                    report.errors += 1
                    yield replies.unmatched_row(text, f"the line cannot be read: {error}", source)
                    continue
                entry = self._lineage.by_trace(trace, amount) or self._lineage.by_trace(trace)
                if entry is None:
                    yield replies.unmatched_row(text, f"no entry of ours has trace number {trace}", source)
                elif not entry.is_prenote:  # there is nothing in it to settle
                    yield replies.of_settlement(entry, amount, day, source, at)

    def _acknowledged(self, path: Path, source: Source, report: Report) -> Iterator[Reply]:
        try:
            said = msgspec.json.decode(path.read_bytes(), type=Acknowledgement)
        except msgspec.MsgspecError as error:
            report.errors += 1
            yield replies.unmatched_row(path.read_bytes()[:100_000].decode(errors="replace"), f"no acknowledgement: {error}", source)
            return
        entries = self._lineage.by_file(said.file.partition(".")[0])
        report.entries = len(entries)
        text = f"{said.file}: {'accepted' if said.accepted else 'rejected'} {said.reason}"
        if not entries and self._lineage.has_cut(cut_of(said.file.partition(".")[0])):  # a heartbeat
            if not said.accepted:
                report.errors += 1
                yield replies.unmatched_row(text, "the bank takes no file without batches: see `heartbeat`", source, HEARTBEAT_REJECTED)
            return
        if not entries:
            report.errors += 1
            yield replies.unmatched_row(text, "no file of ours has this name", source, UNKNOWN_FILE)
            return
        accepted = replies.of_acceptance(entries[0], source)
        if said.accepted:
            self._lineage.add_answers([accepted])
        elif self._lineage.has_answer(accepted.id):
            report.errors += 1
            yield replies.unmatched_row(text, "the bank had taken this file before: a person must ask", source, REJECTED_LATE)
        else:
            _log.error("the bank did not take %s: %s", said.file, said.reason)
            yield from replies.of_rejection(entries, f"file rejected by the bank: {said.reason}"[:500], source, self._clock())

    def _tell_once(self, path: Path, why: str) -> None:
        if path.name not in self._told:
            self._told.add(path.name)
            _log.error("%s %s; it stays in the inbox", path.name, why)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _creation_date(path: Path) -> date | None:
    """The date in the file's header, which the day numbers in it are counted from; None when it has none."""
    with path.open("rb") as file:
        head = file.read(94)
    if head[:1] != b"1":
        return None
    try:
        return datetime.strptime(head[23:29].decode("ascii", "replace"), "%y%m%d").date()  # noqa: DTZ007 - a date alone
    except ValueError:
        return None
