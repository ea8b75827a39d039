"""What a bank's file says, as events for the ledger: derived from its content alone, so a file read twice changes nothing."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from ach.deadlines import apply_change_by
from ach.inbound import InboundItem, inbound_item
from ach.notices import Correction
from ach.open_batch import Category
from ach.problems import Problem
from ach.reader import ReadEntry
from ach.records import Batch
from ach.windows import settlement_date
from ach.writer import batch_lines
from journal.topics import DEAD_LETTERS, FILES, SETTLEMENTS
from sinks.ach import events, filecut
from sinks.ach.corrections import SealCorrection
from sinks.ach.events import Message
from sinks.ach.filecut import AccountCorrected, CorrectedData
from sinks.ach.ids import derived
from sinks.ach.lineage import Answer, Lineage, SentEntry

UNKNOWN_TRACE = "UNKNOWN_TRACE"
DAMAGED_FILE = "DAMAGED_FILE"
Headers = list[tuple[str, bytes]]


class Reply(NamedTuple):
    """One thing the bank said: what is sent of it, and what is noted."""

    topic: str
    message: Message
    answer: Answer
    headers: Headers | None = None
    also: tuple["Saying", ...] = ()
    """what is sent besides, before it"""


class Saying(NamedTuple):
    """A message and where it goes; with headers it is a dead letter."""

    topic: str
    message: Message
    headers: Headers | None = None


class Source(NamedTuple):
    """The file that is read: its name, the hash of its content, and when the bank made it."""

    name: str
    sha256: str
    day: date
    sandbox: bool = False
    """what it says of accounts is made up, so it may be written in the clear"""


def of_item(found: ReadEntry, item: InboundItem, lineage: Lineage, source: Source, at: datetime, seal: SealCorrection) -> Reply:
    """The event of a return, a notice of change or a dispute; a dead letter when its entry is not ours."""
    entry = lineage.by_trace(item.original_trace_number, item.amount_cents) or lineage.by_trace(item.original_trace_number)
    # nothing of the batch or the file: both may be missing from a damaged copy
    identity = derived("item", entry.cut if entry else 0, item.original_trace_number, item.trace_number, item.code)
    day = _day(item, source)
    cut = entry.cut if entry else 0
    answer = Answer(identity, item.original_trace_number, cut, item.category.value, item.code, day, source.sha256, item.trace_number)
    if entry is None:
        return _letter(found, UNKNOWN_TRACE, f"no entry of ours has trace number {item.original_trace_number or '(blank)'}", source, answer)
    if item.category is Category.RETURN:
        said = events.returned(
            identity,
            entry.account,
            entry.transaction_id,
            entry.trace_number,
            item.code,
            item.amount_cents,
            day,
            at,
            prenote=entry.is_prenote,
        )
        return Reply(SETTLEMENTS, said, answer)
    if item.category is Category.NOTICE_OF_CHANGE:
        return _notice(found, item, entry, source, answer, at, seal)
    said = events.disputed(
        item.category.value, identity, entry.account, entry.transaction_id, entry.trace_number, item.code, item.amount_cents, day, at
    )
    return Reply(SETTLEMENTS, said, answer)


def _notice(
    found: ReadEntry, item: InboundItem, entry: SentEntry, source: Source, answer: Answer, at: datetime, seal: SealCorrection
) -> Reply:
    """A notice of change: the ledger watches it, the rail applies it. A person gets the records of one that cannot be applied."""
    correction = item.correction
    fields = tuple(name for name in correction.__struct_fields__ if getattr(correction, name)) if correction is not None else ()
    said = events.changed(answer.id, entry.account, entry.transaction_id, entry.trace_number, item.code, fields, answer.day, at)
    if source.sandbox and correction is not None:
        also = Saying(FILES, _correction(answer, entry, at, correction, ""))
    elif correction is not None and (sealed := seal(entry, correction)):
        also = Saying(FILES, _correction(answer, entry, at, None, sealed))
    else:
        letter = _letter(found, "NOTICE_OF_CHANGE", f"{item.code} for {entry.transaction_id}", source, answer)
        also = Saying(letter.topic, letter.message, letter.headers)
    return Reply(SETTLEMENTS, said, answer, also=(also,))


def _correction(answer: Answer, entry: SentEntry, at: datetime, correction: Correction | None, sealed: str) -> Message:
    data = CorrectedData(
        credit_reference=entry.account,
        transaction_id=entry.transaction_id,
        trace_number=entry.trace_number,
        code=answer.code,
        day=answer.day,
        apply_by=apply_change_by(answer.day),
        correction=correction,
        sealed=sealed,
        account_key=entry.account_key if sealed else "",
    )
    return Message(entry.account.encode(), filecut.encode(AccountCorrected(id=answer.id, time=at, data=data)))


def of_settlement(entry: SentEntry, amount_cents: int, day: date, source: Source, at: datetime) -> Reply:
    """The event of an entry that settled."""
    said = events.settled(entry.account, entry.transaction_id, entry.hospital_id, entry.trace_number, entry.file_id, amount_cents, day, at)
    identity = derived("settled", entry.file_id, entry.trace_number)
    return Reply(SETTLEMENTS, said, Answer(identity, entry.trace_number, entry.cut, "settled", "", day, source.sha256))


def of_acceptance(entry: SentEntry, source: Source) -> Answer:
    """The note that the bank took the file of this entry."""
    return Answer(derived("accepted", entry.file_id), "", entry.cut, "accepted", "", source.day, source.sha256)


def of_rejection(entries: Iterable[SentEntry], why: str, source: Source, at: datetime) -> Iterator[Reply]:
    """The events of a file that the bank did not take: none of its entries reached the network."""
    for entry in entries:
        identity = derived("rejected", entry.file_id, entry.trace_number)
        answer = Answer(identity, entry.trace_number, entry.cut, "rejected", "", source.day, source.sha256)
        yield Reply(SETTLEMENTS, events.failed(entry.account, entry.transaction_id, entry.attempt, why, at), answer)


def unmatched_row(row: str, why: str, source: Source, code: str = UNKNOWN_TRACE) -> Reply:
    """A dead letter of a line of a report that speaks of no entry of ours."""
    answer = Answer(derived("row", source.sha256, row), "", 0, "unreadable", "", source.day, source.sha256)
    return Reply(DEAD_LETTERS, Message(source.name.encode(), row.encode()), answer, letter_headers(source, code, why))


def of_damage(problems: Sequence[Problem], errors: int, entries: int, source: Source) -> Reply:
    """A dead letter of a file with errors: what could be read of it is said, and a person asks the bank for the rest."""
    listed = [str(problem) for problem in problems if not problem.warning] or [
        "the problems in the report are warnings, the errors come later"
    ]
    why = f"errors in the file: {errors}, entries that were read: {entries}; {listed[0]}"
    answer = Answer(derived("damage", source.sha256), "", 0, "unreadable", "", source.day, source.sha256)
    message = Message(source.name.encode(), "\n".join(listed).encode())
    return Reply(DEAD_LETTERS, message, answer, letter_headers(source, DAMAGED_FILE, why))


def item_of(found: ReadEntry) -> InboundItem | None:
    """The item in an entry of a file; None for forward entries."""
    return inbound_item(found)


def letter_headers(source: Source, code: str, why: str) -> Headers:
    """Kafka Connect's headers of a dead letter, with the file in place of topic and offset."""
    return [
        ("__connect.errors.topic", b"ach.inbox"),
        ("__connect.errors.stage", b"VALUE_CONVERTER"),
        ("__connect.errors.exception.class.name", code.encode()),
        ("__connect.errors.exception.message", why.encode()[:500]),
        ("hms_error_code", code.encode()),
        ("hms_file", source.name.encode()[:200]),
        ("hms_file_sha256", source.sha256.encode()),
    ]


def _letter(found: ReadEntry, code: str, why: str, source: Source, answer: Answer) -> Reply:
    """The records of one item, as they stand in the file, for the operator."""
    try:
        content = "\n".join(batch_lines(Batch(found.header, (found.entry,), None))).encode()
    except ValueError:  # read tolerantly, it can't be written strictly
        content = msgspec.json.encode(found)
    return Reply(DEAD_LETTERS, Message(source.name.encode(), content), answer, letter_headers(source, code, why))


def _day(item: InboundItem, source: Source) -> date:
    """The banking day of an item: the operator's settlement date, else the batch's effective date, else the file's day."""
    settled = settlement_date(item.settlement_julian, source.day)
    if settled is not None:
        return settled
    try:
        return datetime.strptime(item.effective_entry_date, "%y%m%d").date()  # noqa: DTZ007 - a date alone
    except ValueError:
        return source.day
