"""The folds of what people do, and of exceptions with their deadlines. `ledger.evolve` has the rest."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from ledger import effects as fx
from ledger.account import Account, Deposit
from ledger.casework import UNKNOWN, Adjustment, Case
from ledger.matching.outcome import State

_MISSING = State.MISSING.value
ACTS_MAX = 300
"""acts of one account that are remembered to know a repeat; people do not do more while a request is repeated"""


def _opened(account: Account, effect: fx.ExceptionOpened, at_ms: int) -> Account:
    missing = (*account.missing, effect.about) if effect.code == _MISSING else account.missing
    case = Case(effect.severity, effect.hospital_id, at_ms, effect.due_ms, effect.due_ms)
    return replace(
        account,
        exceptions={**account.exceptions, effect.exception_id: effect.amount_cents},
        cases={**account.cases, effect.exception_id: case},
        missing=missing,
    )


def _closed(account: Account, effect: fx.ExceptionClosed, _: int) -> Account:
    name = effect.exception_id
    return replace(
        account,
        exceptions={known: cents for known, cents in account.exceptions.items() if known != name},
        cases={known: case for known, case in account.cases.items() if known != name},
    )


def _acted(account: Account, effect: fx.Acted, _: int) -> Account:
    return replace(account, acts=(*account.acts, effect.act_id)[-ACTS_MAX:])


def _assigned(account: Account, effect: fx.ExceptionAssigned, _: int) -> Account:
    return _with_case(account, effect.exception_id, owner=effect.owner)


def _snoozed(account: Account, effect: fx.ExceptionSnoozed, _: int) -> Account:
    case = account.cases.get(effect.exception_id, UNKNOWN)
    next_ms = case.due_ms if case.level == 0 else case.look_ms
    look_ms = max(next_ms, effect.until_ms) if next_ms else 0
    return _with_case(account, effect.exception_id, snoozed_until_ms=effect.until_ms, look_ms=look_ms)


def _overdue(account: Account, effect: fx.ExceptionOverdue, _: int) -> Account:
    return _with_case(account, effect.exception_id, level=effect.level, look_ms=effect.due_ms)


def _with_case(account: Account, name: str, **changed: Any) -> Account:
    return replace(account, cases={**account.cases, name: replace(account.cases.get(name, UNKNOWN), **changed)})


def _proposed(account: Account, effect: fx.AdjustmentProposed, _: int) -> Account:
    adjustment = Adjustment(
        effect.form, effect.about, effect.amount_cents, effect.hospital_id, effect.actor, effect.reason, effect.exception_id
    )
    return replace(account, adjustments={**account.adjustments, effect.adjustment_id: adjustment})


def _adjustment_decided(account: Account, effect: fx.AdjustmentDecided, _: int) -> Account:
    decided = replace(account.adjustments[effect.adjustment_id], verdict=effect.verdict)
    return replace(account, adjustments={**account.adjustments, effect.adjustment_id: decided})


def _balance_adjusted(account: Account, effect: fx.BalanceAdjusted, _: int) -> Account:
    item = account.items[effect.balance_id]
    open_cents = item.open_cents + effect.amount_cents
    assert 0 <= open_cents <= item.original_cents, (effect, open_cents)
    account = replace(account, items={**account.items, effect.balance_id: replace(item, open_cents=open_cents)})
    deposit = account.deposits.get(effect.adjustment_id[1:])
    if deposit is None or effect.adjustment_id != Deposit.difference_id(deposit.deposit_id):
        return account
    rest = tuple(part for part in deposit.explained if part[0] != effect.balance_id)
    explained = (*rest, (effect.balance_id, -effect.amount_cents)) if effect.amount_cents < 0 else rest
    return replace(account, deposits={**account.deposits, deposit.deposit_id: replace(deposit, explained=explained)})


FOLDS: dict[type, Callable[[Account, Any, int], Account]] = {
    fx.ExceptionOpened: _opened,
    fx.ExceptionClosed: _closed,
    fx.Acted: _acted,
    fx.ExceptionAssigned: _assigned,
    fx.ExceptionSnoozed: _snoozed,
    fx.ExceptionOverdue: _overdue,
    fx.AdjustmentProposed: _proposed,
    fx.AdjustmentDecided: _adjustment_decided,
    fx.BalanceAdjusted: _balance_adjusted,
}
