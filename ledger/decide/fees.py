"""Fees on payments: on those that are approved, and on debits that come back for want of funds."""

from ledger.account import Account, Payment, Status
from ledger.charges import FEES
from ledger.decide.charges import RETURN_FEE, charge_id, charged, in_force, waived
from ledger.decide.context import Context
from ledger.decide.entry import SUBMIT_BANKING_DAYS, entry_due
from ledger.effects import AnyEffect, Charged, Decided, Moved, PaymentInitiated
from ledger.ids import return_fee_id
from ledger.money import money

_ENDED = frozenset({Status.CANCELED.value, Status.FAILED.value})
_BACK = frozenset({Status.RETURNED.value, Status.CHARGED_BACK.value})
_BACK_BEFORE = _BACK | {Status.RETRY_SCHEDULED.value}
_SEC = "PPD"
"""a fee announced with the authorization travels as PPD (Nacha 2.14)"""


def on_decision(_: Account, account: Account, decided: Decided, context: Context) -> list[AnyEffect]:
    """The book's fees on a payment that is approved, due the same day. They belong to the balance that it names, if any."""
    payment = account.payments[decided.transaction_id]
    charges = in_force(payment.hospital_id, context)
    if decided.status != Status.APPROVED.value or charges is None or _is_fee(payment):
        return []
    effects: list[AnyEffect] = []
    for line in charges.fees(payment.amount_cents, payment.direction, payment.hospital_id):
        identity = charge_id(account, payment.transaction_id, line.name)
        why = f"Fee {line.name} on the {payment.direction} of ${money(payment.amount_cents)}."
        effects += _fee(account, payment, identity, line.name, line.cents, why, context)
    return effects


def on_move(before: Account, account: Account, moved: Moved, context: Context) -> list[AnyEffect]:
    """A payment that never went out costs nothing; a debit that came back may bear a fee, once."""
    if moved.status in _ENDED:
        return _taken_back(account, moved.transaction_id)
    came_back = moved.status in _BACK and before.payments[moved.transaction_id].status not in _BACK_BEFORE
    return _returned(account, account.payments[moved.transaction_id], moved, context) if came_back else []


def _taken_back(account: Account, transaction_id: str) -> list[AnyEffect]:
    prefix, kept = f"{transaction_id}/", f"{transaction_id}/{RETURN_FEE}"
    mine = [item for name, item in account.items.items() if item.component == FEES and name.startswith(prefix) and name != kept]
    return [effect for item in mine for effect in waived(item, "the payment never went out")]


def _returned(account: Account, payment: Payment, moved: Moved, context: Context) -> list[AnyEffect]:
    charges = in_force(payment.hospital_id, context)
    identity = f"{payment.transaction_id}/{RETURN_FEE}"
    if charges is None or payment.direction != "repayment" or identity in account.items or _is_fee(payment):
        return []
    cents = charges.return_fee(payment.amount_cents, moved.reason)
    if not cents:
        return []
    why = f"Return fee: the debit of ${money(payment.amount_cents)} came back {moved.code} ({moved.reason})."
    effects = _fee(account, payment, identity, RETURN_FEE, cents, why, context)
    if charges.return_fee_by_entry and _is_authorized(account, payment, context):
        effects += _entry(payment, identity, cents, why, context)
    return effects


def _fee(account: Account, payment: Payment, identity: str, name: str, cents: int, why: str, context: Context) -> list[AnyEffect]:
    return charged(
        Charged(
            identity,
            FEES,
            name,
            payment.balance_id if payment.balance_id in account.items else "",
            payment.transaction_id,
            cents,
            payment.hospital_id,
            payment.patient_id,
            context.rail.local_date(context.at_ms),
            context.rules.version,
            why,
        )
    )


def _entry(payment: Payment, identity: str, cents: int, why: str, context: Context) -> list[AnyEffect]:
    """A payment of its own, for the bank's answer to come to: it pays the fee by its id."""
    fee = Payment(
        return_fee_id(payment.transaction_id),
        "repayment",
        Status.APPROVED.value,
        cents,
        payment.hospital_id,
        payment.patient_id,
        "",
        "",
        identity,
        _SEC,
        payment.instrument,
        "",
        context.at_ms,
    )
    rail = context.rail
    due_ms = rail.start_of_day_ms(rail.add_banking_days(rail.business_date(context.at_ms), SUBMIT_BANKING_DAYS))
    return [
        PaymentInitiated(
            fee.transaction_id,
            fee.direction,
            cents,
            fee.hospital_id,
            fee.patient_id,
            balance_id=identity,
            sec_code=_SEC,
            instrument=fee.instrument,
        ),
        Decided(fee.transaction_id, fee.status, context.rules.version, explanation=why, due_ms=due_ms),
        entry_due(fee, 1, "RETURN FEE"),
    ]


def _is_authorized(account: Account, payment: Payment, context: Context) -> bool:
    """A mandate is in force, the patient consents, and the hospital is live."""
    return True in account.mandates.values() and account.consents.get("payments") is not False and payment.hospital_id not in context.phases


def _is_fee(payment: Payment) -> bool:
    """Whether the payment pays a return fee: no fee on a fee (Nacha 2.14)."""
    return payment.balance_id.endswith(f"/{RETURN_FEE}")
