"""Decisions on money that came in without a payment of ours."""

from ledger.account import Account
from ledger.decide import allocate
from ledger.decide.context import Context, plausible
from ledger.effects import AnyEffect, DepositReceived, Refused
from ledger.events import DepositReceived as DepositEvent
from ledger.matching.remittance import says_trace
from ledger.matching.terms import PAID_IN
from ledger.refusal import Refusal


def deposit_received(account: Account, event: DepositEvent, context: Context) -> list[AnyEffect]:
    """Cash of an insurer or patient: allocated to what the account owes, the rest in suspense until a person knows whose it is."""
    data = event.data
    day = data.settlement_date.isoformat()
    if data.currency != "USD":
        return [Refused(Refusal.CURRENCY_NOT_SUPPORTED, data.deposit_id, data.currency)]
    if data.amount <= 0:
        return [Refused(Refusal.AMOUNT_NOT_POSITIVE, data.deposit_id)]
    if not plausible(day, context):
        return [Refused(Refusal.IMPLAUSIBLE_TIME, data.deposit_id, f"settlement date {day}")]
    known = account.deposits.get(data.deposit_id)
    if known is not None:
        same = (known.amount_cents, known.day, known.reference) == (data.amount, day, data.reference)
        return [Refused(Refusal.DUPLICATE if same else Refusal.CONTENT_CONFLICT, data.deposit_id)]
    received = DepositReceived(
        data.deposit_id,
        data.hospital_id,
        int(data.amount),
        day,
        data.reference,
        data.trace_number,
        data.patient_id,
        data.balance_id,
    )
    allocation = allocate.incoming(
        account,
        data.deposit_id,
        data.hospital_id,
        int(data.amount),
        "" if says_trace(data.reference) else data.reference,
        data.balance_id,
        data.trace_number,
        day,
        context,
        PAID_IN,
    )
    return [received, *allocation.effects]
