"""Returns that the other bank should not have sent: after their window, or a second one for the same entry. Our bank may dishonor them.

Source: Nacha Operating Rules, 3.8 and 3.11.1: the return time frame of each code; an untimely (R68) or duplicate (R67) return is
dishonored within five banking days of its settlement. The money is gone meanwhile, so it is posted; it is never just accepted.
"""

from ledger.account import Account, Payment, Status
from ledger.decide import duties, tell
from ledger.decide.context import Context
from ledger.effects import AnyEffect
from ledger.standing import DISHONOR

_DATED = frozenset({Status.SUBMITTED.value, Status.SETTLED.value, Status.COMPLETED.value})
"""in which a payment's date is that of the entry that came back"""


def missed_window(payment: Payment, code: str, day: str, context: Context) -> str:
    """The date until which this return would have been in time, when it was not; empty when it is, or nobody can tell."""
    if payment.status not in _DATED or not payment.day:
        return ""
    last = context.rail.return_deadline(code, payment.day)
    return last if last and day > last else ""


def late(account: Account, payment: Payment, code: str, day: str, in_time_until: str, context: Context) -> list[AnyEffect]:
    """A return after its window."""
    duty = duties.opened(payment, DISHONOR, code, day, context)
    came = f"{code} came on {day} for an entry of {payment.day}, in time until {in_time_until}"
    detail = f"{came}: our bank may dishonor it (R68) until {duty.until}"
    return [
        *tell.exception(account, payment.transaction_id, duties.RETURN_LATE, "high", payment.amount_cents, detail, payment.hospital_id),
        duty,
    ]


def second(account: Account, payment: Payment, code: str, day: str, context: Context) -> list[AnyEffect]:
    """A further return of an entry that has come back already: nothing is posted, a person asks the bank for the money."""
    if f"{payment.transaction_id}/{duties.DISHONOR_MISSED}" in account.exceptions:
        return []
    duty = duties.opened(payment, DISHONOR, code, day, context)
    detail = f"{code} of {day} returns an entry that has come back already: our bank may dishonor it (R67) until {duty.until}"
    told = tell.exception(
        account, payment.transaction_id, duties.DUPLICATE_RETURN, "high", payment.amount_cents, detail, payment.hospital_id
    )
    return [*told, duty] if told else []
