"""Bank events that come before their payment: kept aside, applied when it comes, given up when the time is over."""

from ledger.account import Account, ParkedEvent
from ledger.decide import postings, tell
from ledger.decide.context import Context
from ledger.effects import AnyEffect, Parked, Refused, Suspended, Unparked
from ledger.events import PaymentFailed, PaymentReturned, PaymentSettled, PaymentSubmitted
from ledger.refusal import Refusal
from ledger.wire import decode_parked, encode_event

PARK_MS = 24 * 3_600_000
PARKED_MAX = 100
"""parked events of one account; a bank that sends more without any payment has another fault"""

BankEvent = PaymentSubmitted | PaymentSettled | PaymentReturned | PaymentFailed


def parked(account: Account, event: BankEvent, context: Context, amount_cents: int) -> list[AnyEffect]:
    """Park an event whose payment is unknown. The same event again is a duplicate."""
    if any(_same(waiting, event) for waiting in account.parked):
        return [Refused(Refusal.DUPLICATE, event.data.transaction_id, "parked")]
    if len(account.parked) >= PARKED_MAX:
        return [
            Refused(Refusal.UNKNOWN_TRANSACTION, event.data.transaction_id),
            *tell.exception(account, account.credit_reference, "TOO_MANY_PARKED", "high", amount_cents, "bank events without payments"),
        ]
    return [Parked(event.data.transaction_id, encode_event(event), context.now_ms + PARK_MS, amount_cents)]


def _same(waiting: ParkedEvent, event: BankEvent) -> bool:
    """Whether the bank tells again what waits already; a redelivery may have an envelope of its own."""
    if waiting.transaction_id != event.data.transaction_id:
        return False
    known = decode_parked(waiting.event)
    return type(known) is type(event) and known.data == event.data


def given_up(account: Account, transaction_id: str) -> list[AnyEffect]:
    """No payment came: a person must look, and what settled and was not returned lies in suspense meanwhile.

    All that waits for the payment is given up with its first event, so that no cents are left waiting for nothing.
    """
    waiting = [parked for parked in account.parked if parked.transaction_id == transaction_id]
    effects: list[AnyEffect] = [Unparked(transaction_id, "expired")]
    in_suspense = 0
    for parked in waiting:
        if parked.amount_cents:
            in_suspense += parked.amount_cents
            effects += [
                Suspended(transaction_id, parked.amount_cents, "no payment known"),
                postings.suspended(transaction_id, account.hospital_id, parked.amount_cents),
            ]
            continue
        event = decode_parked(parked.event)
        if type(event) is PaymentReturned and 0 < event.data.amount <= in_suspense:
            in_suspense -= event.data.amount
            effects += [
                Suspended(transaction_id, -int(event.data.amount), "returned"),
                postings.left_suspense(transaction_id, account.hospital_id, int(event.data.amount)),
            ]
    return [
        *effects,
        *tell.exception(
            account,
            transaction_id,
            "UNKNOWN_TRANSACTION",
            "high",
            in_suspense,
            "the bank speaks of a payment that never came",
            account.hospital_id,
        ),
    ]
