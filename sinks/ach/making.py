"""Files from a cut: a function of the cut and its entries alone, so the same cut always gives the byte-identical files."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from ach.cutting import SentEntry, cut, heartbeat
from ach.outgoing import Originator, OutgoingEntry, Refusal
from ach.records import File
from ach.writer import write
from ach.zone import NEW_YORK
from sinks.ach import instrument
from sinks.ach.due import Due
from sinks.ach.filecut import MadeFile, Terms
from sinks.ach.instrument import Instrument, Opener

NO_ORIGINATOR = "NO_ORIGINATOR"
CANCELED = "CANCELED"
REASONS = {
    **instrument.REASONS,
    NO_ORIGINATOR: "the hospital is no originator at any bank",
    CANCELED: "canceled before the cut-off",
    **{refusal.name: refusal.value for refusal in Refusal},
}
"""Why an entry is left out of a cut, in words."""
BALANCING_LINES = 30
"""kept free for controls, padding and the entries that balance a batch, one for each 99,999,999.99 dollars"""
_SAVINGS, _CHECKING = 30, 20
_CREDIT, _DEBIT = 2, 7
_PRENOTE = 1
"""what a prenote's code is above that of the live entry"""


class Travels(NamedTuple):
    """Where an entry travels."""

    due: Due
    instrument: Instrument
    trace_number: str
    batch_number: int
    file: int
    """which file of the cut, counted from 0"""
    effective_date: date


class Made(NamedTuple):
    """The files of a cut, and where each entry travels."""

    files: tuple[bytes, ...]
    summaries: tuple[MadeFile, ...]
    travels: tuple[Travels, ...]
    refused: tuple[tuple[Due, str], ...]
    """entries that may not go out, and the name of the reason"""
    next_file_of_day: int
    next_sequence: int


def make(number: int, terms: Terms, dues: Iterable[Due], unseal: Opener = instrument.keyless) -> Made:
    """The files of the cut of this number. Entries that are refused are told and left out; without them the files are the same.

    `unseal` opens the sealed instruments.
    """
    if terms.heartbeat:
        return _heartbeat(number, terms)
    opened: dict[str, tuple[Due, Instrument, OutgoingEntry]] = {}
    refused: list[tuple[Due, str]] = []
    opener = instrument.opener(unseal, terms.sealed_corrections, sandbox=terms.sandbox)
    for due in sorted(dues, key=lambda due: (due.partition, due.offset)):
        originator, account = terms.originators.get(due.hospital_id), opener(due)
        if originator is None or isinstance(account, str):
            refused.append((due, account if isinstance(account, str) and originator is not None else NO_ORIGINATOR))
            continue
        account = instrument.corrected(account, terms.corrections.get(due.credit_reference))
        reference = f"{due.partition}:{due.offset}"
        opened[reference] = (due, account, outgoing(terms, reference, due, originator, account))
    done = cut(
        terms.route,
        [entry for _, _, entry in opened.values()],
        created=terms.created,
        file_of_day=terms.file_of_day,
        next_sequence=terms.first_sequence,
        limits=terms.limits,
        entries_per_batch=_balanced_size(terms),
        mixed=terms.mixed,
    )
    refused += [(opened[reference][0], refusal.name) for reference, refusal in done.refused]
    contents = tuple(write(file) for file in done.files)
    summaries = tuple(_summary(number, terms, file, content) for file, content in zip(done.files, contents, strict=True))
    return Made(contents, summaries, _travels(done.files, done.sent, opened), tuple(refused), done.next_file_of_day, done.next_sequence)


def _heartbeat(number: int, terms: Terms) -> Made:
    file = heartbeat(terms.route, terms.created, terms.file_of_day)
    content = write(file)
    return Made((content,), (_summary(number, terms, file, content),), (), (), terms.file_of_day + 1, terms.first_sequence)


def outgoing(terms: Terms, reference: str, due: Due, originator: Originator, account: Instrument) -> OutgoingEntry:
    """The entry in the words of `ach`. WEB and TEL entries are single: each is authorized and sent for itself."""
    kind = (_DEBIT if due.side == "debit" else _CREDIT) + (_PRENOTE if due.is_prenote else 0)
    same_day = terms.same_day is not None and due.amount_cents <= terms.same_day_limit_cents
    return OutgoingEntry(
        reference=reference,
        originator=originator,
        sec=due.sec,
        description=due.description,
        effective_date=terms.same_day if same_day and terms.same_day else terms.next_day,
        transaction_code=(_SAVINGS if account.savings else _CHECKING) + kind,
        routing_number=account.routing_number,
        account=account.account,
        amount_cents=due.amount_cents,
        name=account.name,
        identification_number=due.transaction_id[:8] + due.transaction_id[-7:] if len(due.transaction_id) > 15 else due.transaction_id,
        payment_type="S" if due.sec in ("WEB", "TEL") else "",
        descriptive_date=terms.window if same_day else "",
    )


def _balanced_size(terms: Terms) -> int | None:
    """Entries of a balanced batch: it cannot be split, so it is built to fit a file, its balancing entries included."""
    balanced = any(originator.offset_account for originator in terms.originators.values())
    return max(1, terms.limits.lines_max - BALANCING_LINES) if balanced and terms.limits.lines_max else None


def _travels(
    files: Sequence[File], sent: Iterable[SentEntry], opened: Mapping[str, tuple[Due, Instrument, OutgoingEntry]]
) -> tuple[Travels, ...]:
    number_of = {file.header.file_id_modifier: number for number, file in enumerate(files) if file.header is not None}
    found = []
    for entry in sent:
        due, account, out = opened[entry.reference]
        file = number_of[entry.file_id_modifier]
        found.append(Travels(due, account, entry.trace_number, entry.batch_number, file, out.effective_date))
    return tuple(found)


def cut_of(file_id: str) -> int:
    """The number of the cut that a file belongs to; 0 for a name that is none of ours."""
    parts = file_id.rsplit("-", 2)
    return int(parts[1]) if len(parts) == 3 and parts[1].isascii() and parts[1].isdigit() else 0


def _summary(number: int, terms: Terms, file: File, content: bytes) -> MadeFile:
    """What is told of a file. Its name never repeats: the number of the cut is in it."""
    header, control = file.header, file.control
    assert header is not None, "a cut's files are whole"
    assert control is not None, "a cut's files are whole"
    created = terms.created.astimezone(NEW_YORK)
    file_id = f"{terms.bank}-{created:%Y%m%d}-{number:06d}-{header.file_id_modifier}"
    return MadeFile(
        file_id,
        f"{file_id}.ach",
        sha256(content).hexdigest(),
        content.count(b"\n"),
        sum(len(batch.entries) for batch in file.batches),
        control.total_debit_cents,
        control.total_credit_cents,
    )
