"""What can be wrong with a Nacha file: one named rule for each, and a problem as a value that says where.

A problem names the record, the line, the field, its columns and the rule, so that a bank's rejection and our own check
speak the same words. Source of the rules: Nacha Operating Rules, Appendices One to Three (file exchange, data
specifications, record formats); the operator's reasons for rejecting a file or a batch are Appendix Two.
"""

from enum import StrEnum

from msgspec import Struct


class Rule(StrEnum):
    """The rules a file is checked against."""

    # the shape of the file
    RECORD_LENGTH = "record_length"
    RECORD_TYPE = "record_type"
    CHARACTERS = "characters"
    FILE_HEADER = "file_header"
    FILE_CONTROL = "file_control"
    BATCH_CONTROL = "batch_control"
    NO_BATCHES = "no_batches"
    NO_ENTRIES = "no_entries"
    ENTRY_OUTSIDE_BATCH = "entry_outside_batch"
    ADDENDA_OUTSIDE_ENTRY = "addenda_outside_entry"
    PADDING = "padding"
    RESERVED = "reserved"
    # single fields
    NUMERIC = "numeric"
    ZERO_FILLED = "zero_filled"
    DIGITS = "digits"
    MANDATORY = "mandatory"
    CONSTANT = "constant"
    DATE = "date"
    TIME = "time"
    FILE_CREATION_DATE = "file_creation_date"
    FILE_ID_MODIFIER = "file_id_modifier"
    IMMEDIATE_DESTINATION = "immediate_destination"
    IMMEDIATE_ORIGIN = "immediate_origin"
    SERVICE_CLASS_CODE = "service_class_code"
    SEC_CODE = "standard_entry_class_code"
    ORIGINATOR_STATUS_CODE = "originator_status_code"
    TRANSACTION_CODE = "transaction_code"
    CHECK_DIGIT = "check_digit"
    INDIVIDUAL_NAME = "individual_name"
    RETURN_CODE = "return_code"
    CHANGE_CODE = "change_code"
    CORRECTED_DATA = "corrected_data"
    UPPER_CASE = "upper_case"
    # an entry within its batch
    AMOUNT_ZERO = "amount_zero"
    AMOUNT_NOT_ZERO = "amount_not_zero"
    AMOUNT_LIMIT = "amount_limit"
    TRACE_ASCENDING = "trace_ascending"
    TRACE_ODFI = "trace_odfi"
    TRANSACTION_CODE_FOR_CLASS = "transaction_code_for_service_class"
    TRANSACTION_CODE_FOR_SEC = "transaction_code_for_sec"
    COMPANY_ENTRY_DESCRIPTION = "company_entry_description"
    IDENTIFICATION_NUMBER = "identification_number"
    PAYMENT_TYPE = "payment_type"
    CARD_TRANSACTION_TYPE = "card_transaction_type"
    ADDENDA_INDICATOR = "addenda_record_indicator"
    ADDENDA_TYPE = "addenda_type_code"
    ADDENDA_COUNT = "addenda_count"
    ADDENDA_RECORDS = "addenda_records"
    ADDENDA_SEQUENCE = "addenda_sequence"
    ADDENDA_TRACE = "addenda_trace"
    CATEGORY = "category"
    # header against control, control against content
    COMPANY_ID_MATCH = "company_identification_match"
    SERVICE_CLASS_MATCH = "service_class_code_match"
    ODFI_MATCH = "odfi_identification_match"
    BATCH_NUMBER_MATCH = "batch_number_match"
    BATCH_NUMBER_ASCENDING = "batch_number_ascending"
    BATCH_COUNT = "batch_count"
    BLOCK_COUNT = "block_count"
    ENTRY_ADDENDA_COUNT = "entry_addenda_count"
    ENTRY_HASH = "entry_hash"
    TOTAL_DEBIT = "total_debit"
    TOTAL_CREDIT = "total_credit"


WARNINGS = frozenset(
    {
        Rule.ADDENDA_RECORDS,
        Rule.BLOCK_COUNT,
        Rule.CONSTANT,
        Rule.DATE,
        Rule.DIGITS,
        Rule.PADDING,
        Rule.PAYMENT_TYPE,
        Rule.RECORD_LENGTH,
        Rule.RESERVED,
        Rule.TIME,
        Rule.UPPER_CASE,
        Rule.ZERO_FILLED,
    }
)
"""Rules whose breach does not hinder reading: banks send such files every day. In a file of ours they are errors."""

SENSITIVE_FIELDS = frozenset({"dfi_account_number", "individual_name", "identification_number", "corrected_data"})
"""Their content is personal, so a problem never repeats it: problems end up in logs and reports."""


class Problem(Struct, frozen=True, kw_only=True):
    """One breach of one rule. Lines count from 1, columns from 1 as in Nacha's tables; 0 where none applies."""

    rule: Rule
    message: str
    line: int = 0
    record: str = ""
    """Nacha's name of the record, e.g. `entry detail`"""
    field: str = ""
    start: int = 0
    """first column of the field"""
    end: int = 0
    """last column of the field"""
    value: str = ""
    """what stands there, unless it is personal"""
    warning: bool = False

    def __str__(self) -> str:
        """One line for people: `line 3, entry detail, check_digit (12-12): …`."""
        where = [f"line {self.line}"] if self.line else []
        if self.record:
            where.append(self.record)
        if self.field:
            where.append(f"{self.field} ({self.start}-{self.end})" if self.start else self.field)
        found = f", found {self.value!r}" if self.value else ""
        return f"{', '.join(where)}: {self.message}{found} [{self.rule}]".lstrip(": ")
