"""The ACH entry that a payment brings about."""

from msgspec.structs import replace

from ledger.account import Payment
from ledger.effects import EntryDue

DESCRIPTIONS = {"repayment": "PATIENTPAY", "disbursement": "DISBURSE", "preapproval": "DISBURSE"}
"""company entry description of a payment's first entry"""
PRENOTE = "PRENOTE"
"""company entry description of an entry that tries the account; it moves no money and counts as no attempt"""
SUBMIT_BANKING_DAYS = 3
"""banking days after which an approved payment that the bank has not seen needs a person"""


def entry_due(payment: Payment, attempt: int, description: str) -> EntryDue:
    """The ACH entry of a payment: a debit for a repayment, a credit otherwise. `description` is the company entry description."""
    repayment = payment.direction == "repayment"
    return EntryDue(
        payment.transaction_id,
        attempt,
        "debit" if repayment else "credit",
        payment.amount_cents,
        payment.sec_code or ("WEB" if repayment else "CCD"),
        description,
        payment.hospital_id,
        payment.patient_id,
        payment.instrument,
    )


def prenote_due(payment: Payment) -> EntryDue:
    """The entry without money that goes to the payment's account before its first."""
    return replace(entry_due(payment, 0, PRENOTE), amount_cents=0)
