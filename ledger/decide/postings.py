"""The postings of a payment's life, for each direction. Every reversal is a new posting; none is ever edited."""

from ledger.account import Payment
from ledger.chart import Account as Gl
from ledger.effects import AnyEffect, Posted

_CASH = Gl.CASH.value
_HOLDS = Gl.HOLDS.value
_PAYABLE = Gl.HOSPITAL_PAYABLE.value
_RECEIVABLE = Gl.PATIENT_RECEIVABLE.value
_RETURNED = Gl.RETURNED_ITEMS.value
_SUSPENSE = Gl.SUSPENSE.value
_TRANSIT = Gl.ACH_IN_TRANSIT.value
_WRITE_OFFS = Gl.WRITE_OFFS.value


def approved(payment: Payment) -> list[AnyEffect]:
    """A pre-approval puts its credit on the hospital's account against a hold; a disbursement is on its way; a repayment moves
    nothing yet."""
    if payment.direction == "preapproval":
        return [_post(_HOLDS, _PAYABLE, payment, payment.amount_cents, "pre-approved credit")]
    if payment.direction == "disbursement":
        return [_post(_PAYABLE, _TRANSIT, payment, payment.amount_cents, "disbursement approved")]
    return []


def sent(payment: Payment) -> list[AnyEffect]:
    """A pre-approval that is paid out gives up its hold and is in transit like any disbursement."""
    if not payment.held_cents:
        return []
    return [
        _post(_PAYABLE, _HOLDS, payment, payment.held_cents, "hold released"),
        _post(_PAYABLE, _TRANSIT, payment, payment.held_cents, "disbursement approved"),
    ]


def paid_out(payment: Payment) -> list[AnyEffect]:
    """The bank settled a credit: what was in transit left our cash."""
    return [*sent(payment), _post(_TRANSIT, _CASH, payment, payment.amount_cents, "credit settled")]


def received(payment_id: str, hospital_id: str, amount_cents: int) -> Posted:
    """Cash that pays a balance."""
    return Posted(_CASH, _RECEIVABLE, amount_cents, hospital_id, payment_id, "payment allocated")


def suspended(source_id: str, hospital_id: str, amount_cents: int) -> Posted:
    """Cash that pays no balance we know."""
    return Posted(_CASH, _SUSPENSE, amount_cents, hospital_id, source_id, "to suspense")


def left_suspense(source_id: str, hospital_id: str, amount_cents: int, why: str) -> Posted:
    """The reverse of `suspended`: cash that the bank took back, or that turned out to be a payment's."""
    return Posted(_SUSPENSE, _CASH, amount_cents, hospital_id, source_id, why)


def released(payment: Payment, why: str) -> list[AnyEffect]:
    """A credit that will not be paid: its hold, or what is in transit, goes back."""
    if payment.held_cents:
        return [_post(_PAYABLE, _HOLDS, payment, payment.held_cents, why)]
    if payment.in_transit_cents:
        return [_post(_TRANSIT, _PAYABLE, payment, payment.in_transit_cents, why)]
    return []


def debit_returned(payment: Payment) -> list[AnyEffect]:
    """The bank took a settled debit back: cash leaves, and what it had paid is owed again (or leaves suspense)."""
    effects: list[AnyEffect] = [_post(_RETURNED, _CASH, payment, payment.amount_cents, "debit returned")]
    effects += [_post(_RECEIVABLE, _RETURNED, payment, cents, f"reopened {balance_id}") for balance_id, cents in payment.allocated]
    if payment.suspended_cents:
        effects.append(_post(_SUSPENSE, _RETURNED, payment, payment.suspended_cents, "out of suspense"))
    if lost := refunded_cents(payment):
        effects.append(_post(_WRITE_OFFS, _RETURNED, payment, lost, "refunded before the return"))
    return effects


def refunded_cents(payment: Payment) -> int:
    """What of a settled repayment was given back from suspense: neither allocated nor there any more."""
    return payment.amount_cents - payment.suspended_cents - sum([cents for _, cents in payment.allocated])


def credit_returned(payment: Payment) -> list[AnyEffect]:
    """The bank gave a settled credit back: the hospital is owed again."""
    return [
        _post(_CASH, _RETURNED, payment, payment.amount_cents, "credit returned"),
        _post(_RETURNED, _PAYABLE, payment, payment.amount_cents, "owed to the hospital again"),
    ]


def paid_again(payment: Payment) -> list[AnyEffect]:
    """The return of a credit was dishonored: the credit is paid after all."""
    return [_post(_PAYABLE, _CASH, payment, payment.amount_cents, "credit stands again")]


def _post(debit: str, credit: str, payment: Payment, amount_cents: int, memo: str) -> Posted:
    return Posted(debit, credit, amount_cents, payment.hospital_id, payment.transaction_id, memo)
