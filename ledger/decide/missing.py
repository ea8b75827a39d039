"""A bill whose window closes without its money: people are told once, and no longer when nothing of it is open any more."""

from collections.abc import Iterable

from ledger.account import LETTER, Account, Item, Payment, Status
from ledger.decide import tell
from ledger.decide.context import Context, plausible
from ledger.effects import AnyEffect, ExceptionClosed
from ledger.evolve import evolve
from ledger.governance import SHADOW
from ledger.matching.deadline import ach_terms, missing_from
from ledger.matching.outcome import State
from ledger.matching.terms import DEFAULT
from ledger.money import money

MISSING = State.MISSING.value
_PENDING = "P"


def closes_ms(item: Item, since: str, context: Context) -> int:
    """When nothing in time can come any more for a bill that was opened on the day `since`; 0 when the book in force does not ask.

    A bill that was opened after its due date has its whole window from its opening on.
    """
    day = _missing_from(item, since, context)
    return context.rail.start_of_day_ms(day) if day else 0


def told(account: Account, item: Item, since: str, context: Context) -> list[AnyEffect]:
    """The exception of a bill whose window is over, once for the bill. Nothing when too little of it is open to ask for."""
    asked, day = context.rules.missing, _missing_from(item, since, context)
    if asked is None or not day or context.rail.start_of_day_ms(day) > context.at_ms:
        return []
    if not item.open_cents or item.open_cents < asked.minimum_cents or item.balance_id in account.missing:
        return []
    last = context.rail.add_banking_days(day, -1)
    detail = f"due on {item.due_date}: {money(item.open_cents)} of {money(item.original_cents)} had not come by {last}"
    detail += "".join(f"; repayment {payment.transaction_id} is {payment.status}" for payment in _on_the_way(account, item))
    return tell.exception(account, item.balance_id, MISSING, "low", item.open_cents, detail, item.hospital_id)


def ended(account: Account, effects: Iterable[AnyEffect], context: Context) -> list[AnyEffect]:
    """Those of which nothing is open after the effects need no person any more. `account` is as it was before them."""
    waiting = [name for name in account.missing if f"{name}/{MISSING}" in account.exceptions]
    if not waiting:
        return []
    for effect in effects:
        account = evolve(account, effect, context.at_ms)
    names = {name: f"{name}/{MISSING}" for name in waiting if not account.items[name].open_cents}
    return [ExceptionClosed(exception, "settled") for exception in names.values() if exception in account.exceptions]


def _missing_from(item: Item, since: str, context: Context) -> str:
    asked = None if context.phases.get(item.hospital_id) == SHADOW else context.rules.missing
    if asked is None or not asked.of(item.plan_id) or not plausible(item.due_date, context):
        return ""
    return missing_from(max(item.due_date, since), ach_terms(DEFAULT, context.rail.add_banking_days))


def _on_the_way(account: Account, item: Item) -> list[Payment]:
    """Repayments that name the bill and may still bring its money."""
    named = (payment for payment in account.payments.values() if payment.balance_id == item.balance_id)
    return [payment for payment in named if payment.direction == "repayment" and LETTER[Status(payment.status)] == _PENDING]
