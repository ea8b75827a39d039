"""What falls due in an account when the clock moves on."""

from ledger.account import Account, Payment, Status
from ledger.decide import bank, park, payments, tell
from ledger.decide.context import Context
from ledger.effects import AnyEffect, Moved


def due(account: Account, context: Context) -> list[AnyEffect]:
    """Effects of every deadline of this account that is not after the tick. Each deadline is answered once."""
    effects: list[AnyEffect] = []
    for payment in account.payments.values():
        if 0 < payment.due_ms <= context.at_ms:
            effects += _payment_due(account, payment, context)
    given_up: set[str] = set()
    for waiting in account.parked:
        if waiting.until_ms <= context.at_ms:
            effects += [
                effect
                for effect in park.given_up(account, waiting, account.hospital_id)
                if getattr(effect, "exception_id", "") not in given_up
            ]
            given_up.add(f"{waiting.transaction_id}/UNKNOWN_TRANSACTION")
    return effects


def _payment_due(account: Account, payment: Payment, context: Context) -> list[AnyEffect]:
    if payment.status == Status.RETRY_SCHEDULED.value:
        return payments.represented(account, payment, context)
    if payment.status == Status.SETTLED.value:
        return bank.completed(payment)
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
            f"approved, but not with the bank within {payments.SUBMIT_BANKING_DAYS} banking days",
            payment.hospital_id,
        ),
    ]
