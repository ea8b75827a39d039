"""Decisions on what patients owe: single balances and plans of instalments."""

from ledger.account import Account
from ledger.chart import Account as Gl
from ledger.decide import alerts
from ledger.decide.context import Context
from ledger.effects import AnyEffect, BalanceOpened, Posted, Refused
from ledger.events import BalanceOpened as BalanceEvent
from ledger.events import PlanOpened as PlanEvent
from ledger.refusal import Refusal


def balance_opened(account: Account, event: BalanceEvent, context: Context) -> list[AnyEffect]:
    """One expected item: the patient owes, the hospital is owed."""
    data = event.data
    if data.currency != "USD":
        return [Refused(Refusal.CURRENCY_NOT_SUPPORTED, data.balance_id, data.currency)]
    if data.amount <= 0:
        return [Refused(Refusal.AMOUNT_NOT_POSITIVE, data.balance_id)]
    wanted = BalanceOpened(data.balance_id, data.hospital_id, data.patient_id, int(data.amount), data.due_date.isoformat(), data.reference)
    known = _known(account, wanted)
    if known is Refusal.DUPLICATE:
        return [Refused(known, data.balance_id)]
    if known is not None:
        return alerts.conflict(account, data.balance_id, "", data.hospital_id, int(data.amount), context)
    return _opened(wanted)


def plan_opened(account: Account, event: PlanEvent, context: Context) -> list[AnyEffect]:
    """All instalments of a plan, or none: a plan is one agreement."""
    data = event.data
    if data.currency != "USD":
        return [Refused(Refusal.CURRENCY_NOT_SUPPORTED, data.plan_id, data.currency)]
    if any(part.amount <= 0 for part in data.instalments):
        return [Refused(Refusal.AMOUNT_NOT_POSITIVE, data.plan_id)]
    if len({part.balance_id for part in data.instalments}) != len(data.instalments):
        return [Refused(Refusal.CONTENT_CONFLICT, data.plan_id, "two instalments carry the same balance_id")]
    wanted = [
        BalanceOpened(
            part.balance_id,
            data.hospital_id,
            data.patient_id,
            int(part.amount),
            part.due_date.isoformat(),
            part.reference,
            data.plan_id,
        )
        for part in data.instalments
    ]
    known = {_known(account, balance) for balance in wanted}
    if known == {Refusal.DUPLICATE}:
        return [Refused(Refusal.DUPLICATE, data.plan_id)]
    if known != {None}:
        return alerts.conflict(account, data.plan_id, "", data.hospital_id, sum(int(part.amount) for part in data.instalments), context)
    return [effect for balance in wanted for effect in _opened(balance)]


def _known(account: Account, wanted: BalanceOpened) -> Refusal | None:
    """Whether the account has this balance already, with the same content or with other content."""
    item = account.items.get(wanted.balance_id)
    if item is None:
        return None
    same = (item.original_cents, item.due_date, item.reference, item.hospital_id, item.patient_id, item.plan_id) == (
        wanted.amount_cents,
        wanted.due_date,
        wanted.reference,
        wanted.hospital_id,
        wanted.patient_id,
        wanted.plan_id,
    )
    return Refusal.DUPLICATE if same else Refusal.CONTENT_CONFLICT


def _opened(balance: BalanceOpened) -> list[AnyEffect]:
    return [
        balance,
        Posted(
            Gl.PATIENT_RECEIVABLE.value,
            Gl.HOSPITAL_PAYABLE.value,
            balance.amount_cents,
            balance.hospital_id,
            balance.balance_id,
            "balance opened",
        ),
    ]
