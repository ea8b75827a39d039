"""Re-amortization: after a part or early payment the instalments to come are spread anew, when the rule book asks for it."""

from collections.abc import Iterable

from ledger.account import Account, Item
from ledger.decide.charges import in_force
from ledger.decide.context import Context
from ledger.effects import AnyEffect, Matched, Recast, Unmatched


def recast(account: Account, effects: Iterable[AnyEffect], context: Context) -> list[AnyEffect]:
    """Changes of the instalments of every plan of which these effects paid one in part, that is not overdue. They sum to zero."""
    paid = [effect for effect in effects if isinstance(effect, Matched | Unmatched)]
    if not paid or any(type(effect) is Unmatched for effect in paid):
        return []
    today = context.rail.local_date(context.at_ms)
    plans: dict[str, None] = {}
    for effect in paid:
        item = account.items[effect.balance_id]
        if item.plan_id and 0 < item.open_cents < item.original_cents and item.due_date >= today:
            plans[item.plan_id] = None
    return [change for plan_id in plans for change in _of_plan(account, plan_id, today, context)]


def _of_plan(account: Account, plan_id: str, today: str, context: Context) -> list[AnyEffect]:
    rest = sorted(
        [item for item in account.items.values() if item.plan_id == plan_id and item.open_cents and item.due_date >= today],
        key=lambda item: (item.due_date, item.balance_id),
    )
    charges = in_force(rest[0].hospital_id, context)
    after = charges.recast([(item.due_date, item.open_cents, item.original_cents) for item in rest]) if charges is not None else None
    if after is None:
        return []
    changes = [_change(item, cents, plan_id, context) for item, cents in zip(rest, after, strict=True) if cents != item.open_cents]
    assert sum(change.change_cents for change in changes) == 0, changes
    return list(changes)


def _change(item: Item, open_cents: int, plan_id: str, context: Context) -> Recast:
    return Recast(item.balance_id, plan_id, open_cents - item.open_cents, context.rules.version)
