"""What all acts of people have in common: a repeat is known by its key, and who did what is journalled first."""

from ledger.account import Account
from ledger.effects import Acted, Refused
from ledger.people_events import PeopleEvent
from ledger.refusal import Refusal


def repeated(account: Account, event: PeopleEvent, about: str) -> list[Refused]:
    """A refusal when this very act was taken in before."""
    return [Refused(Refusal.DUPLICATE, about, "this was done before")] if _identity(event) in account.acts else []


def acted(event: PeopleEvent, action: str, about: str, comment: str) -> Acted:
    """Who did it."""
    return Acted(_identity(event), event.data.actor, action, about, comment)


def _identity(event: PeopleEvent) -> str:
    """The same when a person sends the same again: the key that was given for it, or else the event's id."""
    return event.idempotencykey or event.id


def not_open(account: Account, exception_id: str) -> list[Refused]:
    """A refusal when no such exception is open."""
    if exception_id in account.exceptions:
        return []
    return [Refused(Refusal.UNKNOWN_EXCEPTION, exception_id, "no such exception is open in this account; it may have closed meanwhile")]
