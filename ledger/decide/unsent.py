"""A payment whose entry never left for the bank."""

from ledger.account import Account, Payment, Status
from ledger.decide import postings, tell
from ledger.effects import AnyEffect, Moved


def failed(account: Account, payment: Payment, why: str, problem: tuple[str, str, str, int]) -> list[AnyEffect]:
    """It failed: what was posted for it is released, a person and CREDIT are told; `problem` is what the webhook says."""
    return [
        Moved(payment.transaction_id, Status.FAILED.value, "failed", why),
        *postings.released(payment, "failed"),
        *tell.exception(account, payment.transaction_id, "PAYMENT_FAILED", "medium", payment.amount_cents, why, payment.hospital_id),
        *tell.patient(account, payment, "failed"),
        tell.credit(payment, Status.FAILED.value, 0, account.open_cents(), problem),
    ]
