"""What falls due in an account when the clock moves on."""

from collections.abc import Sequence

from ledger.account import Account, Payment, Status
from ledger.decide import accrual, alerts, bank, charging, deadlines, duties, park, payments, prenotes, remittances, retry, tell
from ledger.decide.context import Context
from ledger.decide.entry import SUBMIT_BANKING_DAYS
from ledger.effects import Accruing, AnyEffect, ExceptionClosed, Moved, Parked, Unparked
from ledger.standing import ADVICE, MONEY, PRENOTE

DUE_MAX = 200
"""deadlines answered in one entry; an account with more gets several, so that no entry outgrows a journal record"""
PUT_OFF_MS = 3_600_000
UNDECIDED = "DEADLINE_UNDECIDED"
_LAPSED = {PRENOTE: prenotes.lapsed, ADVICE: remittances.lapsed, MONEY: remittances.lapsed}
"""by kind of duty, where `duties` does not answer it"""


def due(account: Account, context: Context) -> Sequence[AnyEffect]:
    """Effects of the deadlines of this account that are not after the tick, `DUE_MAX` of them at most. Each is answered once."""
    effects: list[AnyEffect] = []
    answered = 0
    for payment in account.payments.values():
        if 0 < payment.due_ms <= context.at_ms:
            effects += _payment_due(account, payment, context)
            answered += 1
            if answered == DUE_MAX:
                return deadlines.dated(charging.followed(account, effects, context), context)
    for transaction_id in _expired(account, context):
        effects += park.given_up(account, transaction_id)
    effects = charging.followed(account, effects, context)
    for balance_id in _to_look_at(account, context)[: DUE_MAX - answered]:
        effects += accrual.look(account, balance_id, context)
        answered += 1
    for duty in account.duties:
        if duty.due_ms <= context.at_ms:
            effects += _LAPSED.get(duty.kind, duties.lapsed)(account, duty, context)
    for name in deadlines.waiting(account, context.at_ms)[: DUE_MAX - answered]:
        effects += deadlines.overdue(account, name, context)
    undecided = f"{account.credit_reference}/{UNDECIDED}"
    if effects and undecided in account.exceptions:
        effects.append(ExceptionClosed(undecided, "decided"))
    return deadlines.dated(effects, context)


def put_off(account: Account, context: Context, why: str) -> Sequence[AnyEffect]:
    """A fault of ours keeps the account's deadlines from being decided: they come again in an hour, and people are told once.

    Nothing else is touched, so a corrected program finds everything as it was.
    """
    until_ms = context.at_ms + PUT_OFF_MS
    effects: list[AnyEffect] = [
        Moved(payment.transaction_id, payment.status, reason="deadline put off", due_ms=until_ms)
        for payment in account.payments.values()
        if 0 < payment.due_ms <= context.at_ms
    ]
    for transaction_id in _expired(account, context):
        waiting = [parked for parked in account.parked if parked.transaction_id == transaction_id]
        effects.append(Unparked(transaction_id, "put_off"))
        effects += [Parked(transaction_id, parked.event, until_ms, parked.amount_cents) for parked in waiting]
    for balance_id in _to_look_at(account, context):
        stands = account.accruals[balance_id]
        effects.append(Accruing(balance_id, stands.since, stands.accrued_to, stands.pending_cents, until_ms))
    effects += [duties.again(account, duty, until_ms) for duty in account.duties if duty.due_ms <= context.at_ms]
    effects += [deadlines.put_off(account, name, until_ms) for name in deadlines.waiting(account, context.at_ms)]
    opened = tell.exception(account, account.credit_reference, UNDECIDED, "high", 0, why)
    if opened:
        explanation = f"Deadlines of the account cannot be decided ({why}); they are tried again every hour."
        opened.append(alerts.raised(UNDECIDED.lower(), "critical", account.credit_reference, explanation, context, account.hospital_id))
    return deadlines.dated(effects + opened, context)


def _to_look_at(account: Account, context: Context) -> list[str]:
    """Balances whose grace or interest period has ended."""
    return [balance_id for balance_id in account.accruals if accrual.is_due(account, balance_id, context)]


def _expired(account: Account, context: Context) -> list[str]:
    """Payments that bank events have waited for too long."""
    return list(dict.fromkeys(parked.transaction_id for parked in account.parked if parked.until_ms <= context.at_ms))


def _payment_due(account: Account, payment: Payment, context: Context) -> list[AnyEffect]:
    if payment.status == Status.RETRY_SCHEDULED.value:
        return retry.represented(account, payment, context)
    if payment.status == Status.SETTLED.value:
        return bank.completed(account, payment)
    if payment.status == Status.SUBMITTED.value:
        return bank.overdue_settlement(account, payment)
    if payment.direction == "preapproval":
        return payments.expired(account, payment)
    return [
        Moved(payment.transaction_id, payment.status, "not_submitted", "approved, but the bank has not seen it"),
        *tell.exception(
            account,
            payment.transaction_id,
            "NOT_SUBMITTED",
            "high",
            payment.amount_cents,
            f"approved, but not with the bank within {SUBMIT_BANKING_DAYS} banking days",
            payment.hospital_id,
        ),
    ]
