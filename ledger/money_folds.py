"""The fold of the effects in `ledger.money_effects`."""

from collections.abc import Callable
from sys import intern
from typing import Any

from msgspec.structs import replace

from ledger import money_effects as fx
from ledger.account import Account, Deposit, Payment
from ledger.advice import with_deposit
from ledger.chart import Account as Gl

_HOLDS = Gl.HOLDS.value
_TRANSIT = Gl.ACH_IN_TRANSIT.value


def _posted(account: Account, effect: fx.Posted, _: int) -> Account:
    """Holds and money in transit are kept at the payment; other postings follow from other effects."""
    assert effect.amount_cents > 0, effect
    held = effect.amount_cents * ((effect.debit == _HOLDS) - (effect.credit == _HOLDS))
    transit = effect.amount_cents * ((effect.credit == _TRANSIT) - (effect.debit == _TRANSIT))
    if not held and not transit:
        return account
    payment = account.payments[effect.about]
    after = replace(payment, held_cents=payment.held_cents + held, in_transit_cents=payment.in_transit_cents + transit)
    assert after.held_cents >= 0, effect
    assert after.in_transit_cents >= 0, effect
    return account.with_payment(after)


def _matched(account: Account, effect: fx.Matched, _: int) -> Account:
    return _apply(account, effect.source_id, effect.balance_id, effect.amount_cents)


def _unmatched(account: Account, effect: fx.Unmatched, _: int) -> Account:
    return _apply(account, effect.source_id, effect.balance_id, -effect.amount_cents)


def _apply(account: Account, source_id: str, balance_id: str, cents: int) -> Account:
    """Allocate cents of a source to a balance; a negative amount takes them back."""
    item = account.items[balance_id]
    open_cents = item.open_cents - cents
    assert 0 <= open_cents <= item.original_cents, (balance_id, open_cents)
    account = replace(account, items={**account.items, balance_id: replace(item, open_cents=open_cents)})
    source = account.payments.get(source_id) or account.deposits[source_id]
    allocated = source.allocated
    after = (*allocated, (balance_id, cents)) if cents > 0 else _without(allocated, (balance_id, -cents))
    return _with_source(account, replace(source, allocated=after))


def _without(allocated: tuple[tuple[str, int], ...], part: tuple[str, int]) -> tuple[tuple[str, int], ...]:
    index = allocated.index(part)
    return allocated[:index] + allocated[index + 1 :]


def _with_source(account: Account, source: Payment | Deposit) -> Account:
    if isinstance(source, Payment):
        return account.with_payment(source)
    return replace(account, deposits={**account.deposits, source.deposit_id: source})


def _suspended(account: Account, effect: fx.Suspended, _: int) -> Account:
    account = replace(account, suspense_cents=account.suspense_cents + effect.amount_cents)
    assert account.suspense_cents >= 0, effect
    source = account.payments.get(effect.source_id) or account.deposits.get(effect.source_id)
    if source is None:
        return account
    return _with_source(account, replace(source, suspended_cents=source.suspended_cents + effect.amount_cents))


def _deposit(account: Account, effect: fx.DepositReceived, at_ms: int) -> Account:
    deposit = Deposit(
        effect.deposit_id,
        effect.amount_cents,
        effect.day,
        effect.reference,
        hospital_id=intern(effect.hospital_id),
        balance_id=effect.balance_id,
        trace_number=effect.trace_number,
    )
    return replace(
        account,
        deposits={**account.deposits, effect.deposit_id: deposit},
        traces=with_deposit(account.traces, effect.deposit_id, effect.reference),
        hospital_id=account.hospital_id or intern(effect.hospital_id),
        opened_at_ms=account.opened_at_ms or at_ms,
    )


FOLDS: dict[type, Callable[[Account, Any, int], Account]] = {
    fx.Posted: _posted,
    fx.Matched: _matched,
    fx.Unmatched: _unmatched,
    fx.Suspended: _suspended,
    fx.DepositReceived: _deposit,
}
