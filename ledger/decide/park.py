"""Bank events that come before their payment: kept aside, applied when it comes, given up when the time is over."""

from collections.abc import Iterable

from ledger.account import Account, ParkedEvent
from ledger.decide import postings, tell
from ledger.decide.context import Context
from ledger.effects import AnyEffect, Parked, Refused, Suspended, Unparked
from ledger.events import DisputeEvent, PaymentFailed, PaymentReturned, PaymentSettled, PaymentSubmitted
from ledger.refusal import Refusal
from ledger.wire import decode_parked, encode_event

PARK_MS = 24 * 3_600_000
PARKED_MAX = 100
"""parked events of one account; a bank that sends more without any payment has another fault"""

BankEvent = PaymentSubmitted | PaymentSettled | PaymentReturned | PaymentFailed | DisputeEvent


def parked(account: Account, event: BankEvent, context: Context, amount_cents: int) -> list[AnyEffect]:
    """Park an event whose payment is unknown. The same event again is a duplicate, also when it was given up long ago."""
    if any(_same(known, event) for known in (*account.parked, *account.given_up)):
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
    before = of_payment(account.given_up, transaction_id)
    hospital_id = before[0].hospital_id if before else account.hospital_id
    effects: list[AnyEffect] = [Unparked(transaction_id, "expired")]
    lies = _lies_in_suspense(before)
    for parked in of_payment(account.parked, transaction_id):
        change = _change(parked, lies)
        lies += change
        if change > 0:
            effects += [Suspended(transaction_id, change, "no payment known"), postings.suspended(transaction_id, hospital_id, change)]
        elif change < 0:
            effects += [
                Suspended(transaction_id, change, "returned"),
                postings.left_suspense(transaction_id, hospital_id, -change, "returned out of suspense"),
            ]
    detail = "the bank speaks of a payment that never came"
    return [*effects, *tell.exception(account, transaction_id, "UNKNOWN_TRANSACTION", "high", lies, detail, hospital_id)]


def recovered(account: Account, transaction_id: str) -> list[AnyEffect]:
    """The payment of given-up events came after all: their money leaves suspense, to be settled as the payment's."""
    before = of_payment(account.given_up, transaction_id)
    lies = _lies_in_suspense(before)
    closed = tell.closed(account, transaction_id, "the payment came")
    if not lies:
        return [*closed]
    return [
        Suspended(transaction_id, -lies, "the payment came"),
        postings.left_suspense(transaction_id, before[0].hospital_id, lies, "to its payment"),
        *closed,
    ]


def of_payment(events: Iterable[ParkedEvent], transaction_id: str) -> list[ParkedEvent]:
    """The events that speak of one payment, in the order in which they came."""
    return [parked for parked in events if parked.transaction_id == transaction_id]


def _lies_in_suspense(events: Iterable[ParkedEvent]) -> int:
    lies = 0
    for parked in events:
        lies += _change(parked, lies)
    return lies


def _change(parked: ParkedEvent, lies_cents: int) -> int:
    """What an event of an unknown payment does to suspense: settled money goes in, a return takes it out again."""
    if parked.amount_cents:
        return parked.amount_cents
    event = decode_parked(parked.event)
    if type(event) is PaymentReturned and event.data.amount <= lies_cents:
        return -int(event.data.amount)
    return 0
