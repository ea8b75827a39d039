"""What all acts of people have in common: a repeat is known by its event id, and who did what is journalled first."""

from ledger.account import Account
from ledger.effects import Acted, Refused
from ledger.people_events import PeopleEvent
from ledger.refusal import Refusal


def repeated(account: Account, event: PeopleEvent, about: str) -> list[Refused]:
    """A refusal when this very act was taken in before."""
    return [Refused(Refusal.DUPLICATE, about, "this was done before")] if event.id in account.acts else []


def acted(event: PeopleEvent, action: str, about: str, comment: str) -> Acted:
    """Who did it."""
    return Acted(event.id, event.data.actor, action, about, comment)


def not_open(account: Account, exception_id: str) -> list[Refused]:
    """A refusal when no such exception is open."""
    if exception_id in account.exceptions:
        return []
    return [Refused(Refusal.UNKNOWN_EXCEPTION, exception_id, "no such exception is open in this account; it may have closed meanwhile")]
