"""What a decision brings about. Effects are all that is journalled; an account is the fold of its effects.

Every effect is one frozen value, an array on the wire with its name first. Amounts are cents, instants epoch milliseconds, dates ISO.
"""

from ledger.agreement_effects import ConsentChanged as ConsentChanged
from ledger.agreement_effects import MandateGranted as MandateGranted
from ledger.agreement_effects import MandateRevoked as MandateRevoked
from ledger.charge_effects import Accruing as Accruing
from ledger.charge_effects import Charged as Charged
from ledger.charge_effects import ChargeWaived as ChargeWaived
from ledger.charge_effects import Recast as Recast
from ledger.effect import Effect as Effect
from ledger.governance_effects import PolicyActivated as PolicyActivated
from ledger.governance_effects import PolicyShadowed as PolicyShadowed
from ledger.governance_effects import RolloutChanged as RolloutChanged
from ledger.governance_effects import ShadowDiffered as ShadowDiffered
from ledger.parked_effects import Parked as Parked
from ledger.parked_effects import Unparked as Unparked
from ledger.people_effects import Acted as Acted
from ledger.people_effects import AdjustmentDecided as AdjustmentDecided
from ledger.people_effects import AdjustmentProposed as AdjustmentProposed
from ledger.people_effects import BalanceAdjusted as BalanceAdjusted
from ledger.people_effects import ExceptionAssigned as ExceptionAssigned
from ledger.people_effects import ExceptionOverdue as ExceptionOverdue
from ledger.people_effects import ExceptionSnoozed as ExceptionSnoozed
from ledger.people_effects import RuleSnoozed as RuleSnoozed
from ledger.policy import Fired
from ledger.return_effects import AccountCorrected as AccountCorrected
from ledger.return_effects import Barred as Barred
from ledger.return_effects import Disputed as Disputed
from ledger.return_effects import DutyClosed as DutyClosed
from ledger.return_effects import DutyOpened as DutyOpened
from ledger.return_effects import Unbarred as Unbarred
from ledger.subject_effects import SubjectErased as SubjectErased
from ledger.subject_effects import SubjectHeld as SubjectHeld
from ledger.subject_effects import SubjectRevealed as SubjectRevealed


class Refused(Effect, frozen=True, array_like=True, tag="refused"):
    """The event was not posted; `reason` is a member of `ledger.refusal.Refusal`, `about` the thing it speaks of."""

    reason: str
    about: str = ""
    detail: str = ""


class DeadLettered(Effect, frozen=True, array_like=True, tag="dead"):
    """The message was no event; its bytes are in the dead-letter topic. `code` is a member of `ledger.wire.BadInput`."""

    code: str
    detail: str = ""


class BalanceOpened(Effect, frozen=True, array_like=True, tag="balance"):
    """An expected item came into being."""

    balance_id: str
    hospital_id: str
    patient_id: str
    amount_cents: int
    due_date: str
    reference: str
    plan_id: str = ""


class PaymentInitiated(Effect, frozen=True, array_like=True, tag="initiated"):
    """A payment was received; its decision follows in the same entry."""

    transaction_id: str
    direction: str
    amount_cents: int
    hospital_id: str
    patient_id: str
    reference: str = ""
    client_reference: str = ""
    balance_id: str = ""
    sec_code: str = ""
    instrument: str = ""
    body_sha256: str = ""


class Decided(Effect, frozen=True, array_like=True, tag="decided"):
    """A rule book or a person decided. `status` is the payment's status from here on."""

    transaction_id: str
    status: str
    policy: str
    """version of the rule book in force"""
    score: int = 0
    fired: tuple[Fired, ...] = ()
    explanation: str = ""
    reviewer: str = ""
    due_ms: int = 0
    reason: str = ""
    """why it is held whatever the rules say: `ROLLOUT_` and the hospital's phase, `RETURNED_` and a code, or `MANDATE_REVOKED`"""


class Moved(Effect, frozen=True, array_like=True, tag="moved"):
    """The payment's status changed for a cause that is not a rule: the bank, the client, or the clock. A return says whose it is."""

    transaction_id: str
    status: str
    code: str = ""
    """Nacha return code, or our word for the cause"""
    reason: str = ""
    day: str = ""
    """settlement, return or effective date"""
    trace_number: str = ""
    file_id: str = ""
    due_ms: int = 0
    """when the clock should look at the payment again; 0 for never"""
    hospital_id: str = ""
    patient_id: str = ""
    amount_cents: int = 0


class Posted(Effect, frozen=True, array_like=True, tag="posted"):
    """One posting: `amount_cents` debited to one account and credited to another."""

    debit: str
    credit: str
    amount_cents: int
    hospital_id: str
    about: str
    """transaction, deposit or balance that it belongs to"""
    memo: str = ""


