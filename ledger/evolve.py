"""The fold: an account and one effect in, the account after it out. Recovery runs this alone, no decision is taken twice."""

from collections.abc import Callable
from sys import intern
from typing import Any

from msgspec.structs import replace

from ledger import effects as fx
from ledger import people_folds, windows
from ledger.account import PURPOSES, Account, Accrual, Deposit, Item, ParkedEvent, Payment, Status, same
from ledger.chart import Account as Gl
from ledger.return_folds import FOLDS as RETURN_FOLDS
from ledger.seal import identity

_CAME_BACK = frozenset({Status.RETURNED.value, Status.CHARGED_BACK.value})
_SENT = frozenset({Status.SUBMITTED.value, Status.SETTLED.value})
_SENT_BY = {Status.APPROVED.value: _SENT | _CAME_BACK, Status.RETRY_SCHEDULED.value: _SENT}
"""status before -> statuses that show that an entry went out; a scheduled retry that ends as returned was dropped, not sent"""
_BACK_BEFORE = _CAME_BACK | {Status.RETRY_SCHEDULED.value}
_HOLDS = Gl.HOLDS.value
_TRANSIT = Gl.ACH_IN_TRANSIT.value
_MEMORY_MS = 90 * 86_400_000
RETURN_DISHONORED = "return_dishonored"
"""reason of the move that lets an entry stand again after its return was dishonored; none was sent"""
RETURN_CONTESTED = "return_contested"
"""reason of the move that lets a dishonored return stand again; it is no further return"""
_GIVEN_UP_MAX = 500
"""given-up events of one account that are remembered; a bank that sends more without any payment has another fault"""

_NOTICED_MAX = 100
"""alerts of windows that one account remembers; a repeat comes within seconds, after a crash of the windows worker"""


def evolve(account: Account, effect: fx.AnyEffect, at_ms: int) -> Account:
    """The account after an effect of an event that happened at `at_ms`. Effects that only tell somebody change nothing."""
    fold = _FOLDS.get(type(effect))
    return account if fold is None else fold(account, effect, at_ms)


def _balance(account: Account, effect: fx.BalanceOpened, at_ms: int) -> Account:
    item = Item(
        effect.balance_id,
        effect.reference,
        effect.amount_cents,
        effect.amount_cents,
        intern(effect.due_date),
        at_ms,
        intern(effect.hospital_id),
        same(effect.patient_id, account.patient_id),
        effect.plan_id,
    )
    return replace(
        account,
        items={**account.items, item.balance_id: item},
        hospital_id=account.hospital_id or intern(effect.hospital_id),
        patient_id=account.patient_id or effect.patient_id,
        opened_at_ms=account.opened_at_ms or at_ms,
    )


def _initiated(account: Account, effect: fx.PaymentInitiated, at_ms: int) -> Account:
    payment = Payment(
        effect.transaction_id,
        intern(effect.direction),
        Status.RECEIVED.value,
        effect.amount_cents,
        intern(effect.hospital_id),
        same(effect.patient_id, account.patient_id),
        effect.reference,
        same(effect.client_reference, effect.transaction_id),
        effect.balance_id,
        intern(effect.sec_code),
        effect.instrument,
        effect.body_sha256,
        at_ms,
    )
    return replace(
        account,
        payments={**account.payments, payment.transaction_id: payment},
        hospital_id=account.hospital_id or intern(effect.hospital_id),
        patient_id=account.patient_id or effect.patient_id,
        opened_at_ms=account.opened_at_ms or at_ms,
        windows=windows.add(account.windows, at_ms, effect.amount_cents, effect.hospital_id),
    )


def _decided(account: Account, effect: fx.Decided, _: int) -> Account:
    payment = account.payments[effect.transaction_id]
    return account.with_payment(replace(payment, status=intern(effect.status), due_ms=effect.due_ms))


def _moved(account: Account, effect: fx.Moved, at_ms: int) -> Account:
    before = account.payments[effect.transaction_id]
    sent = effect.status in _SENT_BY.get(before.status, ()) and effect.reason != RETURN_DISHONORED
    attempts = before.attempts + 1 if sent else before.attempts
    first = before.first_settlement_date
    if effect.day and attempts == 1 and effect.status in _SENT and effect.reason != RETURN_DISHONORED:
        first = intern(effect.day)
    back = effect.status in _CAME_BACK and before.status not in _BACK_BEFORE
    payment = replace(
        before,
        status=intern(effect.status),
        attempts=attempts,
        code=effect.code or before.code,
        day=intern(effect.day) if effect.day else before.day,
        trace_number=effect.trace_number or before.trace_number,
        first_settlement_date=first,
        due_ms=effect.due_ms,
        came_back=(*before.came_back, (before.day, effect.day, effect.code)) if back else before.came_back,
        paid_before=(before.allocated or before.paid_before) if back else before.paid_before,
    )
    account = account.with_payment(payment)
    if back and effect.reason != RETURN_CONTESTED:
        account = _came_back(account, effect.status, at_ms)
    elif effect.status == Status.SETTLED.value and payment.instrument and not account.privacy:
        known = identity(payment.instrument)
        if known not in account.instruments:
            account = replace(account, instruments=(*account.instruments, known))
    return account


