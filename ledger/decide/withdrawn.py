"""Debits that are approved but not with the bank yet, once nothing authorizes them any more: they are withdrawn before the cut-off.

Source: Nacha Operating Rules, 2.3.2: a debit needs an authorization in force when it is sent. The rail leaves out of a cut whatever was
canceled before it; of an entry that was cut already the bank tells next, which a person must then look at.
"""

from collections.abc import Collection

from ledger.account import Account, Payment, Status
from ledger.decide import postings, prenotes, tell
from ledger.effects import AnyEffect, Moved

WITHDRAWN = "WITHDRAWN"


def debits(account: Account, why: str, but: Collection[str] = ()) -> list[AnyEffect]:
    """Every approved debit is canceled and CREDIT told, but for these payments. What is owed stays owed."""
    queued = [
        payment
        for payment in account.payments.values()
        if payment.status == Status.APPROVED.value and payment.direction == "repayment" and payment.transaction_id not in but
    ]
    return [effect for payment in queued for effect in _withdrawn(account, payment, why)]


def _withdrawn(account: Account, payment: Payment, why: str) -> list[AnyEffect]:
    status = Status.CANCELED.value
    return [
        Moved(payment.transaction_id, status, "withdrawn", why),
        *postings.released(payment, "withdrawn"),
        *prenotes.ended(account, payment, "withdrawn"),
        *tell.closed(account, payment.transaction_id, "withdrawn"),
        tell.credit(payment, status, 0, account.open_cents(), (WITHDRAWN, why, "", 0)),
    ]
