"""What we ask the builder to send: an entry in business terms, and why it may be refused before any file is made."""

from datetime import date
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from ach.calendar import is_banking_day
from ach.findings import is_portable
from ach.routing import is_routing_number
from ach.sec import ENTRY_CLASSES, ORIGINATED, PRENOTE, REVERSAL
from ach.transaction_codes import TRANSACTION_CODES, Use

AMOUNT_CENTS_MAX = 9_999_999_999
RETURN_FEE = "RETURN FEE"
RESERVED_DESCRIPTIONS = frozenset({"PAYROLL", "PURCHASE"})
"""mandatory for wages and for web purchases from 2026-03-20, so not for hospital payments"""
ACCOUNT_COLUMNS = 17
DESCRIPTION_COLUMNS = 10


class Originator(Struct, frozen=True, kw_only=True):
    """Who sends: the hospital as its bank knows it."""

    company_name: str
    company_identification: str
    odfi_identification: str
    """first eight digits of the originating bank's routing number"""
    company_discretionary_data: str = ""
    offset_routing_number: str = ""
    """account that balances the batches, when the bank wants balanced files; empty for unbalanced ones"""
    offset_account: str = ""
    offset_is_savings: bool = False


class OutgoingEntry(Struct, frozen=True, kw_only=True, gc=False):
    """One approved entry. It is refused rather than bent: only names are shortened and stripped of accents."""

    reference: str
    """our identification of the entry; the trace number is reported against it"""
    originator: Originator
    sec: str
    description: str
    """company entry description; `RETRY PYMT`, `RETURN FEE`, `REVERSAL` and `PRENOTE` have meaning to the network"""
    effective_date: date
    transaction_code: int
    routing_number: str
    account: str
    amount_cents: int
    name: str
    identification_number: str = ""
    payment_type: str = ""
    """WEB and TEL: S single, R recurring"""
    payment_information: str = ""
    """up to 80 columns that travel in an addenda record"""
    descriptive_date: str = ""
    """`SD1300` asks for the same-day window that settles at 13:00"""


class Refusal(StrEnum):
    """Why an entry does not go out, in the order in which it is asked."""

    NOT_ORIGINATED = "this entry class is not originated here"
    DESCRIPTION = "the company entry description is blank, too long or reserved for other payments"
    TRANSACTION_CODE = "the transaction code does not exist or does not fit the entry class"
    AMOUNT = "the amount does not fit the transaction code or the field"
    ROUTING_NUMBER = "the routing number's check digit is wrong"
    ACCOUNT = "the account number is blank, too long or holds odd characters"
    NAME = "the name is blank"
    PAYMENT_TYPE = "the payment type must be S or R"
    PAYMENT_INFORMATION = "this entry class carries no such payment information"
    EFFECTIVE_DATE = "the effective entry date is no banking day"


def refuse(entry: OutgoingEntry) -> Refusal | None:
    """The first reason against sending this entry, or None."""
    refusal = refuse_terms(entry.sec, entry.description, entry.transaction_code, entry.effective_date)
    if refusal is not None:
        return refusal
    moves_money = TRANSACTION_CODES[entry.transaction_code].use is Use.LIVE
    if not (1 if moves_money else 0) <= entry.amount_cents <= (AMOUNT_CENTS_MAX if moves_money else 0):
        return Refusal.AMOUNT
    if not _is_routing_number(entry.routing_number):
        return Refusal.ROUTING_NUMBER
    account = entry.account
    if not account.strip() or len(account) > ACCOUNT_COLUMNS or not is_portable(account):
        return Refusal.ACCOUNT
    if not entry.name.strip(" 0"):
        return Refusal.NAME
    marks = ENTRY_CLASSES[entry.sec].marks
    if "payment" in marks and entry.payment_type not in ("S", "R"):
        return Refusal.PAYMENT_TYPE
    if entry.payment_information and not _carries(entry):
        return Refusal.PAYMENT_INFORMATION
    return None


@lru_cache(maxsize=4096)
def refuse_terms(sec: str, description: str, transaction_code: int, effective_date: date) -> Refusal | None:
    """The first reason against what an entry has in common with its batch."""
    if sec not in ORIGINATED:
        return Refusal.NOT_ORIGINATED
    words = description.strip()
    if not words or len(words) > DESCRIPTION_COLUMNS or not is_portable(words) or words in RESERVED_DESCRIPTIONS:
        return Refusal.DESCRIPTION
    code = TRANSACTION_CODES.get(transaction_code)
    if code is None or code.use not in (Use.LIVE, Use.PRENOTE) or (code.use is Use.LIVE and words == PRENOTE):
        return Refusal.TRANSACTION_CODE
    if code.account == "loan" and code.is_debit and words != REVERSAL:
        return Refusal.TRANSACTION_CODE
    if ENTRY_CLASSES[sec].moves == "D" and not code.is_debit and words != REVERSAL:
        return Refusal.TRANSACTION_CODE
    return None if is_banking_day(effective_date) else Refusal.EFFECTIVE_DATE


@lru_cache(maxsize=65_536)
def _is_routing_number(number: str) -> bool:
    return is_routing_number(number)


def _carries(entry: OutgoingEntry) -> bool:
    """Whether the entry class takes an addenda record and this text fits it."""
    text = entry.payment_information
    return ENTRY_CLASSES[entry.sec].addenda_type == "05" and len(text) <= 80 and is_portable(text)
