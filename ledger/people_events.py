"""Events that tell what a person did: worked on an exception, adjusted the books, confirmed or took back a match.

`actor` is who did it, as the API knows the person. Comments are free text: what holds personal data is refused.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from ledger.envelope import Data, Envelope, OptionalToken, Text, Token
from ledger.money import Cents
from ledger.personal import FREE_TEXT, personal

ExceptionId = Annotated[str, Meta(min_length=3, max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@/+=-]*/[A-Z][A-Z_]*$(?!\n)")]
"""`<about>/<code>`"""
Said = Annotated[str, Meta(min_length=1, max_length=500), personal(FREE_TEXT)]
Resolution = Literal["no_action", "fixed_elsewhere", "refunded_elsewhere", "duplicate", "bank_confirmed", "other"]
Form = Literal["write_off", "reinstate", "refund"]


class ActData(Data, frozen=True, kw_only=True):
    """What every act names besides the account: the person."""

    actor: Token


class AssignedData(ActData, frozen=True, kw_only=True):
    """An exception has an owner from here on, or none."""

    exception_id: ExceptionId
    owner: OptionalToken = ""
    comment: Text = ""


class CommentedData(ActData, frozen=True, kw_only=True):
    """A person notes something about an exception."""

    exception_id: ExceptionId
    comment: Said


class SnoozedData(ActData, frozen=True, kw_only=True):
    """An exception can wait until then. Its deadline stays what it is; nobody is alerted meanwhile."""

    exception_id: ExceptionId
    until: Annotated[datetime, Meta(tz=True)]
    comment: Text = ""


class ResolvedData(ActData, frozen=True, kw_only=True):
    """A person settled an exception whose cause the ledger cannot see go away."""

    exception_id: ExceptionId
    resolution: Resolution
    comment: Text = ""


class ProposedData(ActData, frozen=True, kw_only=True):
    """The maker asks for a change of the books: nothing moves until somebody else approves it.

    `about` is the balance to write off or to reinstate, or the payment or deposit whose suspended money was given back.
    """

    adjustment_id: Token
    form: Form
    about: Token
    amount: Cents
    currency: str = "USD"
    exception_id: OptionalToken = ""
    reason: Said


class AdjustmentData(ActData, frozen=True, kw_only=True):
    """The checker's word on a proposal."""

    adjustment_id: Token
    comment: Text = ""


class ConfirmedData(ActData, frozen=True, kw_only=True):
    """Money in suspense belongs to these balances: it is poured over them in this order."""

    source_id: Token
    balance_ids: Annotated[list[Token], Meta(min_length=1, max_length=50)]
    comment: Text = ""


class RevokedData(ActData, frozen=True, kw_only=True):
    """A payment or deposit was matched wrongly; without a balance every match of it is taken back."""

    source_id: Token
    balance_id: OptionalToken = ""
    comment: Said


class RuleSnoozedData(ActData, frozen=True, kw_only=True):
    """One rule is silent for this account until then; an instant that has passed wakes it. Never a rule that blocks or declines, unless
    the rule book says that it may be snoozed.
    """

    rule: Token
    until: Annotated[datetime, Meta(tz=True)]
    comment: Text = ""


class ExceptionAssigned(Envelope, frozen=True, kw_only=True, tag="exception.assigned.v1"):
    data: AssignedData


class ExceptionCommented(Envelope, frozen=True, kw_only=True, tag="exception.commented.v1"):
    data: CommentedData


class ExceptionSnoozed(Envelope, frozen=True, kw_only=True, tag="exception.snoozed.v1"):
    data: SnoozedData


class ExceptionResolved(Envelope, frozen=True, kw_only=True, tag="exception.resolved.v1"):
    data: ResolvedData


class AdjustmentProposed(Envelope, frozen=True, kw_only=True, tag="adjustment.proposed.v1"):
    data: ProposedData


class AdjustmentApproved(Envelope, frozen=True, kw_only=True, tag="adjustment.approved.v1"):
    data: AdjustmentData


class AdjustmentRejected(Envelope, frozen=True, kw_only=True, tag="adjustment.rejected.v1"):
    data: AdjustmentData


class MatchConfirmed(Envelope, frozen=True, kw_only=True, tag="match.confirmed.v1"):
    data: ConfirmedData


class MatchRevoked(Envelope, frozen=True, kw_only=True, tag="match.revoked.v1"):
    data: RevokedData


class RuleSnoozed(Envelope, frozen=True, kw_only=True, tag="rule.snoozed.v1"):
    data: RuleSnoozedData


PeopleEvent = (
    ExceptionAssigned
    | ExceptionCommented
    | ExceptionSnoozed
    | ExceptionResolved
    | AdjustmentProposed
    | AdjustmentApproved
    | AdjustmentRejected
    | MatchConfirmed
    | MatchRevoked
    | RuleSnoozed
)
"""What people do besides reviewing payments. A repeat is told by its event id."""
