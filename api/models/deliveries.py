"""What became of webhooks and of messages to patients, and what people ask of them."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from api.models.common import Answer, Asked, Instant, OptionalToken
from api.models.rules import Person

Outcome = Literal["delivered", "failed", "exhausted", "gone", "undeliverable", "suppressed"]


class Attempt(Answer):
    """One attempt to deliver, or the decision to make none. Neither what was sent nor what was answered is kept."""

    at: Instant
    attempt: Annotated[int, Field(ge=0, description="From 1; 0 when none was made.")]
    outcome: Outcome
    status: Annotated[int, Field(description="HTTP or SMTP status; 0 when there was no answer.")]
    reason: str
    duration_ms: int
    next_at: Annotated[Instant | None, Field(description="When it is tried again.")]
    replay: Annotated[str, Field(description="The replay that it was repeated for.")]


class AttemptItem(Attempt):
    """An attempt with what it was for."""

    delivery_id: Annotated[str, Field(description="The `webhook-id`; of a message to a patient, the id of its event.")]
    transaction_id: str
    credit_reference: str
    channel: Annotated[str, Field(description="webhook, sms or email")]
    template: str
    endpoint: str


class AttemptPage(Answer):
    """A page of attempts, newest first."""

    deliveries: list[AttemptItem]
    next: str | None


class ReplayAsked(Asked):
    """Which webhooks to send again: those tried from `from` on and before `to`."""

    since: Annotated[AwareDatetime, Field(alias="from", strict=False)]
    until: Annotated[AwareDatetime, Field(alias="to", strict=False)]
    credit_reference: OptionalToken = ""
    undelivered_only: Annotated[bool, Field(description="Only what was given up.")] = False
    requested_by: Person = ""


class EnableAsked(Asked):
    """Who has CREDIT's word that it wants webhooks again."""

    requested_by: Person = ""


class RequestAccepted(Answer):
    """The request is in Kafka and is carried out when the sink runs."""

    request_id: Annotated[str, Field(description="Attempts of a replay carry it as `replay`.")]
