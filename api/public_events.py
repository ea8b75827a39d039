"""The events that we publish, as a contract: what `streams.public` writes must satisfy these classes, which a test checks.

They are CloudEvents 1.0 in structured JSON. `id` is derived from the cause: a reader that sees an id again drops it.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.events import Envelope
from ledger.money import Cents
from ledger.personal import CONTACT, INSTRUMENT, personal

SignedMoney = Annotated[str, Meta(pattern=r"^-?(0|[1-9][0-9]*)\.[0-9]{2}$")]
Severity = Literal["low", "medium", "high", "critical"]
StatusWord = Literal[
    "received",
    "held",
    "approved",
    "declined",
    "canceled",
    "submitted",
    "settled",
    "completed",
    "returned",
    "failed",
    "retry_scheduled",
    "charged_back",
]


class Cause(Struct, frozen=True, kw_only=True):
    """The input event that brought it about."""

    event_id: str
    type: str


class PublicData(Struct, frozen=True, kw_only=True):
    """What every payload names: the account, which is also the message's key, and the cause."""

    credit_reference: str
    cause: Cause


class RuleFired(Struct, frozen=True, kw_only=True):
    """A rule that fired, with the values that made it fire in its explanation."""

    rule: str
    outcome: str
    explanation: str
    severity: str


class StatusChangedData(PublicData, frozen=True, kw_only=True):
    """A payment's status changed. The second group of fields comes with a decision, the third with what the bank or the clock did.

    `reason` comes with both: for a decision it says why the payment is held whatever the rules say (`ROLLOUT_…`, `RETURNED_…` with the
    code of the return that stands against it, `MANDATE_REVOKED`).
    """

    transaction_id: str
    status: StatusWord
    status_code: Literal["P", "S", "F", "R"]
    trace: str
    policy: str = ""
    score: int = 0
    rules: list[RuleFired] = []
    explanation: str = ""
    reviewer: str = ""
    error_code: str = ""
    reason: str = ""
    date: str = ""
    trace_number: str = ""


class CreditAppliedData(PublicData, frozen=True, kw_only=True):
    """A pre-approved credit stands on the hospital's account."""

    transaction_id: str
    hospital_id: str
    patient_id: str
    amount: Cents
    currency: Literal["USD"]
    trace: str


class AlertRaisedData(PublicData, frozen=True, kw_only=True):
    """Risk teams should know."""

    alert: str
    severity: Severity
    about: str
    explanation: str
    rule: str
    policy: str
    hospital_id: str
    amount: SignedMoney
    currency: Literal["USD"]
    trace: str
    route: list[str] = []
    """who gets it, by the rule book"""
    window: str = ""
    """id of a window of a hospital or patient, over all its accounts, that this payment took beyond the usual; of a `rule_broken` alert,
    which names no account, the id of rule and book: every partition that notices tells it once, under this one id; of an
    `id_conflict`, which an account tells once for each identifier, `id_conflict/` and that identifier"""


class ChargedData(PublicData, frozen=True, kw_only=True):
    """A fee or interest is owed, as a balance of its own that belongs to `parent_id`, if to any."""

    balance_id: str
    component: Literal["fees", "interest"]
    name: str
    parent_id: str
    about: str
    amount: Cents
    currency: Literal["USD"]
    hospital_id: str
    patient_id: str
    due_date: str
    policy: str
    explanation: str


class ChargeWaivedData(PublicData, frozen=True, kw_only=True):
    """What was still open of a charge is no longer owed."""

    balance_id: str
    amount: Cents
    currency: Literal["USD"]
    reason: str


class PlanRecastData(PublicData, frozen=True, kw_only=True):
    """An instalment's amount changed; the plan's sum did not."""

    balance_id: str
    plan_id: str
    change: SignedMoney
    currency: Literal["USD"]
    policy: str


