"""Checks of the records around the entries: file header, batch header, and both controls against what they control.

Source: Nacha Operating Rules, Appendix Two (file and batch rejections), Appendix Three (field definitions).
"""

import re
from collections.abc import Iterator

from ach.dates import is_date, is_day_of_year
from ach.findings import Finding, missing
from ach.options import Options
from ach.problems import Rule
from ach.records import (
    AdvBatchControl,
    AnyBatchControl,
    AnyBatchHeader,
    BatchControl,
    BatchHeader,
    FileControl,
    FileHeader,
    IatBatchHeader,
)
from ach.routing import entry_hash, is_routing_number
from ach.sec import ENTRY_CLASSES
from ach.tally import Tally

_TIME = re.compile(r"([01]\d|2[0-3])[0-5]\d")
_CONSTANTS = {"priority_code": "01", "record_size": "094", "blocking_factor": "10", "format_code": "1"}
SERVICE_CLASSES = (200, 220, 225, 280)


def check_file_header(header: FileHeader, options: Options) -> Iterator[Finding]:
    """What is wrong with a file header."""
    destination, origin = header.immediate_destination, header.immediate_origin
    if not _names_institution(destination):
        yield Finding(Rule.IMMEDIATE_DESTINATION, "immediate_destination", "is not a valid routing number", destination)
    if not origin.strip("0") or (options.require_aba_origin and not _names_institution(origin)):
        message = "is not a valid routing number" if options.require_aba_origin else "is mandatory"
        yield Finding(Rule.IMMEDIATE_ORIGIN, "immediate_origin", message, origin)
    if not is_date(header.file_creation_date):
        message = "is not a date YYMMDD"
        yield Finding(Rule.FILE_CREATION_DATE, "file_creation_date", message, header.file_creation_date)
    if not _TIME.fullmatch(header.file_creation_time):
        yield Finding(Rule.TIME, "file_creation_time", "is not a time HHMM", header.file_creation_time)
    if not re.fullmatch(r"[A-Z0-9]", header.file_id_modifier):
        yield Finding(Rule.FILE_ID_MODIFIER, "file_id_modifier", "must be A-Z or 0-9", header.file_id_modifier)
    for name, constant in _CONSTANTS.items():
        if getattr(header, name) != constant:
            yield Finding(Rule.CONSTANT, name, f"must be {constant}", getattr(header, name))


def _names_institution(identification: str) -> bool:
    """Whether this is a routing number; the field has ten columns, and some fill the first with a zero."""
    return is_routing_number(identification.rjust(9, "0")) or (identification[:1] == "0" and is_routing_number(identification[1:]))


def check_batch_header(header: AnyBatchHeader) -> Iterator[Finding]:
    """What is wrong with a batch header."""
    sec = header.standard_entry_class_code
    if header.service_class_code not in SERVICE_CLASSES:
        message = "must be 200, 220, 225 or 280"
        yield Finding(Rule.SERVICE_CLASS_CODE, "service_class_code", message, str(header.service_class_code))
    if sec.upper() not in ENTRY_CLASSES:
        yield Finding(Rule.SEC_CODE, "standard_entry_class_code", "is no standard entry class code", sec)
    elif sec != sec.upper():
        yield Finding(Rule.UPPER_CASE, "standard_entry_class_code", "must be upper case", sec)
    status = header.originator_status_code
    if status not in ("0", "1", "2") or (status == "0" and sec != "ADV" and isinstance(header, BatchHeader)):
        message = "must be 1, for a federal agency 2, for accounting advices 0"
        yield Finding(Rule.ORIGINATOR_STATUS_CODE, "originator_status_code", message, status)
    if isinstance(header, BatchHeader):
        yield from missing(header, ("company_name", "company_identification", "company_entry_description"))
    else:
        yield from _check_iat_header(header)
    yield from _check_description(header)
    if sec != "ENR" and not is_date(header.effective_entry_date):
        yield Finding(Rule.DATE, "effective_entry_date", "is not a date YYMMDD", header.effective_entry_date)
    if header.settlement_date.strip("0") and not is_day_of_year(header.settlement_date):
        yield Finding(Rule.DATE, "settlement_date", "is not a day of the year", header.settlement_date)


