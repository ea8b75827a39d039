"""What the clock does about a balance: late fees and interest after the end of grace and of each period, and whether it is missing.

A balance is charged when it was opened while the book in force charged something, and bears interest when that book did; how much, the book
in force at the end of grace or of the period says. Everything is counted from dates, so that a late tick posts the same cents.
"""

from collections.abc import Mapping

from ledger.account import Account, Accrual, Item
from ledger.charges import FEES, INTEREST, Charges
from ledger.decide import missing
from ledger.decide.charges import LATE_FEE, charge_id, charged, in_force, open_interest, waived
from ledger.decide.context import Context
from ledger.effects import Accruing, AnyEffect, BalanceAdjusted, BalanceOpened, Charged, Matched, Unmatched
from ledger.money import money

IDLE_MS = 30 * 86_400_000
"""how long a balance that bears interest is left alone while the book in force charges nothing"""


def opened(_: Account, account: Account, balance: BalanceOpened, context: Context) -> list[AnyEffect]:
    """Begin to watch a balance that may come to bear something, or to be missing."""
    charges = in_force(balance.hospital_id, context)
    item = account.items[balance.balance_id]
    since = context.rail.local_date(context.at_ms)
    first = charges.interest_from(since, balance.due_date) if charges is not None else ""
    late = _late_day(item, since, charges) if charges is not None else ""
    if not first and not late and not missing.closes_ms(item, since, context):
        return []
    return [_accruing(account, item, Accrual(since, first), charges, context)]


def changed(before: Account, account: Account, effect: Matched | Unmatched | BalanceAdjusted, context: Context) -> list[AnyEffect]:
    """Money paid a balance or was taken back, or it was written off: interest is counted up to that day, on what was owed until then."""
    accrual = account.accruals.get(effect.balance_id)
    if accrual is None:
        return []
    item = account.items[effect.balance_id]
    charges = in_force(item.hospital_id, context)
    if accrual.accrued_to:
        day = max(accrual.accrued_to, _day(account, effect, context) or accrual.accrued_to)
        accrual = _counted(before, before.items[effect.balance_id], accrual, day, charges)
    elif type(effect) is not Unmatched:
        return []
    posted: list[AnyEffect] = []
    if not item.open_cents and accrual.pending_cents:
        posted = _interest(account, item, accrual, accrual.accrued_to, context)
        accrual = Accrual(accrual.since, accrual.accrued_to)
    return [*posted, _accruing(account, item, accrual, charges, context)]


def _day(account: Account, effect: Matched | Unmatched | BalanceAdjusted, context: Context) -> str:
    """The settlement date of the money; an adjustment counts from the day of its approval."""
    if isinstance(effect, BalanceAdjusted):
        return context.rail.local_date(context.at_ms)
    source = account.payments.get(effect.source_id) or account.deposits.get(effect.source_id)
    return source.day if source is not None else ""


def paid_in_time(account: Account, amount_cents: int, day: str, context: Context, pays: Mapping[str, int] | None = None) -> list[AnyEffect]:
    """Money whose settlement date lies within grace, though we hear of it later: what is open of the late fee is taken back.

    `pays` are the cents for each balance, where the payer has said them. A late fee that it pays is not taken back.
    """
    effects: list[AnyEffect] = []
    for fee in account.items.values():
        item = account.items.get(fee.parent)
        if item is None or not fee.open_cents or fee.balance_id != f"{item.balance_id}/{LATE_FEE}":
            continue
        if pays is not None:
            amount_cents = 0 if fee.balance_id in pays else pays.get(item.balance_id, 0)
        charges, accrual = in_force(item.hospital_id, context), account.accruals.get(item.balance_id)
        late = _late_day(item, accrual.since, charges) if charges is not None and accrual is not None else ""
        if late and day < late and 0 < item.open_cents <= amount_cents:
            effects += waived(fee, f"settled on {day}, within grace")
    return effects


def is_due(account: Account, balance_id: str, context: Context) -> bool:
    """Whether the clock has something to look at here; a balance that is paid has not."""
    accrual = account.accruals[balance_id]
    return 0 < accrual.due_ms <= context.at_ms and bool(account.items[balance_id].open_cents or accrual.pending_cents)


def look(account: Account, balance_id: str, context: Context) -> list[AnyEffect]:
    """The clock passed the end of grace, of a period, of the window, or several. One period at a time: each look comes to an end."""
    accrual, item = account.accruals[balance_id], account.items[balance_id]
    charges = in_force(item.hospital_id, context)
    effects = missing.told(account, item, accrual.since, context)
    if charges is None:
        return [*effects, _accruing(account, item, _idle(accrual, context), charges, context)]
    effects += _late(account, item, accrual, charges, context)
    end = _period_end(item, accrual, charges)
    if end and context.rail.start_of_day_ms(end) <= context.at_ms:
        accrual = _counted(account, item, accrual, end, charges)
        effects += _interest(account, item, accrual, end, context)
        accrual = Accrual(accrual.since, end)
    return [*effects, _accruing(account, item, accrual, charges, context, looked=True)]


