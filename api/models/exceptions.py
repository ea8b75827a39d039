"""What people do with exceptions, adjustments and matches, and what comes of it."""

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from api.models.common import Amount, Answer, Asked, Instant, Money, OptionalToken, Token
from api.models.lists import ExceptionItem, Severity

_INSTANT: Final = r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$"


def _instant(text: str) -> str:
    if not re.fullmatch(_INSTANT, text, re.ASCII):
        raise PydanticCustomError("instant", "is an instant with offset, such as 2026-03-05T12:00:00Z")
    return text


Actor = Annotated[OptionalToken, Field(description="Who does it, for the record: whoever is signed in, so it may be left out.")]
Account = Annotated[OptionalToken, Field(description="The account; needed where two accounts have an exception of this id.")]
Comment = Annotated[str, Field(max_length=500, description="Free text without personal data: what holds any is refused.")]
Said = Annotated[str, Field(min_length=1, max_length=500, description="Free text without personal data: what holds any is refused.")]
Until = Annotated[str, AfterValidator(_instant), Field(json_schema_extra={"pattern": _INSTANT}, description="RFC 3339, with offset.")]
Resolution = Literal["no_action", "fixed_elsewhere", "refunded_elsewhere", "duplicate", "bank_confirmed", "other"]
Form = Literal["write_off", "reinstate", "refund"]
Outcome = Literal["done", "already", "pending", "refused", "open"]


class ActRequest(Asked):
    """Who does something in which account."""

    actor: Actor = ""
    credit_reference: Account = ""


class AssignRequest(ActRequest):
    """Take an exception, give it to somebody, or, without an owner, put it back."""

    owner: OptionalToken = ""
    comment: Comment = ""


class CommentRequest(ActRequest):
    """A note."""

    comment: Said


class SnoozeRequest(ActRequest):
    """Let it wait; 30 days at most."""

    until: Until
    comment: Comment = ""


class ResolveRequest(ActRequest):
    """It is settled, in a way that the ledger cannot see."""

    resolution: Resolution
    comment: Comment = ""


class ReviewRequest(ActRequest):
    """Decide on the held payment that a PAYMENT_HELD exception is about."""

    verdict: Literal["approve", "decline"]
    comment: Comment = ""


class ActAnswer(Answer):
    """What became of it. `already`: it was so before, or this request is a repeat; `pending`: recorded, and not decided yet."""

    outcome: Outcome
    about: str
    credit_reference: str
    detail: str = ""
    closed: list[str] = Field(default_factory=list, description="Exceptions that this closed.")
    opened: list[str] = Field(default_factory=list, description="Exceptions that this opened.")


class Event(Answer):
    """One thing that happened to an exception."""

    at: Instant
    what: str
    actor: str
    detail: str


class ExceptionAnswer(ExceptionItem):
    """An exception with all that happened to it, oldest first."""

    history: list[Event]


class Named(Asked):
    """One exception."""

    exception_id: Annotated[str, Field(min_length=3, max_length=200)]
    credit_reference: Token


class Where(Asked):
    """Which exceptions: those for which all of this holds."""

    code: OptionalToken = ""
    severity: Severity | None = None
    hospital_id: OptionalToken = ""
    owner: Annotated[OptionalToken, Field(description="`-` for those that nobody has.")] = ""
    credit_reference: OptionalToken = ""


class BulkRequest(Asked):
    """The same for many open exceptions: a list of them, or a condition. The preview comes first; its token carries it out."""

    action: Literal["assign", "comment", "snooze", "resolve"]
    exceptions: list[Named] = Field(default_factory=list, max_length=200)
    where: Where | None = None
    preview: bool = True
    token: Annotated[str, Field(max_length=64, description="Of the preview; what is done is what was shown, or nothing.")] = ""
    actor: Actor = ""
    owner: OptionalToken = ""
    comment: Comment = ""
    until: Until | None = None
    resolution: Resolution | None = None


class BulkItem(Answer):
    """One exception of many."""

    exception_id: str
    credit_reference: str
    code: str
    amount: Money
    outcome: Outcome
    detail: str


class BulkAnswer(Answer):
    """What would be done, or what was done."""

    preview: bool
    token: str
    count: int
    amount: Money
    by_code: dict[str, int]
    exceptions: list[BulkItem]
    more: Annotated[bool, Field(description="More than 200 fit the condition; these are the oldest.")]


class ProposeRequest(Asked):
    """Ask for a change of the books. Somebody else approves it."""

    credit_reference: Token
    form: Form
    about: Annotated[Token, Field(description="The balance; for a refund the payment or deposit whose suspended money was given back.")]
    amount: Amount
    reason: Said
    exception_id: Annotated[str, Field(max_length=200)] = ""
    adjustment_id: Annotated[OptionalToken, Field(description="A name of your own; made of the request's id if left out.")] = ""
    actor: Actor = ""


class DecideRequest(ActRequest):
    """Approve or reject a proposal."""

    comment: Comment = ""


class Adjustment(Answer):
    """A proposal and what became of it."""

    adjustment_id: str
    credit_reference: str
    state: Literal["proposed", "approved", "rejected"]
    form: str
    about: str
    amount: Money
    hospital_id: str
    reason: str
    exception_id: str
    maker: str
    checker: str
    proposed_at: Instant
    decided_at: Instant | None


class AdjustmentPage(Answer):
    """Adjustments, newest first, 500 at most."""

    adjustments: list[Adjustment]


class ConfirmRequest(Asked):
    """Money in suspense is for these balances, in this order."""

    credit_reference: Token
    source_id: Token
    balance_ids: Annotated[list[Token], Field(min_length=1, max_length=50)]
    comment: Comment = ""
    actor: Actor = ""


class RevokeRequest(Asked):
    """A payment or deposit was matched wrongly: with this balance, or, without one, with any."""

    credit_reference: Token
    source_id: Token
    balance_id: OptionalToken = ""
    comment: Said
    actor: Actor = ""
