"""The records of a Nacha file, as frozen values in Nacha's words. Amounts are integer cents, dates stay as they are
written (YYMMDD; settlement dates are the Julian day of the year, three digits, filled in by the operator).

Attributes stand in the order of their columns; `ach.layouts` says which columns. Entries and addenda hold no references
that could form a cycle, so the garbage collector need not look at the millions there may be (`gc=False`).
"""

from msgspec import Struct


class FileHeader(Struct, frozen=True):
    """Record 1."""

    priority_code: str = "01"
    immediate_destination: str = ""
    """routing number of the bank or operator the file goes to"""
    immediate_origin: str = ""
    """routing number or assigned identification of the sender"""
    file_creation_date: str = ""
    file_creation_time: str = ""
    file_id_modifier: str = "A"
    """tells the files of one day apart: A-Z, 0-9"""
    record_size: str = "094"
    blocking_factor: str = "10"
    format_code: str = "1"
    immediate_destination_name: str = ""
    immediate_origin_name: str = ""
    reference_code: str = ""


class BatchHeader(Struct, frozen=True, tag="batch"):
    """Record 5."""

    service_class_code: int = 200
    """200 mixed, 220 credits only, 225 debits only, 280 accounting advices"""
    company_name: str = ""
    company_discretionary_data: str = ""
    company_identification: str = ""
    standard_entry_class_code: str = ""
    company_entry_description: str = ""
    company_descriptive_date: str = ""
    effective_entry_date: str = ""
    settlement_date: str = ""
    originator_status_code: str = "1"
    odfi_identification: str = ""
    """the originating DFI: the first eight digits of its routing number"""
    batch_number: int = 1


class IatBatchHeader(Struct, frozen=True, tag="iat"):
    """Record 5 of an international batch (IAT), or of a notice of change for one (`IATCOR`)."""

    service_class_code: int = 200
    iat_indicator: str = ""
    foreign_exchange_indicator: str = ""
    foreign_exchange_reference_indicator: str = ""
    foreign_exchange_reference: str = ""
    iso_destination_country_code: str = ""
    originator_identification: str = ""
    standard_entry_class_code: str = "IAT"
    company_entry_description: str = ""
    iso_originating_currency_code: str = ""
    iso_destination_currency_code: str = ""
    effective_entry_date: str = ""
    settlement_date: str = ""
    originator_status_code: str = "1"
    odfi_identification: str = ""
    batch_number: int = 1


class Addenda02(Struct, frozen=True, gc=False, tag="02"):
    """Terminal information of a card or machine entry (POS, SHR, MTE)."""

    reference_information_one: str = ""
    reference_information_two: str = ""
    terminal_identification_code: str = ""
    transaction_serial_number: str = ""
    transaction_date: str = ""
    authorization_code: str = ""
    terminal_location: str = ""
    terminal_city: str = ""
    terminal_state: str = ""
    trace_number: str = ""


class Addenda05(Struct, frozen=True, gc=False, tag="05"):
    """Payment related information."""

    payment_related_information: str = ""
    addenda_sequence_number: int = 1
    entry_detail_sequence_number: str = ""
    """the last seven digits of the entry's trace number"""


class Addenda98(Struct, frozen=True, gc=False, tag="98"):
    """A notice of change."""

    change_code: str = ""
    original_trace_number: str = ""
    original_rdfi_identification: str = ""
    corrected_data: str = ""
    trace_number: str = ""


class Addenda98Refused(Struct, frozen=True, gc=False, tag="98-refused"):
    """The refusal of a notice of change."""

    refused_change_code: str = ""
    original_trace_number: str = ""
    original_rdfi_identification: str = ""
    corrected_data: str = ""
    change_code: str = ""
    trace_sequence_number: str = ""
    trace_number: str = ""


class Addenda99(Struct, frozen=True, gc=False, tag="99"):
    """A return."""

    return_code: str = ""
    original_trace_number: str = ""
    date_of_death: str = ""
    original_rdfi_identification: str = ""
    addenda_information: str = ""
    trace_number: str = ""


class Addenda99Dishonored(Struct, frozen=True, gc=False, tag="99-dishonored"):
    """A return that the originating bank does not accept."""

    return_code: str = ""
    original_trace_number: str = ""
    original_rdfi_identification: str = ""
    return_trace_number: str = ""
    return_settlement_date: str = ""
    return_reason_code: str = ""
    """two digits: the R of the code is left out"""
    addenda_information: str = ""
    trace_number: str = ""


