"""Where every field stands: the record formats, as data. Columns count from 1, as in Nacha's tables.

Source: Nacha Operating Rules, Appendix Three (record formats); columns left out are reserved and blank. The addenda
records are in `ach.addenda_layouts`.
"""

from ach.fields import Field, Kind, Layout
from ach.records import (
    AdvBatchControl,
    AdvEntry,
    BatchControl,
    BatchHeader,
    Entry,
    FileControl,
    FileHeader,
    IatBatchHeader,
    IatEntry,
)

FILE_HEADER = Layout(
    "file header",
    "1",
    FileHeader,
    Field("priority_code", 2, 3),
    Field("immediate_destination", 4, 13, Kind.RIGHT),
    Field("immediate_origin", 14, 23, Kind.RIGHT),
    Field("file_creation_date", 24, 29),
    Field("file_creation_time", 30, 33),
    Field("file_id_modifier", 34, 34),
    Field("record_size", 35, 37),
    Field("blocking_factor", 38, 39),
    Field("format_code", 40, 40),
    Field("immediate_destination_name", 41, 63),
    Field("immediate_origin_name", 64, 86),
    Field("reference_code", 87, 94),
)

BATCH_HEADER = Layout(
    "batch header",
    "5",
    BatchHeader,
    Field("service_class_code", 2, 4, Kind.NUMBER),
    Field("company_name", 5, 20),
    Field("company_discretionary_data", 21, 40),
    Field("company_identification", 41, 50),
    Field("standard_entry_class_code", 51, 53),
    Field("company_entry_description", 54, 63),
    Field("company_descriptive_date", 64, 69),
    Field("effective_entry_date", 70, 75),
    Field("settlement_date", 76, 78),
    Field("originator_status_code", 79, 79),
    Field("odfi_identification", 80, 87, Kind.DIGITS),
    Field("batch_number", 88, 94, Kind.NUMBER),
)

IAT_BATCH_HEADER = Layout(
    "batch header",
    "5",
    IatBatchHeader,
    Field("service_class_code", 2, 4, Kind.NUMBER),
    Field("iat_indicator", 5, 20),
    Field("foreign_exchange_indicator", 21, 22),
    Field("foreign_exchange_reference_indicator", 23, 23),
    Field("foreign_exchange_reference", 24, 38),
    Field("iso_destination_country_code", 39, 40),
    Field("originator_identification", 41, 50),
    Field("standard_entry_class_code", 51, 53),
    Field("company_entry_description", 54, 63),
    Field("iso_originating_currency_code", 64, 66),
    Field("iso_destination_currency_code", 67, 69),
    Field("effective_entry_date", 70, 75),
    Field("settlement_date", 76, 78),
    Field("originator_status_code", 79, 79),
    Field("odfi_identification", 80, 87, Kind.DIGITS),
    Field("batch_number", 88, 94, Kind.NUMBER),
)

ENTRY = Layout(
    "entry detail",
    "6",
    Entry,
    Field("transaction_code", 2, 3, Kind.NUMBER),
    Field("rdfi_identification", 4, 11, Kind.DIGITS),
    Field("check_digit", 12, 12, Kind.DIGITS),
    Field("dfi_account_number", 13, 29),
    Field("amount_cents", 30, 39, Kind.NUMBER),
    Field("identification_number", 40, 54),
    Field("individual_name", 55, 76),
    Field("discretionary_data", 77, 78),
    Field("addenda_record_indicator", 79, 79, Kind.NUMBER),
    Field("trace_number", 80, 94, Kind.DIGITS),
)

ADV_ENTRY = Layout(
    "entry detail",
    "6",
    AdvEntry,
    Field("transaction_code", 2, 3, Kind.NUMBER),
    Field("rdfi_identification", 4, 11, Kind.DIGITS),
    Field("check_digit", 12, 12, Kind.DIGITS),
    Field("dfi_account_number", 13, 27),
    Field("amount_cents", 28, 39, Kind.NUMBER),
    Field("advice_routing_number", 40, 48),
    Field("file_identification", 49, 53),
    Field("ach_operator_data", 54, 54),
    Field("individual_name", 55, 76),
    Field("discretionary_data", 77, 78),
    Field("addenda_record_indicator", 79, 79, Kind.NUMBER),
    Field("ach_operator_routing_number", 80, 87),
    Field("julian_date", 88, 90, Kind.NUMBER),
    Field("sequence_number", 91, 94, Kind.NUMBER),
)

IAT_ENTRY = Layout(
    "entry detail",
    "6",
    IatEntry,
    Field("transaction_code", 2, 3, Kind.NUMBER),
    Field("rdfi_identification", 4, 11, Kind.DIGITS),
    Field("check_digit", 12, 12, Kind.DIGITS),
    Field("addenda_records", 13, 16, Kind.NUMBER),
    Field("amount_cents", 30, 39, Kind.NUMBER),
    Field("dfi_account_number", 40, 74),
    Field("gateway_ofac_screening_indicator", 77, 77),
    Field("secondary_ofac_screening_indicator", 78, 78),
    Field("addenda_record_indicator", 79, 79, Kind.NUMBER),
    Field("trace_number", 80, 94, Kind.DIGITS),
)

BATCH_CONTROL = Layout(
    "batch control",
    "8",
    BatchControl,
    Field("service_class_code", 2, 4, Kind.NUMBER),
    Field("entry_addenda_count", 5, 10, Kind.NUMBER),
    Field("entry_hash", 11, 20, Kind.NUMBER),
    Field("total_debit_cents", 21, 32, Kind.NUMBER),
    Field("total_credit_cents", 33, 44, Kind.NUMBER),
    Field("company_identification", 45, 54),
    Field("message_authentication_code", 55, 73),
    Field("odfi_identification", 80, 87, Kind.DIGITS),
    Field("batch_number", 88, 94, Kind.NUMBER),
)

ADV_BATCH_CONTROL = Layout(
    "batch control",
    "8",
    AdvBatchControl,
    Field("service_class_code", 2, 4, Kind.NUMBER),
    Field("entry_addenda_count", 5, 10, Kind.NUMBER),
    Field("entry_hash", 11, 20, Kind.NUMBER),
    Field("total_debit_cents", 21, 40, Kind.NUMBER),
    Field("total_credit_cents", 41, 60, Kind.NUMBER),
    Field("ach_operator_data", 61, 79),
    Field("odfi_identification", 80, 87, Kind.DIGITS),
    Field("batch_number", 88, 94, Kind.NUMBER),
)

FILE_CONTROL = Layout(
    "file control",
    "9",
    FileControl,
    Field("batch_count", 2, 7, Kind.NUMBER),
    Field("block_count", 8, 13, Kind.NUMBER),
    Field("entry_addenda_count", 14, 21, Kind.NUMBER),
    Field("entry_hash", 22, 31, Kind.NUMBER),
    Field("total_debit_cents", 32, 43, Kind.NUMBER),
    Field("total_credit_cents", 44, 55, Kind.NUMBER),
)

ADV_FILE_CONTROL = Layout(
    "file control",
    "9",
    FileControl,
    Field("batch_count", 2, 7, Kind.NUMBER),
    Field("block_count", 8, 13, Kind.NUMBER),
    Field("entry_addenda_count", 14, 21, Kind.NUMBER),
    Field("entry_hash", 22, 31, Kind.NUMBER),
    Field("total_debit_cents", 32, 51, Kind.NUMBER),
    Field("total_credit_cents", 52, 71, Kind.NUMBER),
)
