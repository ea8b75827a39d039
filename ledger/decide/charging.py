"""What the rule book charges for what has just been decided: every effect of an event is looked at, and what follows from it put behind.

Nothing here is asked while the book charges nothing and no balance was opened under one that did; a book that only misses bills begins
to watch each as it is opened.
"""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from ledger import effects as fx
from ledger.account import Account
from ledger.decide import accrual, fees, missing, recast
from ledger.decide.context import Context
from ledger.evolve import evolve

Follow = Callable[[Account, Account, Any, Context], list[fx.AnyEffect]]
"""(account before an effect, after it, the effect, what is in force) -> what follows from it"""

_FOLLOWS: dict[type, Follow] = {
    fx.BalanceOpened: accrual.opened,
    fx.Matched: accrual.changed,
    fx.Unmatched: accrual.changed,
    fx.BalanceAdjusted: accrual.changed,
    fx.Decided: fees.on_decision,
    fx.Moved: fees.on_move,
}
_BEGINS = frozenset({fx.Decided, fx.Moved, fx.WebhookDue})
"""with these something new begins: what follows from the effects before is put in front of them"""


def followed(account: Account, effects: Sequence[fx.AnyEffect], context: Context) -> list[fx.AnyEffect]:
    """The effects, with what follows from a step of a payment behind that step. What CREDIT is told is open counts the charges in."""
    if context.rules.charges is None and context.rules.missing is None and not account.accruals:
        return list(effects)
    found: list[fx.AnyEffect] = []
    behind: list[fx.AnyEffect] = []
    state, charged = account, False
    for effect in effects:
        if behind and type(effect) in _BEGINS:
            found, behind = [*found, *behind], []
        if charged and type(effect) is fx.WebhookDue:
            effect = replace(effect, balance_cents=state.open_cents())
        before, state = state, evolve(state, effect, context.at_ms)
        found.append(effect)
        follow = _FOLLOWS.get(type(effect))
        for more in follow(before, state, effect, context) if follow else ():
            state = evolve(state, more, context.at_ms)
            behind.append(more)
            charged = True
    anew = recast.recast(state, effects, context)
    return [*found, *behind, *anew, *missing.ended(state, anew, context)]
