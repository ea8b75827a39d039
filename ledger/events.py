"""The events that come in: CloudEvents 1.0 in structured JSON, one class per type and version.

These classes are the contract: JSON Schema and AsyncAPI are generated from them. Instants carry an offset, dates are ISO
`YYYY-MM-DD`, money is a decimal string with two places (`ledger.money`). Unknown fields are ignored, so that a producer may add some.
"""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.deposit_events import AdvisedBill as AdvisedBill
from ledger.deposit_events import DepositData as DepositData
from ledger.deposit_events import DepositEvent as DepositEvent
from ledger.deposit_events import DepositReceived as DepositReceived
from ledger.deposit_events import RemittanceAdvised as RemittanceAdvised
from ledger.deposit_events import RemittanceData as RemittanceData
from ledger.dispute_events import AccountChanged as AccountChanged
from ledger.dispute_events import AccountChangedData as AccountChangedData
from ledger.dispute_events import ContestedData as ContestedData
from ledger.dispute_events import DishonoredData as DishonoredData
from ledger.dispute_events import DisputeEvent as DisputeEvent
from ledger.dispute_events import ReturnContested as ReturnContested
from ledger.dispute_events import ReturnDishonored as ReturnDishonored
from ledger.envelope import Data, OptionalToken, Text, Token
from ledger.envelope import Envelope as Envelope
from ledger.governance_events import GovernanceEvent as GovernanceEvent
from ledger.governance_events import PolicyActivated as PolicyActivated
from ledger.governance_events import PolicyData as PolicyData
from ledger.governance_events import PolicyShadowed as PolicyShadowed
from ledger.governance_events import RolloutChanged as RolloutChanged
from ledger.governance_events import RolloutData as RolloutData
from ledger.governance_events import ShadowData as ShadowData
from ledger.money import Cents
from ledger.people_events import AdjustmentApproved as AdjustmentApproved
from ledger.people_events import AdjustmentProposed as AdjustmentProposed
from ledger.people_events import AdjustmentRejected as AdjustmentRejected
from ledger.people_events import ExceptionAssigned as ExceptionAssigned
from ledger.people_events import ExceptionCommented as ExceptionCommented
from ledger.people_events import ExceptionResolved as ExceptionResolved
from ledger.people_events import ExceptionSnoozed as ExceptionSnoozed
from ledger.people_events import MatchConfirmed as MatchConfirmed
from ledger.people_events import MatchRevoked as MatchRevoked
from ledger.people_events import PeopleEvent as PeopleEvent
from ledger.people_events import RuleSnoozed as RuleSnoozed
from ledger.personal import CONTACT, INSTRUMENT, PSEUDONYM, REFERENCE, personal
from ledger.subject_events import SubjectErased as SubjectErased
from ledger.subject_events import SubjectEvent as SubjectEvent
from ledger.subject_events import SubjectHeld as SubjectHeld
from ledger.subject_events import SubjectRevealed as SubjectRevealed
from ledger.window_events import WindowExceeded as WindowExceeded
from ledger.window_events import WindowExceededData as WindowExceededData

Reference = Annotated[OptionalToken, personal(REFERENCE)]
Patient = Annotated[Token, personal(PSEUDONYM)]
_Sealed = Annotated[str, Meta(max_length=8000)]
Instrument = Annotated[_Sealed, personal(INSTRUMENT)]
"""A bank account, sealed as `ledger.seal` says, or empty."""
Contact = Annotated[_Sealed, personal(CONTACT)]
"""The number or address that a consent is for, sealed, or empty."""
Direction = Literal["disbursement", "repayment", "preapproval"]
Purpose = Literal["payments", "analytics", "sms", "email"]


class BalanceData(Data, frozen=True, kw_only=True):
    """An amount the patient owes; it becomes an expected item for matching."""

    balance_id: Token
    patient_id: Patient
    hospital_id: Token
    amount: Cents
    currency: str = "USD"
    due_date: date
    reference: Reference = ""


class Instalment(Struct, frozen=True, kw_only=True):
    """One instalment of a plan."""

    balance_id: Token
    amount: Cents
    due_date: date
    reference: Reference = ""


class PlanData(Data, frozen=True, kw_only=True):
    """A repayment plan: up to 600 instalments, each an expected item."""

    plan_id: Token
    patient_id: Patient
    hospital_id: Token
    currency: str = "USD"
    instalments: Annotated[list[Instalment], Meta(min_length=1, max_length=600)]


class InitiatedData(Data, frozen=True, kw_only=True):
    """A payment that CREDIT asks for."""

    transaction_id: Token
    patient_id: Patient
    hospital_id: Token
    amount: Cents
    currency: str = "USD"
    direction: Direction = "repayment"
    reference: Reference = ""
    client_reference: Reference = ""
    """the client's own name for this payment, unique for ever"""
    balance_id: OptionalToken = ""
    sec_code: OptionalToken = ""
    instrument: Instrument = ""
    body_sha256: Annotated[str, Meta(max_length=64)] = ""
    """hash of the request, so that a repeat can be told from another request under the same key"""
    corrects: OptionalToken = ""
    """the payment returned R11 whose corrected entry this is: one within 60 days, no new authorization needed"""


