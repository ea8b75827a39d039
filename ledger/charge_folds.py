"""The fold of the effects in `ledger.charge_effects`."""

from collections.abc import Callable
from sys import intern
from typing import Any

from msgspec.structs import replace

from ledger import charge_effects as fx
from ledger.account import Account, Accrual, Item, same


def _charged(account: Account, effect: fx.Charged, at_ms: int) -> Account:
    assert effect.balance_id not in account.items, effect
    item = Item(
        effect.balance_id,
        "",
        effect.amount_cents,
        effect.amount_cents,
        intern(effect.due_date),
        at_ms,
        intern(effect.hospital_id),
        same(effect.patient_id, account.patient_id),
        component=intern(effect.component),
        parent=effect.parent_id,
    )
    return replace(account, items={**account.items, item.balance_id: item})


def _waived(account: Account, effect: fx.ChargeWaived, _: int) -> Account:
    item = account.items[effect.balance_id]
    assert 0 < effect.waived_cents <= item.open_cents, effect
    return replace(account, items={**account.items, item.balance_id: replace(item, open_cents=item.open_cents - effect.waived_cents)})


def _accruing(account: Account, effect: fx.Accruing, _: int) -> Account:
    accrual = Accrual(effect.since, effect.accrued_to, effect.pending_cents, effect.due_ms)
    return replace(account, accruals={**account.accruals, effect.balance_id: accrual})


def _recast(account: Account, effect: fx.Recast, _: int) -> Account:
    """What was paid stays paid: the original amount changes with what is open."""
    item = account.items[effect.balance_id]
    after = replace(item, open_cents=item.open_cents + effect.change_cents, original_cents=item.original_cents + effect.change_cents)
    assert 0 <= after.open_cents <= after.original_cents, effect
    return replace(account, items={**account.items, item.balance_id: after})


FOLDS: dict[type, Callable[[Account, Any, int], Account]] = {
    fx.Charged: _charged,
    fx.ChargeWaived: _waived,
    fx.Accruing: _accruing,
    fx.Recast: _recast,
}
