"""What control records must say: counts, hashes and totals, computed."""

from collections.abc import Sequence

from ach.records import (
    AdvBatchControl,
    AnyBatchControl,
    AnyBatchHeader,
    AnyEntry,
    Batch,
    BatchControl,
    BatchHeader,
    File,
    FileControl,
    FileHeader,
)
from ach.routing import HASH_MODULUS, entry_hash
from ach.tally import Tally
from ach.transaction_codes import is_debit
from ach.writer import BLOCK_RECORDS


def batch_control(header: AnyBatchHeader, entries: Sequence[AnyEntry]) -> AnyBatchControl:
    """The control that belongs to these entries under this header."""
    tally = Tally()
    for entry in entries:
        tally.add_entry(entry)
    totals = (tally.records, entry_hash(tally.rdfi_sum), tally.debit_cents, tally.credit_cents)
    identity = (header.odfi_identification, header.batch_number)
    if header.standard_entry_class_code == "ADV" and isinstance(header, BatchHeader):
        return AdvBatchControl(header.service_class_code, *totals, header.company_name, *identity)
    company = header.company_identification if isinstance(header, BatchHeader) else header.originator_identification
    return BatchControl(header.service_class_code, *totals, company, "", *identity)


def close_batch(header: AnyBatchHeader, entries: Sequence[AnyEntry]) -> Batch:
    """A complete batch."""
    return Batch(header, tuple(entries), batch_control(header, entries))


def file_control(batches: Sequence[Batch]) -> FileControl:
    """The control of a file of these batches; ValueError when one has no control of its own."""
    controls = [batch.control for batch in batches if batch.control is not None]
    if len(controls) != len(batches):
        raise ValueError("every batch needs a control before the file can have one")
    entry_addenda_count = sum(control.entry_addenda_count for control in controls)
    records = 2 + 2 * len(batches) + entry_addenda_count
    return FileControl(
        batch_count=len(batches),
        block_count=-(-records // BLOCK_RECORDS),
        entry_addenda_count=entry_addenda_count,
        entry_hash=sum(control.entry_hash for control in controls) % HASH_MODULUS,
        total_debit_cents=sum(control.total_debit_cents for control in controls),
        total_credit_cents=sum(control.total_credit_cents for control in controls),
    )


def close_file(header: FileHeader, batches: Sequence[Batch]) -> File:
    """A complete file."""
    return File(header, tuple(batches), file_control(batches))


def service_class(entries: Sequence[AnyEntry]) -> int:
    """225 for debits only, 220 for credits only, 200 for both."""
    debits = {is_debit(entry.transaction_code) for entry in entries}
    return {frozenset({True}): 225, frozenset({False}): 220}.get(frozenset(debits), 200)
