"""The fold: an account and one effect in, the account after it out. Recovery runs this alone, no decision is taken twice."""

from collections.abc import Callable
from sys import intern
from typing import Any

from msgspec.structs import replace

from ledger import agreement_folds, charge_folds, money_folds, people_folds, remittance_folds, return_folds, windows
from ledger import effects as fx
from ledger.account import Account, Item, ParkedEvent, Payment, Status, same
from ledger.seal import identity

_CAME_BACK = frozenset({Status.RETURNED.value, Status.CHARGED_BACK.value})
_SENT = frozenset({Status.SUBMITTED.value, Status.SETTLED.value})
_SENT_BY = {Status.APPROVED.value: _SENT | _CAME_BACK, Status.RETRY_SCHEDULED.value: _SENT}
"""status before -> statuses that show that an entry went out; a scheduled retry that ends as returned was dropped, not sent"""
_BACK_BEFORE = _CAME_BACK | {Status.RETRY_SCHEDULED.value}
_MEMORY_MS = 90 * 86_400_000
RETURN_DISHONORED = "return_dishonored"
"""reason of the move that lets an entry stand again after its return was dishonored; none was sent"""
RETURN_CONTESTED = "return_contested"
"""reason of the move that lets a dishonored return stand again; it is no further return"""
_GIVEN_UP_MAX = 500
"""given-up events of one account that are remembered; a bank that sends more without any payment has another fault"""

_NOTICED_MAX = 100
"""alerts of windows that one account remembers; a repeat comes within seconds, after a crash of the windows worker"""


def evolve(account: Account, effect: fx.AnyEffect, at_ms: int) -> Account:
    """The account after an effect of an event that happened at `at_ms`. Effects that only tell somebody change nothing."""
    fold = _FOLDS.get(type(effect))
    return account if fold is None else fold(account, effect, at_ms)


def _balance(account: Account, effect: fx.BalanceOpened, at_ms: int) -> Account:
    item = Item(
        effect.balance_id,
        effect.reference,
        effect.amount_cents,
        effect.amount_cents,
        intern(effect.due_date),
        at_ms,
        intern(effect.hospital_id),
        same(effect.patient_id, account.patient_id),
        effect.plan_id,
    )
    return replace(
        account,
        items={**account.items, item.balance_id: item},
        hospital_id=account.hospital_id or intern(effect.hospital_id),
        patient_id=account.patient_id or effect.patient_id,
        opened_at_ms=account.opened_at_ms or at_ms,
    )


def _initiated(account: Account, effect: fx.PaymentInitiated, at_ms: int) -> Account:
    payment = Payment(
        effect.transaction_id,
        intern(effect.direction),
        Status.RECEIVED.value,
        effect.amount_cents,
        intern(effect.hospital_id),
        same(effect.patient_id, account.patient_id),
        effect.reference,
        same(effect.client_reference, effect.transaction_id),
        effect.balance_id,
        intern(effect.sec_code),
        effect.instrument,
        effect.body_sha256,
        at_ms,
    )
    return replace(
        account,
        payments=account.payments_with(payment),
        hospital_id=account.hospital_id or intern(effect.hospital_id),
        patient_id=account.patient_id or effect.patient_id,
        opened_at_ms=account.opened_at_ms or at_ms,
        windows=windows.add(account.windows, at_ms, effect.amount_cents, effect.hospital_id),
    )


def _decided(account: Account, effect: fx.Decided, _: int) -> Account:
    payment = account.payments[effect.transaction_id]
    return account.with_payment(replace(payment, status=intern(effect.status), due_ms=effect.due_ms))


def _moved(account: Account, effect: fx.Moved, at_ms: int) -> Account:
    before = account.payments[effect.transaction_id]
    sent = effect.status in _SENT_BY.get(before.status, ()) and effect.reason != RETURN_DISHONORED
    attempts = before.attempts + 1 if sent else before.attempts
    first = before.first_settlement_date
    if effect.day and attempts == 1 and effect.status in _SENT and effect.reason != RETURN_DISHONORED:
        first = intern(effect.day)
    back = effect.status in _CAME_BACK and before.status not in _BACK_BEFORE
    payment = replace(
        before,
        status=intern(effect.status),
        attempts=attempts,
        code=effect.code or before.code,
        day=intern(effect.day) if effect.day else before.day,
        trace_number=effect.trace_number or before.trace_number,
        first_settlement_date=first,
        due_ms=effect.due_ms,
        came_back=(*before.came_back, (before.day, effect.day, effect.code)) if back else before.came_back,
        paid_before=(before.allocated or before.paid_before) if back else before.paid_before,
    )
    account = account.with_payment(payment)
    if back and effect.reason != RETURN_CONTESTED:
        account = _came_back(account, effect.status, at_ms)
    elif effect.status == Status.SETTLED.value and payment.instrument and not account.privacy:
        known = identity(payment.instrument)
        if known not in account.instruments:
            account = replace(account, instruments=(*account.instruments, known))
    return account


def _came_back(account: Account, status: str, at_ms: int) -> Account:
    """Return history of the last ninety days."""
    horizon = at_ms - _MEMORY_MS
    returns = (*[moment for moment in account.returns_at_ms if moment > horizon], at_ms)
    if status != Status.CHARGED_BACK.value:
        return replace(account, returns_at_ms=returns)
    unauthorized = (*[moment for moment in account.unauthorized_at_ms if moment > horizon], at_ms)
    return replace(account, returns_at_ms=returns, unauthorized_at_ms=unauthorized)


def _parked(account: Account, effect: fx.Parked, _: int) -> Account:
    parked = ParkedEvent(effect.transaction_id, effect.event, effect.until_ms, effect.amount_cents)
    return replace(account, parked=(*account.parked, parked))


def _unparked(account: Account, effect: fx.Unparked, _: int) -> Account:
    """`expired` events are kept as given up; `recovered` takes those back too, for the payment has come."""
    name = effect.transaction_id
    given_up = account.given_up
    if effect.how == "expired":
        lost = [replace(parked, hospital_id=account.hospital_id) for parked in account.parked if parked.transaction_id == name]
        given_up = (*given_up, *lost)[-_GIVEN_UP_MAX:]
    elif effect.how == "recovered":
        given_up = tuple(parked for parked in given_up if parked.transaction_id != name)
    return replace(account, parked=tuple(parked for parked in account.parked if parked.transaction_id != name), given_up=given_up)


def _alerted(account: Account, effect: fx.AlertRaised, _: int) -> Account:
    return replace(account, noticed=(*account.noticed, effect.window)[-_NOTICED_MAX:]) if effect.window else account


def _rule_snoozed(account: Account, effect: fx.RuleSnoozed, _: int) -> Account:
    return replace(account, snoozes={**account.snoozes, effect.rule: effect.until_ms})


_FOLDS: dict[type, Callable[[Account, Any, int], Account]] = {
    fx.BalanceOpened: _balance,
    fx.PaymentInitiated: _initiated,
    fx.Decided: _decided,
    fx.Moved: _moved,
    fx.Parked: _parked,
    fx.Unparked: _unparked,
    fx.AlertRaised: _alerted,
    fx.RuleSnoozed: _rule_snoozed,
    **agreement_folds.FOLDS,
    **charge_folds.FOLDS,
    **money_folds.FOLDS,
    **people_folds.FOLDS,
    **remittance_folds.FOLDS,
    **return_folds.FOLDS,
}
