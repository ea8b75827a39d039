"""Entries that follow from another: a retry, a return fee, a reversal. Each is made from the original entry, refused first.

Source: Nacha Operating Rules 2.12.4 (reinitiation: company name, company identification and amount unchanged, described
`RETRY PYMT`), 2.14 (return fee entries: `RETURN FEE`, for R01 and R09 only, one for each return, none for a fee, settled
within 45 days), 2.9 (reversing entries: `REVERSAL`, company identification, SEC code and amount unchanged, within five
banking days of settlement and 24 hours of discovery; lack of funds is never a reason).
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec.structs import replace

from ach.calendar import is_banking_day
from ach.codes import Action, return_code
from ach.deadlines import return_fee_by, reverse_by
from ach.outgoing import RETURN_FEE, OutgoingEntry
from ach.representment import RETRY_DESCRIPTION
from ach.sec import REVERSAL
from ach.transaction_codes import TRANSACTION_CODES, Use, is_debit, opposite

DISCOVERY_HOURS = 24


class ReversalReason(StrEnum):
    """The only reasons for which an entry may be reversed."""

    DUPLICATE = "duplicate"
    WRONG_RECEIVER = "wrong_receiver"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_DATE = "wrong_date"
    """a debit before, or a credit after, the date it was meant for"""
    PAID_BY_CHECK = "paid_by_check"
    """a PPD credit already paid by check"""


class NoReversal(StrEnum):
    """Why an entry is not reversed, in the order in which it is asked."""

    IS_REVERSAL = "a reversal is not reversed"
    MOVES_NO_MONEY = "the entry moved no money"
    REASON_DOES_NOT_FIT = "a payment by check is a reason for PPD credits only"
    DISCOVERED_TOO_LONG_AGO = "24 hours since the mistake was found have passed"
    TOO_LATE = "five banking days since the settlement have passed"


class NoFee(StrEnum):
    """Why no return fee is charged, in the order in which it is asked."""

    FEE_ON_FEE = "no fee is charged on a returned fee"
    NOT_A_DEBIT = "only returned debits bear a fee"
    CODE = "only R01 and R09 bear a fee"
    ALREADY_CHARGED = "the return was charged a fee already"
    TOO_LATE = "45 days since the return have passed"


def retry_of(original: OutgoingEntry, reference: str, effective_date: date) -> OutgoingEntry:
    """The re-presentment of a returned entry: everything as it was but the description and the date.

    Whether it may be sent is asked first, of `ach.representment.refuse_retry`.
    """
    return replace(
        original,
        reference=reference,
        description=RETRY_DESCRIPTION,
        effective_date=effective_date,
        descriptive_date="",
    )


def refuse_fee(original: OutgoingEntry, code: str, return_settlement: date, settles: date, *, already_charged: bool) -> NoFee | None:
    """The first reason against a return fee, or None."""
    if original.description == RETURN_FEE:
        return NoFee.FEE_ON_FEE
    if not is_debit(original.transaction_code):
        return NoFee.NOT_A_DEBIT
    if return_code(code).action is not Action.RETRY:
        return NoFee.CODE
    if already_charged:
        return NoFee.ALREADY_CHARGED
    return NoFee.TOO_LATE if settles > return_fee_by(return_settlement) else None


def return_fee_of(original: OutgoingEntry, reference: str, amount_cents: int, effective_date: date) -> OutgoingEntry:
    """The fee for a returned entry, notified in advance: PPD to the same account. Ask `refuse_fee` first."""
    return replace(
        original,
        reference=reference,
        sec="PPD",
        description=RETURN_FEE,
        amount_cents=amount_cents,
        effective_date=effective_date,
        descriptive_date="",
        payment_type="",
        payment_information="",
    )


def refuse_reversal(
    original: OutgoingEntry,
    reason: ReversalReason,
    *,
    settled: date,
    discovered: datetime,
    now: datetime,
) -> NoReversal | None:
    """The first reason against reversing an entry, or None. `discovered` and `now` are New York time, zone set."""
    code = TRANSACTION_CODES.get(original.transaction_code)
    if original.description == REVERSAL:
        return NoReversal.IS_REVERSAL
    if code is None or code.use is not Use.LIVE:
        return NoReversal.MOVES_NO_MONEY
    if reason is ReversalReason.PAID_BY_CHECK and (original.sec != "PPD" or code.is_debit):
        return NoReversal.REASON_DOES_NOT_FIT
    if now - discovered > timedelta(hours=DISCOVERY_HOURS):
        return NoReversal.DISCOVERED_TOO_LONG_AGO
    return NoReversal.TOO_LATE if now.date() > reverse_by(settled) else None


def reversal_of(original: OutgoingEntry, reference: str, effective_date: date) -> OutgoingEntry:
    """The entry that undoes another: same parties, class and amount, the opposite transaction code.

    ValueError when the original moved no money or the date is no banking day. Ask `refuse_reversal` first.
    """
    if not is_banking_day(effective_date):
        raise ValueError(f"{effective_date} is no banking day")
    return replace(
        original,
        reference=reference,
        description=REVERSAL,
        transaction_code=opposite(original.transaction_code),
        effective_date=effective_date,
        descriptive_date="",
    )
