"""Deposits that lie in suspense because what they pay was not there yet: they find it when it comes, as if they had come after it.

What arrives inside the window is matched the same whichever came first. A match that was made stays: only a person takes it back.
"""

from collections.abc import Iterable, Sequence

from ledger.account import Account, Deposit
from ledger.decide.context import Context
from ledger.decide.matches import REVOKED, out_of_suspense, settled
from ledger.decide.sources import open_items, source_of
from ledger.effects import AnyEffect
from ledger.evolve import evolve
from ledger.matching.deadline import ACH_LATE, ACH_SETTLES_AFTER, GRACE
from ledger.matching.item import Incoming, arrival
from ledger.matching.match import match
from ledger.matching.remittance import says_trace
from ledger.matching.terms import PAID_IN

WAITS_BANKING_DAYS = ACH_SETTLES_AFTER + ACH_LATE + GRACE
"""after its settlement date; whatever is opened later is another bill, and a person says whether the money is for it"""
_LEFT_OVER = "left over after the money found its balance"


def followed(account: Account, effects: Sequence[AnyEffect], context: Context) -> list[AnyEffect]:
    """The effects, and behind them the matches of deposits that waited for what they bring: by settlement date, then by id, until
    nothing more is found. `account` is as it was before the effects.
    """
    found = list(effects)
    account = _after(account, effects, context)
    waiting = _waiting(account, context)
    while True:
        for money in waiting:
            if more := _matched(account, money):
                break
        else:
            return found
        found += more
        account = _after(account, more, context)
        waiting.remove(money)


def _matched(account: Account, money: Incoming) -> list[AnyEffect]:
    items = open_items(account)
    outcome = match(items, money, PAID_IN) if items else None
    if outcome is None or not outcome.allocations:
        return []
    source = source_of(account, money.source_id)
    assert source is not None, money
    return [*out_of_suspense(source, outcome.allocations), *settled(account, source, outcome.residual_cents, "", _LEFT_OVER)]


def _waiting(account: Account, context: Context) -> list[Incoming]:
    """Money of which nothing has a place yet, in one total order; what a person took back waits for a person."""
    today = context.rail.business_date(context.at_ms)
    waiting = [
        _incoming(account, deposit, context)
        for deposit in account.deposits.values()
        if deposit.suspended_cents == deposit.amount_cents
        and today <= context.rail.add_banking_days(deposit.day, WAITS_BANKING_DAYS)
        and f"{deposit.deposit_id}/{REVOKED}" not in account.exceptions
    ]
    return sorted(waiting, key=arrival)


def _incoming(account: Account, deposit: Deposit, context: Context) -> Incoming:
    return Incoming(
        deposit.deposit_id,
        deposit.amount_cents,
        reference="" if says_trace(deposit.reference) else deposit.reference,
        balance_id=deposit.balance_id,
        patient_id=account.patient_id,
        hospital_id=deposit.hospital_id,
        at_ms=context.at_ms,
        day=deposit.day,
    )


def _after(account: Account, effects: Iterable[AnyEffect], context: Context) -> Account:
    for effect in effects:
        account = evolve(account, effect, context.at_ms)
    return account