def _late_day(item: Item, since: str, charges: Charges) -> str:
    """The first day with a late fee. A balance that was opened after its due date is late from its opening on, not before."""
    return charges.late_day(max(item.due_date, since))


def _late(account: Account, item: Item, accrual: Accrual, charges: Charges, context: Context) -> list[AnyEffect]:
    """The late fee of an instalment, once. What is short only by late fees paid before bears none (16 CFR 444.4: no pyramiding)."""
    day = _late_day(item, accrual.since, charges)
    identity = f"{item.balance_id}/{LATE_FEE}"
    if not day or identity in account.items or context.rail.start_of_day_ms(day) > context.at_ms:
        return []
    overdue_cents = item.open_cents + open_interest(account, item.balance_id)
    if overdue_cents <= _late_fees_paid(account):
        return []
    fee_cents = charges.late_fee(overdue_cents, max(item.due_date, accrual.since), day)
    if not fee_cents:
        return []
    why = f"Late fee: ${money(overdue_cents)} was due on {item.due_date} and not paid by {day}."
    return charged(
        Charged(
            identity,
            FEES,
            LATE_FEE,
            item.balance_id,
            item.balance_id,
            fee_cents,
            item.hospital_id,
            item.patient_id,
            day,
            context.rules.version,
            why,
        )
    )


def _late_fees_paid(account: Account) -> int:
    return sum(
        [
            item.original_cents - item.open_cents
            for item in account.items.values()
            if item.component == FEES and item.parent and item.balance_id == f"{item.parent}/{LATE_FEE}"
        ]
    )


def _counted(account: Account, item: Item, accrual: Accrual, day: str, charges: Charges | None) -> Accrual:
    """Interest counted up to a day on what this account owes of the item. Nothing accrues under a book that bears none."""
    since = charges.interest_from(accrual.since, item.due_date) if charges is not None else ""
    cents = 0
    if charges is not None and since:
        base = item.open_cents + (open_interest(account, item.balance_id) if charges.compounds else 0)
        cents = charges.interest(base, since, accrual.accrued_to, day)
    return Accrual(accrual.since, day, accrual.pending_cents + cents)


def _interest(account: Account, item: Item, accrual: Accrual, day: str, context: Context) -> list[AnyEffect]:
    if not accrual.pending_cents:
        return []
    return charged(
        Charged(
            charge_id(account, item.balance_id, f"interest-{day}"),
            INTEREST,
            INTEREST,
            item.balance_id,
            item.balance_id,
            accrual.pending_cents,
            item.hospital_id,
            item.patient_id,
            day,
            context.rules.version,
            f"Interest on balance {item.balance_id} up to {day}.",
        )
    )


def _period_end(item: Item, accrual: Accrual, charges: Charges) -> str:
    if not accrual.accrued_to:
        return ""
    since = charges.interest_from(accrual.since, item.due_date)
    return charges.period_end(since or accrual.since, accrual.accrued_to)


def _idle(accrual: Accrual, context: Context) -> Accrual:
    if not accrual.accrued_to:
        return accrual
    return Accrual(accrual.since, max(accrual.accrued_to, context.rail.local_date(context.at_ms)), accrual.pending_cents)


def _accruing(
    account: Account, item: Item, accrual: Accrual, charges: Charges | None, context: Context, *, looked: bool = False
) -> Accruing:
    """How the balance stands, and the next look: the first of the ends of grace, period and window. `looked`: at the grace, just now."""
    due_ms = 0
    if item.open_cents or accrual.pending_cents:
        due_ms = _next_ms(account, item, accrual, charges, context, looked=looked)
    return Accruing(item.balance_id, accrual.since, accrual.accrued_to, accrual.pending_cents, due_ms)


def _next_ms(account: Account, item: Item, accrual: Accrual, charges: Charges | None, context: Context, *, looked: bool) -> int:
    closes_ms = missing.closes_ms(item, accrual.since, context)
    looks = [closes_ms] if closes_ms > context.at_ms else []
    if charges is None:
        return min([*looks, *([context.at_ms + IDLE_MS] if accrual.accrued_to else [])], default=0)
    late = _late_day(item, accrual.since, charges)
    if late and f"{item.balance_id}/{LATE_FEE}" not in account.items:
        at_ms = context.rail.start_of_day_ms(late)
        if at_ms > context.at_ms or not looked:
            looks.append(at_ms)
    if end := _period_end(item, accrual, charges):
        looks.append(context.rail.start_of_day_ms(end))
    return min(looks, default=0)
