"""Bank events that come before their payment: kept aside, applied when it comes, given up when the time is over."""

from ledger.account import Account, ParkedEvent
from ledger.decide import postings, tell
from ledger.decide.context import Context
from ledger.effects import AnyEffect, Parked, Refused, Suspended, Unparked
from ledger.events import PaymentFailed, PaymentReturned, PaymentSettled, PaymentSubmitted
from ledger.refusal import Refusal
from ledger.wire import encode_event

PARK_MS = 24 * 3_600_000
PARKED_MAX = 100
"""parked events of one account; a bank that sends more without any payment has another fault"""

BankEvent = PaymentSubmitted | PaymentSettled | PaymentReturned | PaymentFailed


def parked(account: Account, event: BankEvent, context: Context, amount_cents: int) -> list[AnyEffect]:
    """Park an event whose payment is unknown. The same event again is a duplicate."""
    text = encode_event(event)
    if any(waiting.event == text for waiting in account.parked):
        return [Refused(Refusal.DUPLICATE, event.data.transaction_id, "parked")]
    if len(account.parked) >= PARKED_MAX:
        return [
            Refused(Refusal.UNKNOWN_TRANSACTION, event.data.transaction_id),
            *tell.exception(account, account.credit_reference, "TOO_MANY_PARKED", "high", amount_cents, "bank events without payments"),
        ]
    return [Parked(event.data.transaction_id, text, context.now_ms + PARK_MS, amount_cents)]


def given_up(account: Account, waiting: ParkedEvent, hospital_id: str) -> list[AnyEffect]:
    """No payment came: a person must look, and settled money lies in suspense meanwhile."""
    effects: list[AnyEffect] = [Unparked(waiting.transaction_id, "expired")]
    if waiting.amount_cents:
        effects += [
            Suspended(waiting.transaction_id, waiting.amount_cents, "no payment known"),
            postings.suspended(waiting.transaction_id, hospital_id, waiting.amount_cents),
        ]
    return [
        *effects,
        *tell.exception(
            account,
            waiting.transaction_id,
            "UNKNOWN_TRANSACTION",
            "high",
            waiting.amount_cents,
            "the bank speaks of a payment that never came",
            hospital_id,
        ),
    ]
