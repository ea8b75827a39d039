"""Who is told of a decision: CREDIT by webhook, the patient by the channels consented to, people by exceptions."""

from ledger.account import Account, Payment
from ledger.effects import AnyEffect, ExceptionClosed, ExceptionOpened, NotificationDue, Refused, WebhookDue
from ledger.refusal import Refusal

_CHANNELS = ("sms", "email")
_STAY = frozenset({"DUPLICATE_RETURN", "DISHONOR_MISSED", "RETURN_CONTESTED", "NOTICE_OF_CHANGE", "CHANGE_NOT_APPLIED"})
"""codes of exceptions that outlive what becomes of their payment"""
_MOOT_WHEN_PAID = ("/PAYMENT_RETURNED", "/PAYMENT_FAILED")


def exception(
    account: Account, about: str, code: str, severity: str, amount_cents: int, detail: str, hospital_id: str = ""
) -> list[AnyEffect]:
    """An exception for people; none when the same one is open already."""
    exception_id = f"{about}/{code}"
    if exception_id in account.exceptions:
        return []
    return [ExceptionOpened(exception_id, code, severity, about, amount_cents, detail, hospital_id or account.hospital_id)]


def closed(account: Account, about: str, how: str, actor: str = "") -> list[ExceptionClosed]:
    """All open exceptions about one thing end with their cause; `actor` is the person whose act that was.

    Those of a dispute or a notice of change have a cause of their own.
    """
    if not account.exceptions:
        return []
    split = ((name, *name.rpartition("/")) for name in account.exceptions)
    return [ExceptionClosed(name, how, actor) for name, of, _, code in split if of == about and code not in _STAY]


def ended(account: Account, about: str, code: str, how: str) -> list[ExceptionClosed]:
    """One exception ends with its cause, if it is open."""
    name = f"{about}/{code}"
    return [ExceptionClosed(name, how)] if name in account.exceptions else []


def all_paid(account: Account, about: str = "", actor: str = "") -> list[ExceptionClosed]:
    """Nothing is owed any more: repayments that came back or never left need no person; what is about `about` ends elsewhere."""
    return [
        ExceptionClosed(name, "paid", actor)
        for name in account.exceptions
        if name.endswith(_MOOT_WHEN_PAID) and (source := name.rpartition("/")[0]) != about and _repayment(account, source)
    ]


def _repayment(account: Account, transaction_id: str) -> bool:
    payment = account.payments.get(transaction_id)
    return payment is not None and payment.direction == "repayment"


def patient(account: Account, payment: Payment, template: str, at_ms: int = 0) -> list[AnyEffect]:
    """One message for every channel that the patient consented to, now or at an instant."""
    if not account.consents:
        return []
    return [
        NotificationDue(
            template,
            channel,
            payment.transaction_id,
            payment.patient_id,
            payment.amount_cents,
            at_ms,
            payment.hospital_id,
            account.contacts.get(channel, ""),
        )
        for channel in _CHANNELS
        if account.consents.get(channel)
    ]


def credit(payment: Payment, status: str, settlement_cents: int, balance_cents: int, *problems: tuple[str, str, str, int]) -> WebhookDue:
    """The reconciliation webhook: what settled, what is open, and (code, reason, error_code, retry at ms) of each problem."""
    return WebhookDue(payment.transaction_id, status, settlement_cents, balance_cents, problems)


def unexpected(account: Account, payment: Payment, refusal: Refusal, amount_cents: int) -> list[AnyEffect]:
    """The bank tells something that cannot be: refused, and a person looks at it."""
    return [
        Refused(refusal, payment.transaction_id, payment.status),
        *exception(
            account,
            payment.transaction_id,
            refusal.value,
            "high",
            amount_cents,
            f"the bank's event does not fit a payment that is {payment.status}",
            payment.hospital_id,
        ),
    ]
