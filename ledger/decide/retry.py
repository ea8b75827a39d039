"""Re-presentment of returned debits: when one is due, and whether it still may go out when its day has come.

Source: Nacha Operating Rules, 2.12.4: R01 and R09, R08 with a new authorization; at most twice, within 180 days of the original entry's
settlement, in a batch of its own described RETRY PYMT, with name, company id and amount of the original.
"""

from ledger.account import Account, Item, Payment, Status
from ledger.decide import bars, rollout, tell
from ledger.decide.context import Context
from ledger.decide.entry import SUBMIT_BANKING_DAYS, entry_due
from ledger.effects import AnyEffect, Moved, RetryScheduled
from ledger.governance import DEBITS_HELD, PAUSED, SHADOW
from ledger.policy import ReturnAction

RETRY = "RETRY PYMT"
_AGAIN, _WITH_AUTHORIZATION = "RT", "RA"
_PAID = "paid meanwhile"
_ON_ITS_WAY = frozenset({Status.APPROVED.value, Status.SUBMITTED.value})


def at_ms(payment: Payment, entries: int, action: ReturnAction, context: Context, *, reauthorized: bool = False) -> int | None:
    """When to present again; None when it may not. `entries` counts all that were sent, also one whose submission nobody told of.

    The rule book says which returns, how often and after how many days; a person's new authorization stands above its reasons.
    """
    allowed = (_AGAIN, _WITH_AUTHORIZATION) if reauthorized else (_AGAIN,)
    if action.action not in allowed or payment.direction != "repayment":
        return None
    terms, made = context.rules.retry, max(0, entries - 1)
    if not reauthorized and not terms.wanted(action.reason, payment.amount_cents, made):
        return None
    return context.rail.retry_at_ms(context.at_ms, made, first_settlement(payment, context), terms)


def first_settlement(payment: Payment, context: Context) -> str:
    """The date from which the 180 days count, as far as it is known."""
    return payment.first_settlement_date or payment.day or context.rail.business_date(context.at_ms)


def scheduled(account: Account, payment: Payment, due_ms: int, entry: int, action: ReturnAction, context: Context) -> list[AnyEffect]:
    """The next presentment has a day; the patient is told, unless the rule book leaves that to CREDIT."""
    return [
        RetryScheduled(payment.transaction_id, due_ms, entry),
        Moved(payment.transaction_id, Status.RETRY_SCHEDULED.value, action.code, action.reason, due_ms=due_ms),
        *(tell.patient(account, payment, "retry_scheduled") if context.rules.retry.reminds else ()),
    ]


def reauthorized(account: Account, transaction_id: str, context: Context) -> list[AnyEffect]:
    """The patient authorized anew a payment that was stopped: it is presented again. Whatever else is named, a person looks at it."""
    payment = account.payments.get(transaction_id)
    if payment is not None and payment.status == Status.RETURNED.value and not _why_not(account, payment):
        action = context.rail.return_action(payment.code)
        due_ms = at_ms(payment, payment.attempts, action, context, reauthorized=True)
        if action.action == _WITH_AUTHORIZATION and due_ms is not None:
            closed = tell.closed(account, transaction_id, "authorized anew")
            return [*scheduled(account, payment, due_ms, payment.attempts + 1, action, context), *closed]
    detail = "the authorization names a payment that was not stopped, was paid, or is too old to be presented again"
    return tell.exception(account, transaction_id, "NOTHING_TO_REAUTHORIZE", "low", 0, detail)


def represented(account: Account, payment: Payment, context: Context) -> list[AnyEffect]:
    """A returned debit falls due for re-presentment: sent again, unless it was paid, revoked, flagged or withdrawn meanwhile."""
    rail = context.rail
    today = rail.business_date(context.at_ms)
    why_not = _why_not(account, payment)
    if not why_not and not rail.may_retry_on(today, first_settlement(payment, context)):
        why_not = "180 days are over"
    if why_not:
        return _dropped(account, payment, why_not)
    phase = rollout.phase_of(payment.hospital_id, context)
    if phase in (PAUSED, SHADOW, DEBITS_HELD):
        tomorrow_ms = rail.start_of_day_ms(rail.add_banking_days(today, 1))
        return [Moved(payment.transaction_id, payment.status, payment.code, f"the hospital is in its phase {phase}", due_ms=tomorrow_ms)]
    limit = rail.add_banking_days(today, SUBMIT_BANKING_DAYS)
    return [
        Moved(payment.transaction_id, Status.APPROVED.value, "re_presented", "re-presentment is due", due_ms=rail.start_of_day_ms(limit)),
        entry_due(payment, payment.attempts + 1, RETRY),
        *tell.patient(account, payment, "retry"),
    ]


def _dropped(account: Account, payment: Payment, why: str) -> list[AnyEffect]:
    """No re-presentment: the payment stays returned, and where it is still owed a person decides what to do."""
    effects: list[AnyEffect] = [Moved(payment.transaction_id, Status.RETURNED.value, payment.code, why, payment.day)]
    if why != _PAID:
        detail = f"{payment.code}, not presented again: {why}"
        effects += tell.exception(
            account, payment.transaction_id, "PAYMENT_RETURNED", "medium", payment.amount_cents, detail, payment.hospital_id
        )
    effects += tell.patient(account, payment, "paid" if why == _PAID else "retry_dropped")
    told = tell.credit(payment, Status.RETURNED.value, 0, account.open_cents(), ("RETRY_DROPPED", why, payment.code, 0))
    return [*effects, told]


def _why_not(account: Account, payment: Payment) -> str:
    """The first reason against presenting it again; empty when there is none."""
    if account.mandates and True not in account.mandates.values():
        return "mandate revoked meanwhile"
    if account.consents.get("payments") is False:
        return "consent withdrawn meanwhile"
    if found := bars.obstacle(account, payment):
        return f"flagged: {found.reason}"
    return _paid_otherwise(account, payment)


def _paid_otherwise(account: Account, payment: Payment) -> str:
    """Whether what this payment was for is paid, in part paid, or about to be: the amount of a retry must not change, so it would take
    more than is owed.
    """
    items = _obligations(account, payment)
    if not items:
        return ""
    still_open = sum([item.open_cents for item in items])
    if not still_open:
        return _PAID
    wanted = min(payment.amount_cents, sum([cents for _, cents in payment.paid_before]) or sum([item.original_cents for item in items]))
    if still_open < wanted:
        return "paid in part meanwhile"
    names = {item.balance_id for item in items}
    coming = sum(
        [
            other.amount_cents
            for other in account.payments.values()
            if other.balance_id in names
            and other.direction == "repayment"
            and other.status in _ON_ITS_WAY
            and other.transaction_id != payment.transaction_id
        ]
    )
    return "another payment for it is on its way" if still_open - coming < wanted else ""


def _obligations(account: Account, payment: Payment) -> list[Item]:
    """The balances that this payment is for, with what was charged on them: those it names, else those it had paid before it came back,
    else all of the account.
    """
    items = account.items
    if payment.balance_id in items:
        return _with_charges(account, [items[payment.balance_id]])
    named = [item for item in items.values() if payment.reference and item.reference == payment.reference]
    return _with_charges(account, named or [items[name] for name, _ in payment.paid_before if name in items]) or list(items.values())


def _with_charges(account: Account, balances: list[Item]) -> list[Item]:
    known = {item.balance_id for item in balances}
    return [*balances, *(item for item in account.items.values() if item.parent in known and item.balance_id not in known)]
