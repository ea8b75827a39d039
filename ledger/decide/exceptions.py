"""Decisions on what people do with open exceptions: take them, note something, let them wait, settle them."""

from collections.abc import Sequence

from ledger.account import Account, Status
from ledger.casework import UNKNOWN
from ledger.decide.acts import acted, not_open, repeated
from ledger.decide.context import Context
from ledger.decide.sources import source_of
from ledger.effects import AnyEffect, ExceptionAssigned, ExceptionClosed, ExceptionSnoozed, Refused
from ledger.events import ExceptionAssigned as AssignedEvent
from ledger.events import ExceptionCommented as CommentedEvent
from ledger.events import ExceptionResolved as ResolvedEvent
from ledger.events import ExceptionSnoozed as SnoozedEvent
from ledger.money import money
from ledger.refusal import Refusal
from ledger.wire import epoch_ms

SNOOZE_MS_MAX = 30 * 86_400_000


def assigned(account: Account, event: AssignedEvent, _: Context) -> Sequence[AnyEffect]:
    """Somebody takes an exception, gives it to another person, or puts it back for anyone."""
    data = event.data
    refused = repeated(account, event, data.exception_id) or not_open(account, data.exception_id)
    if refused:
        return refused
    if account.cases.get(data.exception_id, UNKNOWN).owner == data.owner:
        return [Refused(Refusal.DUPLICATE, data.exception_id, f"{data.owner or 'nobody'} has it already")]
    return [acted(event, "assigned", data.exception_id, data.comment), ExceptionAssigned(data.exception_id, data.owner, data.actor)]


def commented(account: Account, event: CommentedEvent, _: Context) -> Sequence[AnyEffect]:
    """A note for whoever comes next."""
    data = event.data
    refused = repeated(account, event, data.exception_id) or not_open(account, data.exception_id)
    return refused or [acted(event, "commented", data.exception_id, data.comment)]


def snoozed(account: Account, event: SnoozedEvent, context: Context) -> Sequence[AnyEffect]:
    """It waits; the clock does not alert anybody before. 30 days at most."""
    data = event.data
    refused = repeated(account, event, data.exception_id) or not_open(account, data.exception_id)
    if refused:
        return refused
    until_ms = epoch_ms(data.until)
    if account.cases.get(data.exception_id, UNKNOWN).snoozed_until_ms == until_ms:
        return [Refused(Refusal.DUPLICATE, data.exception_id, "it waits until then already")]
    if not 0 < until_ms - context.at_ms <= SNOOZE_MS_MAX:
        return [Refused(Refusal.SNOOZE_OUT_OF_RANGE, data.exception_id, "an exception waits until a moment to come, 30 days ahead at most")]
    return [acted(event, "snoozed", data.exception_id, data.comment), ExceptionSnoozed(data.exception_id, until_ms, data.actor)]


def resolved(account: Account, event: ResolvedEvent, _: Context) -> Sequence[AnyEffect]:
    """A person says it is settled; not while the ledger still has a payment to be decided or money without a place behind it."""
    data = event.data
    refused = repeated(account, event, data.exception_id) or not_open(account, data.exception_id) or _remains(account, data.exception_id)
    return refused or [
        acted(event, "resolved", data.exception_id, data.comment),
        ExceptionClosed(data.exception_id, data.resolution, data.actor),
    ]


def _remains(account: Account, exception_id: str) -> list[Refused]:
    about, _, code = exception_id.rpartition("/")
    payment = account.payments.get(about)
    if code == "PAYMENT_HELD" and payment is not None and payment.status == Status.HELD.value:
        return [Refused(Refusal.CAUSE_REMAINS, exception_id, "the payment is held: approve or decline it, or cancel it")]
    source = source_of(account, about)
    if source is not None and source.suspended_cents and code in _ABOUT_SUSPENSE:
        said = f"{money(source.suspended_cents)} lie in suspense: confirm a match, or propose a refund"
        return [Refused(Refusal.CAUSE_REMAINS, exception_id, said)]
    return []


_ABOUT_SUSPENSE = frozenset(
    {
        "UNKNOWN_ACCOUNT",
        "UNMATCHED",
        "PROPOSED",
        "AMBIGUOUS",
        "MISMATCHED",
        "OVERPAID",
        "MATCH_REVOKED",
        "DUPLICATE_DEPOSIT",
        "ADVICE_MISSING",
        "ADVICE_MISMATCH",
    }
)
