"""Decisions on a person's data: erasure, legal hold, revealing. The key itself is destroyed by whoever reads the answer."""

from ledger.account import ERASED, RESTRICTED, Account, Status
from ledger.decide.context import Context
from ledger.effects import AnyEffect, ConsentChanged, Refused, SubjectErased, SubjectHeld, SubjectRevealed
from ledger.refusal import Refusal
from ledger.subject_events import SubjectData
from ledger.subject_events import SubjectErased as ErasedEvent
from ledger.subject_events import SubjectHeld as HeldEvent
from ledger.subject_events import SubjectRevealed as RevealedEvent

_OPEN = frozenset(
    {Status.RECEIVED.value, Status.HELD.value, Status.APPROVED.value, Status.SUBMITTED.value, Status.RETRY_SCHEDULED.value},
)
"""payments that are under way: their instrument is still needed"""


def erased(account: Account, event: ErasedEvent, _: Context) -> list[AnyEffect]:
    """Erased, or restricted until open payments have ended and the event comes again. A legal hold refuses (GDPR, Art. 17(3)).

    Each consent ends for itself, so that whoever holds back messages for it hears of it.
    """
    data = event.data
    if (refused := _not_theirs(account, data)) is not None:
        return [refused]
    if account.privacy == ERASED:
        return [Refused(Refusal.DUPLICATE, data.patient_id)]
    if account.legal_hold:
        return [Refused(Refusal.LEGAL_HOLD, data.patient_id)]
    under_way = next((payment.transaction_id for payment in account.payments.values() if payment.status in _OPEN), "")
    if under_way and account.privacy == RESTRICTED:
        return [Refused(Refusal.PAYMENT_OPEN, data.patient_id, under_way)]
    withdrawn = [ConsentChanged(purpose, granted=False) for purpose, granted in account.consents.items() if granted]
    return [SubjectErased(data.patient_id, RESTRICTED if under_way else ERASED, data.by, data.ticket), *withdrawn]


def held(account: Account, event: HeldEvent, _: Context) -> list[AnyEffect]:
    """A legal hold; one that comes after the erasure has nothing left to hold."""
    data = event.data
    if (refused := _not_theirs(account, data)) is not None:
        return [refused]
    if account.legal_hold is data.held:
        return [Refused(Refusal.DUPLICATE, data.patient_id)]
    if account.privacy == ERASED:
        return [Refused(Refusal.SUBJECT_ERASED, data.patient_id)]
    return [SubjectHeld(data.patient_id, data.held, data.by, data.ticket)]


def revealed(account: Account, event: RevealedEvent, _: Context) -> list[AnyEffect]:
    """The note that somebody looks; nothing is shown before it is in the journal."""
    data = event.data
    if (refused := _not_theirs(account, data)) is not None:
        return [refused]
    if account.privacy == ERASED:
        return [Refused(Refusal.SUBJECT_ERASED, data.patient_id)]
    if data.transaction_id and data.transaction_id not in account.payments:
        return [Refused(Refusal.UNKNOWN_TRANSACTION, data.transaction_id)]
    return [SubjectRevealed(data.patient_id, data.field, data.transaction_id, data.purpose, data.by, data.ticket)]


def barred(account: Account, about: str) -> list[AnyEffect]:
    """The refusal of whatever would begin something new for a person who was erased; none for everybody else."""
    return [Refused(Refusal.SUBJECT_ERASED, about, account.privacy)] if account.privacy else []


def _not_theirs(account: Account, data: SubjectData) -> Refused | None:
    if account.patient_id in {"", data.patient_id}:
        return None
    theirs = {payment.patient_id for payment in account.payments.values()} | {item.patient_id for item in account.items.values()}
    return None if data.patient_id in theirs else Refused(Refusal.WRONG_SUBJECT, data.patient_id)
