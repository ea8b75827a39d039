"""From approved entries to batches and files: grouped, numbered, added up, balanced where the bank wants it.

The same entries with the same numbers always give the same bytes. One batch holds one originator, entry class, company
entry description and effective date (Nacha Operating Rules, Appendix Three: company/batch header); so retries (`RETRY
PYMT`), return fees (`RETURN FEE`), reversals (`REVERSAL`) and prenotes (`PRENOTE`) travel apart from everything else.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from ach.controls import close_batch, service_class
from ach.entry_checks import OFFSET
from ach.outgoing import AMOUNT_CENTS_MAX, Originator, OutgoingEntry, Refusal, refuse
from ach.records import Addenda05, Batch, BatchHeader, Entry, FileHeader
from ach.routing import SEQUENCE_MAX, trace_number
from ach.text import portable
from ach.transaction_codes import is_debit, opposite
from ach.zone import NEW_YORK

MODIFIERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_CREDIT_CHECKING, _CREDIT_SAVINGS = 22, 32


class Route(Struct, frozen=True, kw_only=True):
    """Where files go and who they say they come from."""

    immediate_destination: str
    """routing number of the bank or operator that takes the files"""
    immediate_origin: str
    """the identification it gave us: a routing number or ten characters, often 1 and the tax number"""
    immediate_destination_name: str = ""
    immediate_origin_name: str = ""
    reference_code: str = ""


class Sent(NamedTuple):
    """Under which trace number an entry travels."""

    reference: str
    trace_number: str
    batch_number: int


class Batches(Struct, frozen=True):
    """Batches ready for files; what travels where; what was refused."""

    batches: tuple[Batch, ...]
    sent: tuple[Sent, ...]
    refused: tuple[tuple[str, Refusal], ...]
    """reference and reason"""
    next_sequence: int
    """the first trace sequence that is still free today"""


def file_header(route: Route, created: datetime, sequence_of_day: int) -> FileHeader:
    """The header of the so-manieth file of the day, counted from 0; the date and time in it are New York's.

    ValueError after 36, when there is no file id modifier left, and for a `created` without a time zone.
    """
    if created.tzinfo is None:
        raise ValueError("created must have a time zone")
    created = created.astimezone(NEW_YORK)
    if not 0 <= sequence_of_day < len(MODIFIERS):
        raise ValueError(f"a day has file id modifiers for {len(MODIFIERS)} files, not for number {sequence_of_day + 1}")
    return FileHeader(
        immediate_destination=route.immediate_destination,
        immediate_origin=route.immediate_origin,
        file_creation_date=f"{created:%y%m%d}",
        file_creation_time=f"{created:%H%M}",
        file_id_modifier=MODIFIERS[sequence_of_day],
        immediate_destination_name=portable(route.immediate_destination_name, 23),
        immediate_origin_name=portable(route.immediate_origin_name, 23),
        reference_code=portable(route.reference_code, 8),
    )


def build_batches(
    entries: Iterable[OutgoingEntry],
    *,
    next_sequence: int = 1,
    first_batch_number: int = 1,
    entries_per_batch: int = 10_000,
    mixed: bool = False,
) -> Batches:
    """Batches of these entries, in the order in which their kinds first occur.

    Trace numbers go on from `next_sequence`, which the caller keeps for each bank and day, so that none repeats. Debits
    and credits have batches of their own unless `mixed`. ValueError when the day's seven digits are used up.
    """
    groups, refused = _group(entries, mixed)
    batches: list[Batch] = []
    sent: list[Sent] = []
    for group in groups:
        for at in range(0, len(group), entries_per_batch):
            chosen = group[at : at + entries_per_batch]
            number = first_batch_number + len(batches)
            batch = _build_batch(chosen, number, next_sequence)
            batches.append(batch)
            sent.extend(
                Sent(outgoing.reference, entry.trace_number, number) for outgoing, entry in zip(chosen, _entries(batch), strict=False)
            )
            next_sequence += len(batch.entries)
    return Batches(tuple(batches), tuple(sent), tuple(refused), next_sequence)


def _group(entries: Iterable[OutgoingEntry], mixed: bool) -> tuple[list[list[OutgoingEntry]], list[tuple[str, Refusal]]]:
    """The entries that may share a batch, in the order in which their kinds first occur, and those that are refused."""
    groups: dict[tuple[object, ...], list[OutgoingEntry]] = {}
    refused: list[tuple[str, Refusal]] = []
    for entry in entries:
        refusal = refuse(entry)
        if refusal is not None:
            refused.append((entry.reference, refusal))
            continue
        key = (
            entry.originator,
            entry.sec,
            entry.description.strip(),
            entry.effective_date,
            entry.descriptive_date,
            mixed or is_debit(entry.transaction_code),
        )
        groups.setdefault(key, []).append(entry)
    return list(groups.values()), refused


def _entries(batch: Batch) -> Iterator[Entry]:
    return (entry for entry in batch.entries if isinstance(entry, Entry))


def _build_batch(chosen: list[OutgoingEntry], batch_number: int, sequence: int) -> Batch:
    first, originator = chosen[0], chosen[0].originator
    odfi = originator.odfi_identification
    if sequence + len(chosen) - 1 > SEQUENCE_MAX:
        raise ValueError(f"the trace sequences of ODFI {odfi} are used up for today")
    entries = [_entry(outgoing, trace_number(odfi, sequence + at)) for at, outgoing in enumerate(chosen)]
    if originator.offset_account:
        entries.extend(_offsets(originator, tuple(entries), sequence + len(entries)))
    header = BatchHeader(
        service_class_code=service_class(entries),
        company_name=portable(originator.company_name, 16),
        company_discretionary_data=portable(originator.company_discretionary_data, 20),
        company_identification=originator.company_identification,
        standard_entry_class_code=first.sec,
        company_entry_description=first.description.strip(),
        company_descriptive_date=first.descriptive_date,
        effective_entry_date=f"{first.effective_date:%y%m%d}",
        odfi_identification=odfi,
        batch_number=batch_number,
    )
    return close_batch(header, entries)


def _entry(outgoing: OutgoingEntry, trace: str) -> Entry:
    """The entry record; a CTX entry's name begins with the number of its addenda records."""
    addenda: tuple[Addenda05, ...] = ()
    if outgoing.payment_information:
        addenda = (Addenda05(outgoing.payment_information, 1, trace[8:]),)
    name = portable(outgoing.name, 22)
    if outgoing.sec == "CTX":
        name = f"{len(addenda):04}{portable(outgoing.name, 16)}"
    return Entry(
        outgoing.transaction_code,
        outgoing.routing_number[:8],
        outgoing.routing_number[8],
        outgoing.account.strip(),
        outgoing.amount_cents,
        portable(outgoing.identification_number, 15),
        name,
        outgoing.payment_type,
        len(addenda),
        trace,
        addenda,
    )


def _offsets(originator: Originator, entries: tuple[Entry, ...], sequence: int) -> Iterator[Entry]:
    """The entries to the originator's own account that balance a batch: credits for its debits, debits for its credits.

    There are several of a kind only where the sum does not fit one amount field.
    """
    credit = _CREDIT_SAVINGS if originator.offset_is_savings else _CREDIT_CHECKING
    routing, account = originator.offset_routing_number, originator.offset_account
    for debits, code in ((True, credit), (False, opposite(credit))):
        left = sum(entry.amount_cents for entry in entries if is_debit(entry.transaction_code) is debits)
        while left:
            amount = min(left, AMOUNT_CENTS_MAX)
            trace = trace_number(originator.odfi_identification, sequence)
            yield Entry(code, routing[:8], routing[8:], account, amount, "", OFFSET, "", 0, trace)
            left, sequence = left - amount, sequence + 1