class Addenda99Contested(Struct, frozen=True, gc=False, tag="99-contested"):
    """A dishonored return that the receiving bank contests or corrects."""

    return_code: str = ""
    original_trace_number: str = ""
    date_original_entry_returned: str = ""
    original_rdfi_identification: str = ""
    original_settlement_date: str = ""
    return_trace_number: str = ""
    return_settlement_date: str = ""
    return_reason_code: str = ""
    dishonored_return_trace_number: str = ""
    dishonored_return_settlement_date: str = ""
    dishonored_return_reason_code: str = ""
    trace_number: str = ""


class AddendaOther(Struct, frozen=True, gc=False, tag="other"):
    """An addenda record that is carried but not taken apart: types 10 to 18 (IAT), and unknown ones."""

    type_code: str = ""
    content: str = ""


Addenda = Addenda02 | Addenda05 | Addenda98 | Addenda98Refused | Addenda99 | Addenda99Dishonored | Addenda99Contested | AddendaOther


def type_code(addenda: Addenda) -> str:
    """The two digits in columns 2-3 of an addenda record."""
    if isinstance(addenda, AddendaOther):
        return addenda.type_code
    return str(addenda.__struct_config__.tag)[:2]


class Entry(Struct, frozen=True, gc=False, tag="entry"):
    """Record 6. In CTX, ATX and TRX the name holds the number of addenda (four digits) and the receiver (16)."""

    transaction_code: int = 0
    rdfi_identification: str = ""
    """the receiving DFI: the first eight digits of its routing number"""
    check_digit: str = ""
    dfi_account_number: str = ""
    amount_cents: int = 0
    identification_number: str = ""
    individual_name: str = ""
    discretionary_data: str = ""
    """WEB and TEL: payment type, S single or R recurring"""
    addenda_record_indicator: int = 0
    trace_number: str = ""
    addenda: tuple[Addenda, ...] = ()


class AdvEntry(Struct, frozen=True, gc=False, tag="adv"):
    """Record 6 of an accounting advice."""

    transaction_code: int = 0
    rdfi_identification: str = ""
    check_digit: str = ""
    dfi_account_number: str = ""
    amount_cents: int = 0
    advice_routing_number: str = ""
    file_identification: str = ""
    ach_operator_data: str = ""
    individual_name: str = ""
    discretionary_data: str = ""
    addenda_record_indicator: int = 0
    ach_operator_routing_number: str = ""
    julian_date: int = 0
    sequence_number: int = 0
    addenda: tuple[Addenda, ...] = ()


class IatEntry(Struct, frozen=True, gc=False, tag="iat"):
    """Record 6 of an international entry."""

    transaction_code: int = 0
    rdfi_identification: str = ""
    check_digit: str = ""
    addenda_records: int = 0
    amount_cents: int = 0
    dfi_account_number: str = ""
    gateway_ofac_screening_indicator: str = ""
    secondary_ofac_screening_indicator: str = ""
    addenda_record_indicator: int = 0
    trace_number: str = ""
    addenda: tuple[Addenda, ...] = ()


class BatchControl(Struct, frozen=True, tag="batch"):
    """Record 8."""

    service_class_code: int = 200
    entry_addenda_count: int = 0
    entry_hash: int = 0
    total_debit_cents: int = 0
    total_credit_cents: int = 0
    company_identification: str = ""
    message_authentication_code: str = ""
    odfi_identification: str = ""
    batch_number: int = 1


class AdvBatchControl(Struct, frozen=True, tag="adv"):
    """Record 8 of an accounting advice."""

    service_class_code: int = 280
    entry_addenda_count: int = 0
    entry_hash: int = 0
    total_debit_cents: int = 0
    total_credit_cents: int = 0
    ach_operator_data: str = ""
    odfi_identification: str = ""
    batch_number: int = 1


class FileControl(Struct, frozen=True):
    """Record 9."""

    batch_count: int = 0
    block_count: int = 0
    entry_addenda_count: int = 0
    entry_hash: int = 0
    total_debit_cents: int = 0
    total_credit_cents: int = 0


AnyEntry = Entry | AdvEntry | IatEntry
AnyBatchHeader = BatchHeader | IatBatchHeader
AnyBatchControl = BatchControl | AdvBatchControl


class Batch(Struct, frozen=True):
    """Entries that share a header. Header or control is None when a damaged file lacks it."""

    header: AnyBatchHeader | None
    entries: tuple[AnyEntry, ...]
    control: AnyBatchControl | None


class File(Struct, frozen=True):
    """A Nacha file. Header or control is None when a damaged file lacks it."""

    header: FileHeader | None
    batches: tuple[Batch, ...]
    control: FileControl | None
