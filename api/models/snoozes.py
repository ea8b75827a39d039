"""Rules that sleep for one account."""

from typing import Literal

from pydantic import Field

from api.models.common import Answer, Asked, Instant, Token
from api.models.exceptions import Actor, Comment, Said, Until

State = Literal["asleep", "awake", "all"]


class SnoozeRequest(Asked):
    """Put a rule to sleep for an account: it neither holds nor alerts there until then, a year ahead at most."""

    credit_reference: Token
    rule: Token
    until: Until
    comment: Said = Field(description="Why, without personal data.")
    actor: Actor = ""


class WakeRequest(Asked):
    """Wake a rule before its time."""

    credit_reference: Token
    rule: Token
    comment: Comment = ""
    actor: Actor = ""


class Snooze(Answer):
    """A rule's latest snooze for an account. `until` is empty for one that a person woke."""

    credit_reference: str
    rule: str
    until: Instant | None
    snoozed_at: Instant
    snoozed_by: str
    reason: str


class SnoozePage(Answer):
    """Snoozes, the last to wake first, 500 at most."""

    snoozes: list[Snooze]
