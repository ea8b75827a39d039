"""Files to test with, made from a few words each. Institutions and people are invented."""

from collections.abc import Sequence

from ach.controls import close_batch, close_file, service_class
from ach.records import (
    Addenda,
    Addenda05,
    Addenda98,
    Addenda99,
    AnyEntry,
    Batch,
    BatchHeader,
    Entry,
    File,
    FileHeader,
)
from ach.routing import check_digit, trace_number
from ach.transaction_codes import return_of

ODFI = "12104288"
RDFIS = ("23138010", "07640125", "12104288", "05600507")

HEADER = FileHeader(
    immediate_destination="231380104",
    immediate_origin="121042882",
    file_creation_date="261123",
    file_creation_time="0930",
    immediate_destination_name="Federal Reserve Bank",
    immediate_origin_name="First Bank",
)


def entry(sequence: int = 1, code: int = 27, cents: int = 12_345, **fields: object) -> Entry:
    """An ordinary entry; `fields` replace single fields."""
    rdfi = RDFIS[sequence % len(RDFIS)]
    plain: dict[str, object] = {
        "transaction_code": code,
        "rdfi_identification": rdfi,
        "check_digit": str(check_digit(rdfi)),
        "dfi_account_number": f"00{sequence}",
        "amount_cents": cents,
        "identification_number": f"PATIENT {sequence}",
        "individual_name": "Jane Doe",
        "trace_number": trace_number(ODFI, sequence),
    }
    return Entry(**(plain | fields))  # type: ignore[arg-type]


def with_addenda(plain: Entry, *addenda: Addenda) -> Entry:
    """The entry with these addenda, announced."""
    fields = {name: getattr(plain, name) for name in plain.__struct_fields__}
    return Entry(**(fields | {"addenda": addenda, "addenda_record_indicator": 1}))


def payment_information(text: str, trace: str, sequence: int = 1) -> Addenda05:
    """An addenda record 05 that belongs to the entry with this trace number."""
    return Addenda05(text, sequence, trace[8:])


def returned(original: Entry, code: str, sequence: int = 1) -> Entry:
    """The return of an entry, as the receiving bank sends it."""
    trace = trace_number(ODFI, sequence)
    addenda = Addenda99(
        return_code=code,
        original_trace_number=original.trace_number,
        original_rdfi_identification=original.rdfi_identification,
        trace_number=trace,
    )
    back = entry(sequence, return_of(original.transaction_code), original.amount_cents, trace_number=trace)
    return with_addenda(back, addenda)


def changed(code: str, corrected: str, sequence: int = 1) -> Entry:
    """A notice of change."""
    trace = trace_number(ODFI, sequence)
    addenda = Addenda98(code, trace_number(ODFI, 77), RDFIS[0], corrected, trace)
    return with_addenda(entry(sequence, 26, 0), addenda)


def batch(entries: Sequence[AnyEntry], sec: str = "PPD", number: int = 1, **fields: object) -> Batch:
    """A batch of these entries."""
    plain: dict[str, object] = {
        "service_class_code": service_class(entries),
        "company_name": "GENERAL HOSPITAL",
        "company_identification": "1210428822",
        "standard_entry_class_code": sec,
        "company_entry_description": "INSTALMENT",
        "effective_entry_date": "261124",
        "odfi_identification": ODFI,
        "batch_number": number,
    }
    return close_batch(BatchHeader(**(plain | fields)), entries)  # type: ignore[arg-type]


def file(*batches: Batch, header: FileHeader = HEADER) -> File:
    """A file of these batches."""
    return close_file(header, batches)


def ppd(count: int = 3, code: int = 27) -> File:
    """A file with one batch of ordinary entries."""
    return file(batch([entry(sequence, code) for sequence in range(1, count + 1)]))
