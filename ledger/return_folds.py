"""The fold of the effects in `ledger.return_effects`."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from ledger import return_effects as fx
from ledger.account import Account
from ledger.standing import Bar, Change, Duty

_CHANGES_MAX = 50
"""notices of change of one account that are remembered, to know a repeat; a bank that sends more does not read our entries"""


def _corrected(account: Account, effect: fx.AccountCorrected, _: int) -> Account:
    change = Change(effect.transaction_id, effect.code, effect.day, effect.trace_number)
    return replace(account, changes=(*account.changes, change)[-_CHANGES_MAX:])


def _barred(account: Account, effect: fx.Barred, at_ms: int) -> Account:
    bars = _without_bar(account, effect.bar, effect.transaction_id)
    return replace(account, bars=(*bars, Bar(effect.bar, effect.transaction_id, effect.code, effect.day, at_ms)))


def _unbarred(account: Account, effect: fx.Unbarred, _: int) -> Account:
    return replace(account, bars=_without_bar(account, effect.bar, effect.transaction_id))


def _without_bar(account: Account, kind: str, transaction_id: str) -> tuple[Bar, ...]:
    return tuple(bar for bar in account.bars if (bar.kind, bar.transaction_id) != (kind, transaction_id))


def _duty(account: Account, effect: fx.DutyOpened, _: int) -> Account:
    """One duty of a kind for each payment; a later one takes the place of the earlier."""
    duty = Duty(effect.duty, effect.transaction_id, effect.code, effect.day, effect.until, effect.due_ms)
    return replace(account, duties=(*_without_duty(account, effect.duty, effect.transaction_id), duty))


def _duty_closed(account: Account, effect: fx.DutyClosed, _: int) -> Account:
    return replace(account, duties=_without_duty(account, effect.duty, effect.transaction_id))


def _without_duty(account: Account, kind: str, transaction_id: str) -> tuple[Duty, ...]:
    return tuple(duty for duty in account.duties if (duty.kind, duty.transaction_id) != (kind, transaction_id))


def _disputed(account: Account, effect: fx.Disputed, _: int) -> Account:
    payment = account.payments[effect.transaction_id]
    return account.with_payment(replace(payment, disputed=(*payment.disputed, (effect.day, effect.code))))


FOLDS: dict[type, Callable[[Account, Any, int], Account]] = {
    fx.AccountCorrected: _corrected,
    fx.Barred: _barred,
    fx.Unbarred: _unbarred,
    fx.DutyOpened: _duty,
    fx.DutyClosed: _duty_closed,
    fx.Disputed: _disputed,
}
