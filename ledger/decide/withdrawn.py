"""Debits that are approved but not with the bank yet, once nothing authorizes them any more or their bank account is known to be wrong:
they are withdrawn before the cut-off.

Source: Nacha Operating Rules, 2.3.2: a debit needs an authorization in force when it is sent; 2.6: a live entry does not follow a prenote
that came back. The rail leaves out of a cut whatever was canceled before it; of an entry that was cut already the bank tells next, which a
person must then look at.
"""

from collections.abc import Collection

from ledger.account import Account, Payment, Status
from ledger.decide import bars, postings, prenotes, tell
from ledger.effects import AnyEffect, Moved

WITHDRAWN = "WITHDRAWN"


def debits(account: Account, why: str, but: Collection[str] = ()) -> list[AnyEffect]:
    """Every approved debit is canceled and CREDIT told, but for these payments. What is owed stays owed."""
    return [effect for payment in _queued(account, but) for effect in _withdrawn(account, payment, why)]


def debits_to(account: Account, like: Payment, why: str, but: Collection[str] = ()) -> list[AnyEffect]:
    """As `debits`, but only those to the bank account that this payment goes to."""
    return [
        effect for payment in _queued(account, but) if bars.same_instrument(payment, like) for effect in _withdrawn(account, payment, why)
    ]


def _queued(account: Account, but: Collection[str]) -> list[Payment]:
    return [
        payment
        for payment in account.payments.values()
        if payment.status == Status.APPROVED.value and payment.direction == "repayment" and payment.transaction_id not in but
    ]


def _withdrawn(account: Account, payment: Payment, why: str) -> list[AnyEffect]:
    status = Status.CANCELED.value
    return [
        Moved(payment.transaction_id, status, "withdrawn", why),
        *postings.released(payment, "withdrawn"),
        *prenotes.ended(account, payment, "withdrawn"),
        *tell.closed(account, payment.transaction_id, "withdrawn"),
        tell.credit(payment, status, 0, account.open_cents(), (WITHDRAWN, why, "", 0)),
    ]