class Matched(Effect, frozen=True, array_like=True, tag="matched"):
    """Money of a payment or deposit was allocated to a balance."""

    source_id: str
    balance_id: str
    amount_cents: int
    rule: str
    """the matching pass: id, reference, unique_amount, oldest_first"""
    evidence: tuple[str, ...] = ()
    score: int = 0


class Unmatched(Effect, frozen=True, array_like=True, tag="unmatched"):
    """An allocation was taken back; the balance is open again by that amount."""

    source_id: str
    balance_id: str
    amount_cents: int
    reason: str


class Suspended(Effect, frozen=True, array_like=True, tag="suspended"):
    """Money that matches nothing lies in suspense; a negative amount takes it out again."""

    source_id: str
    amount_cents: int
    reason: str


class DepositReceived(Effect, frozen=True, array_like=True, tag="deposit"):
    """Money came in without a payment of ours."""

    deposit_id: str
    hospital_id: str
    amount_cents: int
    day: str
    reference: str = ""
    trace_number: str = ""
    patient_id: str = ""
    balance_id: str = ""


class ExceptionOpened(Effect, frozen=True, array_like=True, tag="exception"):
    """Something needs a person. The id is `<about>/<code>`, so that one cause has one exception."""

    exception_id: str
    code: str
    severity: str
    about: str
    amount_cents: int
    detail: str
    hospital_id: str = ""
    due_ms: int = 0
    """by when people are to have closed it; 0 for never"""
    candidates: tuple[tuple[tuple[str, ...], int], ...] = ()
    """(balance ids, score) of each answer that a person may confirm, best first"""


class ExceptionClosed(Effect, frozen=True, array_like=True, tag="exception-closed"):
    """The cause went away, or a person settled it: then `actor` says who."""

    exception_id: str
    how: str
    actor: str = ""


class AlertRaised(Effect, frozen=True, array_like=True, tag="alert"):
    """Risk teams should know. `rule` names what fired, `policy` the book's version."""

    alert: str
    severity: str
    about: str
    explanation: str
    rule: str
    policy: str
    hospital_id: str
    amount_cents: int = 0
    route: tuple[str, ...] = ()
    """who gets it, by the rule book"""
    window: str = ""
    """for an alert that crosses accounts: id of the window that went beyond the usual, or of the rule and book that broke"""


class CreditApplied(Effect, frozen=True, array_like=True, tag="credit-applied"):
    """A pre-approved credit stands on the hospital's account, for its billing system."""

    transaction_id: str
    hospital_id: str
    patient_id: str
    amount_cents: int


class RetryScheduled(Effect, frozen=True, array_like=True, tag="retry"):
    """A returned debit will be presented again (Nacha: at most twice, within 180 days)."""

    transaction_id: str
    at_ms: int
    attempt: int


class EntryDue(Effect, frozen=True, array_like=True, tag="entry-due"):
    """An ACH entry is to be sent. `description` is the company entry description."""

    transaction_id: str
    attempt: int
    side: str
    """credit or debit, as the receiver sees it"""
    amount_cents: int
    sec_code: str
    description: str
    hospital_id: str
    patient_id: str = ""
    instrument: str = ""


class WebhookDue(Effect, frozen=True, array_like=True, tag="webhook"):
    """CREDIT is to be told: what settled, what is still open, and what needs attention."""

    transaction_id: str
    status: str
    settlement_cents: int
    balance_cents: int
    exceptions: tuple[tuple[str, str, str, int], ...] = ()
    """(code, reason, error_code, retry at in ms or 0)"""


class NotificationDue(Effect, frozen=True, array_like=True, tag="notify"):
    """The patient is to be told; consent was checked for this channel."""

    template: str
    channel: str
    transaction_id: str
    patient_id: str
    amount_cents: int
    at_ms: int = 0
    hospital_id: str = ""
    """whose clock says when it is night"""
    contact: str = ""
    """where to, sealed; empty when the consent named no number or address"""


AnyEffect = (
    Refused
    | DeadLettered
    | BalanceOpened
    | PaymentInitiated
    | Decided
    | Moved
    | Posted
    | Matched
    | Unmatched
    | Suspended
    | DepositReceived
    | ExceptionOpened
    | ExceptionClosed
    | AlertRaised
    | CreditApplied
    | RetryScheduled
    | EntryDue
    | WebhookDue
    | NotificationDue
    | ConsentChanged
    | MandateGranted
    | MandateRevoked
    | Parked
    | Unparked
    | PolicyActivated
    | PolicyShadowed
    | ShadowDiffered
    | RolloutChanged
    | Charged
    | ChargeWaived
    | Accruing
    | Recast
    | AccountCorrected
    | Barred
    | Unbarred
    | DutyOpened
    | DutyClosed
    | Disputed
    | Acted
    | ExceptionAssigned
    | ExceptionSnoozed
    | ExceptionOverdue
    | AdjustmentProposed
    | AdjustmentDecided
    | BalanceAdjusted
    | SubjectErased
    | SubjectHeld
    | SubjectRevealed
    | RuleSnoozed
)
