"""Decisions on money that came in without a payment of ours."""

from ledger.account import Account
from ledger.decide import alerts, allocate, postings, remittances
from ledger.decide.context import Context, plausible
from ledger.decide.sources import SEEN
from ledger.effects import AnyEffect, DepositReceived, ExceptionOpened, Refused, Suspended
from ledger.events import DepositReceived as DepositEvent
from ledger.matching.remittance import says_trace
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
        if same:
            return [Refused(Refusal.DUPLICATE, data.deposit_id)]
        return alerts.conflict(account, data.deposit_id, "", data.hospital_id, int(data.amount), context)
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
    if twin := _twin(account, received):
        return [received, *_put_aside(received, twin)]
    if account.advices or context.rules.remittances:
        explained = remittances.traced(account, received, context)
        if explained is not None:
            return [received, *explained]
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
        context.rules.paid_in,
    )
    return [received, *allocation.effects]


def _twin(account: Account, received: DepositReceived) -> str:
    """The deposit that is this one under another id: one entry of the bank has one trace number. Empty when there is none."""
    key = received.trace_number, received.day, received.amount_cents
    same = (each.deposit_id for each in account.deposits.values() if (each.trace_number, each.day, each.amount_cents) == key)
    return next(same, "") if received.trace_number.strip("0") else ""


def _put_aside(received: DepositReceived, twin: str) -> list[AnyEffect]:
    """It is posted, for the bank says it came, but it pays nothing until a person knows whether it came twice."""
    name, cents, hospital = received.deposit_id, received.amount_cents, received.hospital_id
    detail = f"trace number, date and amount are those of {twin}"
    return [
        Suspended(name, cents, SEEN),
        postings.suspended(name, hospital, cents),
        ExceptionOpened(f"{name}/{SEEN}", SEEN, "high", name, cents, detail, hospital),
    ]