class Candidate(Struct, frozen=True, kw_only=True):
    """Balances that the money may be for, and how much speaks for them, out of 100."""

    balance_ids: list[str]
    score: int


class ExceptionOpenedData(PublicData, frozen=True, kw_only=True):
    """Something needs a person."""

    exception_id: str
    code: str
    severity: Severity
    about: str
    amount: SignedMoney
    currency: Literal["USD"]
    detail: str
    hospital_id: str
    trace: str
    due: str | None = None
    suggested_action: str = ""
    candidates: list[Candidate] = []


class ExceptionClosedData(PublicData, frozen=True, kw_only=True):
    """The cause of an exception went away, or a person settled it: then `actor` says who."""

    exception_id: str
    how: str
    actor: str = ""


class WebhookException(Struct, frozen=True, kw_only=True):
    """A problem as the reconciliation webhook tells it."""

    code: str
    reason: str
    error_code: str
    retry_date: str | None


class WebhookDueData(PublicData, frozen=True, kw_only=True):
    """CREDIT is to be told."""

    transaction_id: str
    status: str
    settlement_amount: SignedMoney
    balance: SignedMoney
    currency: Literal["USD"]
    exceptions: list[WebhookException]


class NotificationDueData(PublicData, frozen=True, kw_only=True):
    """The patient is to be told."""

    template: str
    channel: Literal["sms", "email"]
    transaction_id: str
    patient_id: str
    amount: SignedMoney
    currency: Literal["USD"]
    not_before: str | None
    hospital_id: str = ""
    contact: Annotated[str, personal(CONTACT)] = ""
    """where to, sealed"""


class ConsentRecordedData(PublicData, frozen=True, kw_only=True):
    """A consent was given or withdrawn: what is due behind it was decided with it, what is due before may no longer go."""

    purpose: str
    granted: bool


class EntryDueData(PublicData, frozen=True, kw_only=True):
    """An ACH entry is to be sent."""

    transaction_id: str
    attempt: int
    side: Literal["credit", "debit"]
    amount: SignedMoney
    currency: Literal["USD"]
    sec_code: str
    company_entry_description: str
    hospital_id: str
    patient_id: str
    instrument: Annotated[str, personal(INSTRUMENT)]


class Published(Envelope, frozen=True, kw_only=True):
    """Attributes of every event that we publish."""

    datacontenttype: Literal["application/json"]


class PaymentStatusChanged(Published, frozen=True, kw_only=True, tag="payment.status_changed.v1"):
    data: StatusChangedData


class BillingCreditApplied(Published, frozen=True, kw_only=True, tag="billing.credit_applied.v1"):
    data: CreditAppliedData


class BillingCharged(Published, frozen=True, kw_only=True, tag="billing.charged.v1"):
    data: ChargedData


class BillingChargeWaived(Published, frozen=True, kw_only=True, tag="billing.charge_waived.v1"):
    data: ChargeWaivedData


class BillingPlanRecast(Published, frozen=True, kw_only=True, tag="billing.plan_recast.v1"):
    data: PlanRecastData


class AlertRaised(Published, frozen=True, kw_only=True, tag="alert.raised.v1"):
    data: AlertRaisedData


class ExceptionOpened(Published, frozen=True, kw_only=True, tag="exception.opened.v1"):
    data: ExceptionOpenedData


class ExceptionClosed(Published, frozen=True, kw_only=True, tag="exception.closed.v1"):
    data: ExceptionClosedData


class WebhookDue(Published, frozen=True, kw_only=True, tag="webhook.due.v1"):
    data: WebhookDueData


class NotificationDue(Published, frozen=True, kw_only=True, tag="notification.due.v1"):
    data: NotificationDueData


class ConsentRecorded(Published, frozen=True, kw_only=True, tag="consent.recorded.v1"):
    data: ConsentRecordedData


class AchEntryDue(Published, frozen=True, kw_only=True, tag="ach.entry_due.v1"):
    data: EntryDueData
