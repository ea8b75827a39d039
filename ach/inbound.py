"""What a bank sends back: returns, notices of change, dishonored and contested returns, taken out of its files.

Reading is tolerant and streams. Each item carries what is needed to find the original entry (its trace number) and to
act; a file read twice gives the same items, so ids derived from them make the second reading harmless.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct

from ach.codes import return_code
from ach.examine import DEFAULT
from ach.notices import Correction, read_correction
from ach.open_batch import Category, category_of
from ach.options import Options
from ach.reader import EntryStream, ReadEntry
from ach.records import (
    Addenda,
    Addenda98,
    Addenda98Refused,
    Addenda99,
    Addenda99Contested,
    Addenda99Dishonored,
    BatchHeader,
    Entry,
)
from ach.transaction_codes import is_debit


class InboundItem(Struct, frozen=True, kw_only=True):
    """One return, notice of change or dispute."""

    category: Category
    code: str
    """return reason or change code, upper case"""
    reason: str
    """our word for a return's cause; the code itself for notices"""
    original_trace_number: str
    """empty when the bank left it out: then only amount and receiver can find the entry"""
    trace_number: str
    """of the returning bank; with the original's it identifies the item"""
    amount_cents: int
    is_debit: bool
    """whether the ORIGINAL entry was a debit"""
    sec: str
    company_identification: str
    effective_entry_date: str
    """YYMMDD, as the batch states it"""
    settlement_julian: str
    """day of the year that the operator filled in; empty if it did not"""
    identification_number: str
    individual_name: str
    account: str
    information: str = ""
    date_of_death: str = ""
    return_reason_code: str = ""
    """of the return that a dishonored or contested return speaks of: R and two digits"""
    correction: Correction | None = None
    """what a notice of change corrects; None when it makes no sense and should be refused"""


class InboundFile:
    """The items of one file; iterate once, then `stream.examination` tells what could not be read."""

    def __init__(self, data: bytes | Iterable[bytes], options: Options = DEFAULT) -> None:
        """Nothing is read before the iteration begins."""
        self.stream = EntryStream(data, options)

    def __iter__(self) -> Iterator[InboundItem]:
        """Items in the order of the file; forward entries are passed over."""
        for found in self.stream:
            item = inbound_item(found)
            if item is not None:
                yield item


def inbound_item(found: ReadEntry) -> InboundItem | None:
    """The item in an entry, or None when it is a forward entry or of a kind we never sent (IAT, ADV)."""
    entry, header = found.entry, found.header
    if not isinstance(entry, Entry) or not entry.addenda or category_of(entry) is Category.FORWARD:
        return None
    facts = _facts(entry.addenda[-1])
    if facts is None:
        return None
    batch = header if isinstance(header, BatchHeader) else BatchHeader()
    return InboundItem(
        category=category_of(entry),
        code=facts.code,
        reason=facts.reason,
        original_trace_number=facts.original_trace_number,
        trace_number=entry.trace_number,
        amount_cents=entry.amount_cents,
        is_debit=is_debit(entry.transaction_code),
        sec=batch.standard_entry_class_code,
        company_identification=batch.company_identification,
        effective_entry_date=batch.effective_entry_date,
        settlement_julian=batch.settlement_date,
        identification_number=entry.identification_number,
        individual_name=entry.individual_name,
        account=entry.dfi_account_number,
        information=facts.information,
        date_of_death=facts.date_of_death,
        return_reason_code=facts.return_reason_code,
        correction=facts.correction,
    )


class _Facts(NamedTuple):
    """What an addenda record says."""

    code: str
    reason: str
    original_trace_number: str
    information: str = ""
    date_of_death: str = ""
    return_reason_code: str = ""
    correction: Correction | None = None


def _facts(addenda: Addenda) -> _Facts | None:
    if isinstance(addenda, Addenda98):
        code, data = addenda.change_code.upper(), addenda.corrected_data
        correction = read_correction(code, data)
        return _Facts(code, code, addenda.original_trace_number, data, correction=correction)
    if isinstance(addenda, Addenda98Refused):
        code = addenda.refused_change_code.upper()
        return _Facts(code, code, addenda.original_trace_number, addenda.corrected_data)
    if not isinstance(addenda, Addenda99 | Addenda99Dishonored | Addenda99Contested):
        return None
    code = addenda.return_code.upper()
    reason, trace = return_code(code).reason, addenda.original_trace_number
    if isinstance(addenda, Addenda99):
        return _Facts(code, reason, trace, addenda.addenda_information, addenda.date_of_death)
    information = "" if isinstance(addenda, Addenda99Contested) else addenda.addenda_information
    return _Facts(code, reason, trace, information, return_reason_code=f"R{addenda.return_reason_code}")