def _came_back(account: Account, status: str, at_ms: int) -> Account:
    """Return history of the last ninety days."""
    horizon = at_ms - _MEMORY_MS
    returns = (*[moment for moment in account.returns_at_ms if moment > horizon], at_ms)
    if status != Status.CHARGED_BACK.value:
        return replace(account, returns_at_ms=returns)
    unauthorized = (*[moment for moment in account.unauthorized_at_ms if moment > horizon], at_ms)
    return replace(account, returns_at_ms=returns, unauthorized_at_ms=unauthorized)


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
        hospital_id=account.hospital_id or intern(effect.hospital_id),
        opened_at_ms=account.opened_at_ms or at_ms,
    )


def _consent(account: Account, effect: fx.ConsentChanged, at_ms: int) -> Account:
    consents = {**account.consents, effect.purpose: effect.granted}
    contacts = account.contacts
    if effect.contact or effect.purpose in contacts:  # a consent that was withdrawn, or given anew without one, has no contact
        contacts = {purpose: contact for purpose, contact in contacts.items() if purpose != effect.purpose}
        if effect.contact and effect.granted:
            contacts[effect.purpose] = effect.contact
    return replace(account, consents=consents, contacts=contacts, opened_at_ms=account.opened_at_ms or at_ms)


def _subject_erased(account: Account, effect: fx.SubjectErased, _: int) -> Account:
    """Nothing may begin any more: consents and mandates are void, contacts and known instruments are forgotten."""
    return replace(
        account,
        privacy=intern(effect.state),
        consents=dict.fromkeys(PURPOSES, False),
        mandates=dict.fromkeys(account.mandates, False),
        contacts={},
        instruments=(),
    )


def _subject_held(account: Account, effect: fx.SubjectHeld, _: int) -> Account:
    return replace(account, legal_hold=effect.held)


def _mandate(account: Account, effect: fx.MandateGranted, at_ms: int) -> Account:
    mandates = {**account.mandates, effect.mandate_id: True}
    return replace(
        account,
        mandates=mandates,
        patient_id=account.patient_id or effect.patient_id,
        opened_at_ms=account.opened_at_ms or at_ms,
    )


def _mandate_revoked(account: Account, effect: fx.MandateRevoked, _: int) -> Account:
    return replace(account, mandates={**account.mandates, effect.mandate_id: False})


def _parked(account: Account, effect: fx.Parked, _: int) -> Account:
    parked = ParkedEvent(effect.transaction_id, effect.event, effect.until_ms, effect.amount_cents)
    return replace(account, parked=(*account.parked, parked))


def _unparked(account: Account, effect: fx.Unparked, _: int) -> Account:
    """`expired` events are kept as given up; `recovered` takes those back too, for the payment has come."""
    name = effect.transaction_id
    given_up = account.given_up
    if effect.how == "expired":
        lost = [replace(parked, hospital_id=account.hospital_id) for parked in account.parked if parked.transaction_id == name]
        given_up = (*given_up, *lost)[-_GIVEN_UP_MAX:]
    elif effect.how == "recovered":
        given_up = tuple(parked for parked in given_up if parked.transaction_id != name)
    return replace(account, parked=tuple(parked for parked in account.parked if parked.transaction_id != name), given_up=given_up)


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


def _alerted(account: Account, effect: fx.AlertRaised, _: int) -> Account:
    return replace(account, noticed=(*account.noticed, effect.window)[-_NOTICED_MAX:]) if effect.window else account


def _rule_snoozed(account: Account, effect: fx.RuleSnoozed, _: int) -> Account:
    return replace(account, snoozes={**account.snoozes, effect.rule: effect.until_ms})


_FOLDS: dict[type, Callable[[Account, Any, int], Account]] = {
    fx.BalanceOpened: _balance,
    fx.PaymentInitiated: _initiated,
    fx.Decided: _decided,
    fx.Moved: _moved,
    fx.Posted: _posted,
    fx.Matched: _matched,
    fx.Unmatched: _unmatched,
    fx.Suspended: _suspended,
    fx.DepositReceived: _deposit,
    fx.ConsentChanged: _consent,
    fx.MandateGranted: _mandate,
    fx.MandateRevoked: _mandate_revoked,
    fx.Parked: _parked,
    fx.Unparked: _unparked,
    fx.AlertRaised: _alerted,
    fx.SubjectErased: _subject_erased,
    fx.SubjectHeld: _subject_held,
    fx.RuleSnoozed: _rule_snoozed,
    fx.Charged: _charged,
    fx.ChargeWaived: _waived,
    fx.Accruing: _accruing,
    fx.Recast: _recast,
    **RETURN_FOLDS,
    **people_folds.FOLDS,
}
