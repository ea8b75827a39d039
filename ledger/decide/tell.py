"""Who is told of a decision: CREDIT by webhook, the patient by the channels consented to, people by exceptions."""

from ledger.account import Account, Payment
from ledger.effects import AnyEffect, ExceptionClosed, ExceptionOpened, NotificationDue, Refused, WebhookDue
from ledger.refusal import Refusal

_CHANNELS = ("sms", "email")
_STAY = frozenset({"DUPLICATE_RETURN", "DISHONOR_MISSED", "RETURN_CONTESTED", "NOTICE_OF_CHANGE", "CHANGE_NOT_APPLIED"})
"""codes of exceptions that outlive what becomes of their payment"""


def exception(
    account: Account, about: str, code: str, severity: str, amount_cents: int, detail: str, hospital_id: str = ""
) -> list[AnyEffect]:
    """An exception for people; none when the same one is open already."""
    exception_id = f"{about}/{code}"
    if exception_id in account.exceptions:
        return []
    return [ExceptionOpened(exception_id, code, severity, about, amount_cents, detail, hospital_id or account.hospital_id)]


def closed(account: Account, about: str, how: str) -> list[AnyEffect]:
    """All open exceptions about one thing end with their cause; those of a dispute or a notice of change have a cause of their own."""
    if not account.exceptions:
        return []
    prefix = f"{about}/"
    return [
        ExceptionClosed(exception_id, how)
        for exception_id in account.exceptions
        if exception_id.startswith(prefix) and exception_id.removeprefix(prefix) not in _STAY
    ]


def patient(account: Account, payment: Payment, template: str, at_ms: int = 0) -> list[AnyEffect]:
    """One message for every channel that the patient consented to, now or at an instant."""
    if not account.consents:
        return []
    return [
        NotificationDue(template, channel, payment.transaction_id, payment.patient_id, payment.amount_cents, at_ms)
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
