"""What stands against an account's further entries after a return, and what takes it away again.

Source: Nacha Operating Rules, 2.3.2 (a debit needs an authorization in force), 2.12.4 and Appendix Four: an entry to an account that is
closed or cannot be found is not sent again until its data is corrected.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ledger.account import Account, Payment
from ledger.effects import AnyEffect, Barred, MandateRevoked, Unbarred
from ledger.policy import ReturnAction
from ledger.seal import identity
from ledger.standing import AUTHORIZATION, INSTRUMENT, Bar

MANDATE_REVOKED = "MANDATE_REVOKED"


class Obstacle(NamedTuple):
    """Why an entry must not go out by itself: a word for programs, a sentence for people."""

    reason: str
    explanation: str


def obstacle(account: Account, payment: Payment) -> Obstacle | None:
    """What stands against a new entry of this payment; None when nothing does."""
    debit = payment.direction == "repayment"
    for bar in account.bars:
        if bar.kind == AUTHORIZATION:
            if debit:
                return Obstacle(f"RETURNED_{bar.code}", f"a debit was returned {bar.code} on {bar.day}, no new authorization is known")
        elif same_instrument(account.payments[bar.transaction_id], payment):
            return Obstacle(f"RETURNED_{bar.code}", f"the last entry to this bank account was returned {bar.code} on {bar.day}")
    if debit and account.mandates and True not in account.mandates.values():
        return Obstacle(MANDATE_REVOKED, "every authorization of this account is revoked")
    return None


def unauthorized(account: Account, payment: Payment) -> bool:
    """Whether no authorization is in force for this debit, so that nobody's word can send it."""
    if payment.direction != "repayment":
        return False
    return any(bar.kind == AUTHORIZATION for bar in account.bars) or (bool(account.mandates) and True not in account.mandates.values())


def after_return(account: Account, payment: Payment, action: ReturnAction, day: str) -> list[AnyEffect]:
    """What a return ends: mandates and the authorization, or the instrument."""
    if action.bars == INSTRUMENT:
        return [Barred(INSTRUMENT, payment.transaction_id, action.code, day)]
    if action.bars != AUTHORIZATION or payment.direction != "repayment":
        return []
    revoked = [MandateRevoked(mandate, f"returned {action.code}") for mandate, in_force in account.mandates.items() if in_force]
    return [*revoked, Barred(AUTHORIZATION, payment.transaction_id, action.code, day)]


def lifted_by_mandate(account: Account) -> list[AnyEffect]:
    """A new authorization: debits may go again, also where the bank account was not named and the patient has signed anew."""
    return [_lifted(bar, "a new authorization") for bar in account.bars if _is_lifted_by_mandate(account, bar)]


def lifted_by_change(account: Account, payment: Payment, code: str) -> list[AnyEffect]:
    """A notice of change says how the account is to be named."""
    return [_lifted(bar, f"corrected by {code}") for bar in _instruments(account) if _same_bar(account, bar, payment)]


def lifted_by_success(account: Account, payment: Payment) -> list[AnyEffect]:
    """A later entry to the same account has settled and stood for its return time."""
    bars = [bar for bar in _instruments(account) if payment.initiated_at_ms > bar.at_ms]
    return [_lifted(bar, f"{payment.transaction_id} settled") for bar in bars if _same_bar(account, bar, payment)]


def _instruments(account: Account) -> Iterable[Bar]:
    return (bar for bar in account.bars if bar.kind == INSTRUMENT)


def _same_bar(account: Account, bar: Bar, payment: Payment) -> bool:
    return same_instrument(account.payments[bar.transaction_id], payment)


def _is_lifted_by_mandate(account: Account, bar: Bar) -> bool:
    barred = account.payments[bar.transaction_id]
    return bar.kind == AUTHORIZATION or (not barred.instrument and barred.direction == "repayment")


def _lifted(bar: Bar, how: str) -> Unbarred:
    return Unbarred(bar.kind, bar.transaction_id, how)


def same_instrument(one: Payment, other: Payment) -> bool:
    """Whether both go to the same bank account. One that is not named is the patient's for debits, else the hospital's."""
    if one.instrument or other.instrument:
        return identity(one.instrument) == identity(other.instrument)
    debit = one.direction == "repayment"
    if debit != (other.direction == "repayment"):
        return False
    return debit or one.hospital_id == other.hospital_id
