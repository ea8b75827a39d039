"""Named overrides for reading other people's files. Each switches off the rules listed beside it, and nothing else.

Files of ours are written and checked with no override and with every warning an error: `Options(strict=True)`.
"""

from functools import cache

from msgspec import Struct
from msgspec.structs import asdict

from ach.problems import Rule


class Options(Struct, frozen=True, kw_only=True):
    """How tolerantly to read. All off: Nacha's rules, with the harmless breaches reported as warnings."""

    strict: bool = False
    """warnings are errors: for files of ours"""
    skip_all: bool = False
    """read what can be read, check nothing"""
    require_aba_origin: bool = False
    """the immediate origin must be a routing number; otherwise any identification will do"""
    bypass_origin_validation: bool = False
    bypass_destination_validation: bool = False
    bypass_company_identification_match: bool = False
    bypass_batch_validation: bool = False
    allow_missing_file_header: bool = False
    allow_missing_file_control: bool = False
    allow_missing_batch_header: bool = False
    allow_missing_batch_control: bool = False
    allow_zero_batches: bool = False
    allow_empty_batches: bool = False
    allow_unordered_batch_numbers: bool = False
    allow_invalid_amounts: bool = False
    allow_zero_entry_amount: bool = False
    allow_invalid_check_digit: bool = False
    allow_special_characters: bool = False
    allow_empty_individual_name: bool = False
    allow_custom_transaction_codes: bool = False
    custom_trace_numbers: bool = False
    """trace numbers need not ascend nor start with the ODFI's identification, addenda need not repeat them"""
    custom_return_codes: bool = False
    unequal_trace_odfi: bool = False
    unequal_service_class_code: bool = False
    unequal_addenda_counts: bool = False


OVERRIDES: dict[str, frozenset[Rule]] = {
    "skip_all": frozenset(Rule),
    "bypass_origin_validation": frozenset({Rule.IMMEDIATE_ORIGIN, Rule.TRACE_ODFI}),
    "bypass_destination_validation": frozenset({Rule.IMMEDIATE_DESTINATION}),
    "bypass_company_identification_match": frozenset({Rule.COMPANY_ID_MATCH}),
    "bypass_batch_validation": frozenset(
        {
            Rule.NO_ENTRIES,
            Rule.AMOUNT_ZERO,
            Rule.AMOUNT_NOT_ZERO,
            Rule.AMOUNT_LIMIT,
            Rule.TRACE_ASCENDING,
            Rule.TRACE_ODFI,
            Rule.TRANSACTION_CODE_FOR_CLASS,
            Rule.TRANSACTION_CODE_FOR_SEC,
            Rule.COMPANY_ENTRY_DESCRIPTION,
            Rule.IDENTIFICATION_NUMBER,
            Rule.PAYMENT_TYPE,
            Rule.CARD_TRANSACTION_TYPE,
            Rule.ADDENDA_TYPE,
            Rule.ADDENDA_COUNT,
            Rule.ADDENDA_SEQUENCE,
            Rule.ADDENDA_TRACE,
            Rule.CATEGORY,
            Rule.COMPANY_ID_MATCH,
            Rule.SERVICE_CLASS_MATCH,
            Rule.ODFI_MATCH,
            Rule.BATCH_NUMBER_MATCH,
            Rule.ENTRY_ADDENDA_COUNT,
            Rule.ENTRY_HASH,
            Rule.TOTAL_DEBIT,
            Rule.TOTAL_CREDIT,
        }
    ),
    "allow_missing_file_header": frozenset({Rule.FILE_HEADER}),
    "allow_missing_file_control": frozenset({Rule.FILE_CONTROL}),
    "allow_missing_batch_header": frozenset({Rule.ENTRY_OUTSIDE_BATCH}),
    "allow_missing_batch_control": frozenset({Rule.BATCH_CONTROL}),
    "allow_zero_batches": frozenset({Rule.NO_BATCHES}),
    "allow_empty_batches": frozenset({Rule.NO_ENTRIES}),
    "allow_unordered_batch_numbers": frozenset({Rule.BATCH_NUMBER_ASCENDING}),
    "allow_invalid_amounts": frozenset({Rule.AMOUNT_ZERO, Rule.AMOUNT_NOT_ZERO, Rule.AMOUNT_LIMIT}),
    "allow_zero_entry_amount": frozenset({Rule.AMOUNT_ZERO}),
    "allow_invalid_check_digit": frozenset({Rule.CHECK_DIGIT}),
    "allow_special_characters": frozenset({Rule.CHARACTERS}),
    "allow_empty_individual_name": frozenset({Rule.INDIVIDUAL_NAME}),
    "allow_custom_transaction_codes": frozenset(
        {Rule.TRANSACTION_CODE, Rule.TRANSACTION_CODE_FOR_CLASS, Rule.TRANSACTION_CODE_FOR_SEC, Rule.SERVICE_CLASS_CODE}
    ),
    "custom_trace_numbers": frozenset({Rule.TRACE_ASCENDING, Rule.TRACE_ODFI, Rule.ADDENDA_SEQUENCE, Rule.ADDENDA_TRACE}),
    "custom_return_codes": frozenset({Rule.RETURN_CODE}),
    "unequal_trace_odfi": frozenset({Rule.TRACE_ODFI}),
    "unequal_service_class_code": frozenset({Rule.SERVICE_CLASS_MATCH}),
    "unequal_addenda_counts": frozenset({Rule.ENTRY_ADDENDA_COUNT}),
}


@cache
def switched_off(options: Options) -> frozenset[Rule]:
    """The rules that these options switch off."""
    chosen = [OVERRIDES[name] for name, on in asdict(options).items() if on and name in OVERRIDES]
    return frozenset().union(*chosen)