def _check_description(header: AnyBatchHeader) -> Iterator[Finding]:
    """The text that an entry class prescribes."""
    entry_class = ENTRY_CLASSES.get(header.standard_entry_class_code.upper())
    if entry_class and entry_class.description not in ("", header.company_entry_description.upper()):
        message = f"must be {entry_class.description} in {entry_class.code}"
        value = header.company_entry_description
        yield Finding(Rule.COMPANY_ENTRY_DESCRIPTION, "company_entry_description", message, value)


def _check_iat_header(header: IatBatchHeader) -> Iterator[Finding]:
    if header.foreign_exchange_indicator not in ("FV", "VF", "FF"):
        value = header.foreign_exchange_indicator
        yield Finding(Rule.MANDATORY, "foreign_exchange_indicator", "must be FV, VF or FF", value)
    names = ("iso_destination_country_code", "originator_identification", "iso_originating_currency_code")
    yield from missing(header, (*names, "iso_destination_currency_code"))


def check_batch_control(header: AnyBatchHeader | None, control: AnyBatchControl, tally: Tally) -> Iterator[Finding]:
    """Where a batch control differs from its header or from the entries of its batch."""
    if header is not None:
        yield from _check_against_header(header, control)
    yield from _check_totals(control, tally)


def _check_against_header(header: AnyBatchHeader, control: AnyBatchControl) -> Iterator[Finding]:
    if header.service_class_code != control.service_class_code:
        message = f"is not the batch header's {header.service_class_code}"
        yield Finding(Rule.SERVICE_CLASS_MATCH, "service_class_code", message, str(control.service_class_code))
    company = header.company_identification if isinstance(header, BatchHeader) else None
    if isinstance(control, BatchControl) and company is not None and company != control.company_identification:
        message = f"is not the batch header's {company!r}"
        yield Finding(Rule.COMPANY_ID_MATCH, "company_identification", message, control.company_identification)
    if header.odfi_identification != control.odfi_identification:
        message = f"is not the batch header's {header.odfi_identification}"
        yield Finding(Rule.ODFI_MATCH, "odfi_identification", message, control.odfi_identification)
    if header.batch_number != control.batch_number:
        message = f"is not the batch header's {header.batch_number}"
        yield Finding(Rule.BATCH_NUMBER_MATCH, "batch_number", message, str(control.batch_number))


def check_file_control(control: FileControl, tally: Tally, batches: int, records: int) -> Iterator[Finding]:
    """Where a file control differs from its file. `records` counts every line, padding included.

    The hash is held against the sum of the batches' hashes, as the operator does.
    """
    if control.batch_count != batches:
        message = f"the file holds {batches} batches"
        yield Finding(Rule.BATCH_COUNT, "batch_count", message, str(control.batch_count))
    blocks = -(-records // 10)
    if control.block_count != blocks:
        message = f"the file holds {blocks} blocks of ten records"
        yield Finding(Rule.BLOCK_COUNT, "block_count", message, str(control.block_count))
    yield from _check_totals(control, tally)


def _check_totals(control: BatchControl | AdvBatchControl | FileControl, tally: Tally) -> Iterator[Finding]:
    for rule, field, stated, counted in (
        (Rule.ENTRY_ADDENDA_COUNT, "entry_addenda_count", control.entry_addenda_count, tally.records),
        (Rule.TOTAL_DEBIT, "total_debit_cents", control.total_debit_cents, tally.debit_cents),
        (Rule.TOTAL_CREDIT, "total_credit_cents", control.total_credit_cents, tally.credit_cents),
        (Rule.ENTRY_HASH, "entry_hash", control.entry_hash, entry_hash(tally.rdfi_sum)),
    ):
        if stated != counted:
            yield Finding(rule, field, f"the entries make {counted}", str(stated))
