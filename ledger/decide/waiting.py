"""Money that lies in suspense because what it pays was not there yet: it finds it when it comes, as if it had come after it.

What arrives inside the window is matched the same whichever came first. A match that was made stays: only a person takes it back.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from ledger.account import Account
from ledger.decide import remittances
from ledger.decide.allocate import placed
from ledger.decide.context import Context
from ledger.decide.differences import explained
from ledger.decide.matches import out_of_suspense, settled
from ledger.decide.sources import Source, source_of
from ledger.effects import AnyEffect
from ledger.evolve import evolve
from ledger.matching.deadline import ACH_LATE, ACH_SETTLES_AFTER, GRACE
from ledger.matching.item import arrival
from ledger.matching.remittance import says_trace
from ledger.matching.terms import DEFAULT

WAITS_BANKING_DAYS = ACH_SETTLES_AFTER + ACH_LATE + GRACE
"""after its settlement date; whatever is opened later is another bill, and a person says whether the money is for it"""
_LEFT_OVER = "left over after the money found its balance"


def followed(account: Account, effects: Sequence[AnyEffect], context: Context) -> list[AnyEffect]:
    """The effects, and behind them the matches of money that waited for what they bring: by settlement date, then by id, until
    nothing more is found. `account` is as it was before the effects.
    """
    found = list(effects)
    account = _after(account, effects, context)
    waiting = _waiting(account, context)
    while True:
        for source_id in waiting:
            if more := _matched(account, source_id, context):
                break
        else:
            return found
        found += more
        account = _after(account, more, context)
        waiting.remove(source_id)


def _matched(account: Account, source_id: str, context: Context) -> list[AnyEffect]:
    source = source_of(account, source_id)
    assert source is not None, source_id
    advice = remittances.advice_of(account, source_id) if account.advices else None
    if advice is not None:
        return remittances.placed(account, advice, source_id, context)
    money = source.incoming(account.patient_id, context.at_ms)
    if says_trace(money.reference):
        money = replace(money, reference="")
    taken_back, outcome = placed(account, money, DEFAULT if source.payment else context.rules.paid_in, context)
    if not outcome.allocations:
        return []
    account = _after(account, taken_back, context)
    return [
        *taken_back,
        *out_of_suspense(source, outcome.allocations),
        *explained(source_id, source.hospital_id, outcome.allocations),
        *settled(account, source, outcome.residual_cents, "", _LEFT_OVER, sum(part.fee_cents for part in outcome.allocations)),
    ]


def _waiting(account: Account, context: Context) -> list[str]:
    """Ids of the money that waits, in one total order; what a person took back, or has yet to look at, waits for a person."""
    today = context.rail.business_date(context.at_ms)
    waiting = [
        source.incoming(account.patient_id, context.at_ms)
        for source in _without_place(account)
        if today <= context.rail.add_banking_days(source.day, WAITS_BANKING_DAYS) and not remittances.left_alone(account, source.source_id)
    ]
    return [money.source_id for money in sorted(waiting, key=arrival)]


def _without_place(account: Account) -> Iterator[Source]:
    """Deposits of which nothing has a place, for an insurer pays one bill; and what is left of repayments, which pay all that is owed."""
    whole = [name for name, deposit in account.deposits.items() if deposit.suspended_cents == deposit.amount_cents]
    rests = [name for name, payment in account.payments.items() if payment.suspended_cents]
    for name in (*whole, *rests):
        source = source_of(account, name)
        assert source is not None, name
        yield source


def _after(account: Account, effects: Iterable[AnyEffect], context: Context) -> Account:
    for effect in effects:
        account = evolve(account, effect, context.at_ms)
    return account