class CanceledData(Data, frozen=True, kw_only=True):
    """CREDIT withdraws a payment that is not yet with the bank."""

    transaction_id: Token
    reason: Text = ""


class ConsentData(Data, frozen=True, kw_only=True):
    """The patient gave or withdrew consent for one purpose."""

    patient_id: Patient
    purpose: Purpose
    granted: bool
    version: OptionalToken = ""
    jurisdiction: OptionalToken = ""
    contact: Contact = ""


class MandateGrantedData(Data, frozen=True, kw_only=True):
    """The patient authorized debits. `sec_code` follows from how the authorization was captured."""

    mandate_id: Token
    patient_id: Patient
    sec_code: Literal["PPD", "WEB", "TEL", "CCD"] = "WEB"
    reauthorizes: OptionalToken = ""
    """a payment that the patient had stopped (R08) and that may be presented again under this authorization"""


class MandateRevokedData(Data, frozen=True, kw_only=True):
    """The patient revoked an authorization."""

    mandate_id: Token
    reason: Text = ""


class SubmittedData(Data, frozen=True, kw_only=True):
    """The entry left for the bank in a file."""

    transaction_id: Token
    trace_number: OptionalToken = ""
    file_id: OptionalToken = ""
    effective_date: date | None = None
    corrected: bool = False
    """the entry went out as a notice of change wants it"""
    prenote: bool = False
    """it tries the account and moves no money; the payment waits"""


class SettledData(Data, frozen=True, kw_only=True):
    """The bank settled the entry."""

    transaction_id: Token
    amount: Cents
    currency: str = "USD"
    settlement_date: date
    trace_number: OptionalToken = ""
    reference: Reference = ""
    hospital_id: OptionalToken = ""


class ReturnedData(Data, frozen=True, kw_only=True):
    """The receiving bank returned the entry, with Nacha's return reason code."""

    transaction_id: Token
    return_code: Annotated[str, Meta(min_length=1, max_length=8)]
    return_date: date
    amount: Cents
    currency: str = "USD"
    trace_number: OptionalToken = ""
    prenote: bool = False
    """the prenote came back, not the payment's entry"""


class FailedData(Data, frozen=True, kw_only=True):
    """The entry never reached the network: rejected file, bank unreachable for good."""

    transaction_id: Token
    reason: Text = ""


class ReviewedData(Data, frozen=True, kw_only=True):
    """A person decided on a held payment."""

    transaction_id: Token
    verdict: Literal["approve", "decline"]
    reviewer: Token
    comment: Text = ""


class TickData(Struct, frozen=True, kw_only=True):
    """The clock; the instant is the envelope's time."""


class BalanceOpened(Envelope, frozen=True, kw_only=True, tag="balance.opened.v1"):
    data: BalanceData


class PlanOpened(Envelope, frozen=True, kw_only=True, tag="plan.opened.v1"):
    data: PlanData


class PaymentInitiated(Envelope, frozen=True, kw_only=True, tag="payment.initiated.v1"):
    data: InitiatedData


class PaymentCanceled(Envelope, frozen=True, kw_only=True, tag="payment.canceled.v1"):
    data: CanceledData


class ConsentChanged(Envelope, frozen=True, kw_only=True, tag="consent.changed.v1"):
    data: ConsentData


class MandateGranted(Envelope, frozen=True, kw_only=True, tag="mandate.granted.v1"):
    data: MandateGrantedData


class MandateRevoked(Envelope, frozen=True, kw_only=True, tag="mandate.revoked.v1"):
    data: MandateRevokedData


class PaymentSubmitted(Envelope, frozen=True, kw_only=True, tag="payment.submitted.v1"):
    data: SubmittedData


class PaymentSettled(Envelope, frozen=True, kw_only=True, tag="payment.settled.v1"):
    data: SettledData


class PaymentReturned(Envelope, frozen=True, kw_only=True, tag="payment.returned.v1"):
    data: ReturnedData


class PaymentFailed(Envelope, frozen=True, kw_only=True, tag="payment.failed.v1"):
    data: FailedData


class PaymentReviewed(Envelope, frozen=True, kw_only=True, tag="payment.reviewed.v1"):
    data: ReviewedData


class Tick(Envelope, frozen=True, kw_only=True, tag="tick.v1"):
    data: TickData


AccountEvent = (
    BalanceOpened
    | PlanOpened
    | PaymentInitiated
    | PaymentCanceled
    | ConsentChanged
    | MandateGranted
    | MandateRevoked
    | PaymentSubmitted
    | PaymentSettled
    | PaymentReturned
    | PaymentFailed
    | DepositEvent
    | PaymentReviewed
    | WindowExceeded
    | DisputeEvent
    | PeopleEvent
    | SubjectEvent
)
"""Events of one account; the message's key is its credit reference."""

ClockEvent = Tick | GovernanceEvent
"""Events of a whole partition; they are sent to every partition by number."""

Event = AccountEvent | ClockEvent
