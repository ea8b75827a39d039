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
from ledger.money_effects import DepositReceived as DepositReceived
from ledger.money_effects import Matched as Matched
from ledger.money_effects import Posted as Posted
from ledger.money_effects import Suspended as Suspended
from ledger.money_effects import Unmatched as Unmatched
from ledger.outgoing_effects import CreditApplied as CreditApplied
from ledger.outgoing_effects import EntryDue as EntryDue
from ledger.outgoing_effects import NotificationDue as NotificationDue
from ledger.outgoing_effects import WebhookDue as WebhookDue
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
from ledger.remittance_effects import Reassociated as Reassociated
from ledger.remittance_effects import RemittanceAdvised as RemittanceAdvised
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
    """for an alert that crosses accounts: id of the window that went beyond the usual, or of the rule and book that broke; for one that an
    account raises once, what it is known by there"""


class RetryScheduled(Effect, frozen=True, array_like=True, tag="retry"):
    """A returned debit will be presented again (Nacha: at most twice, within 180 days)."""

    transaction_id: str
    at_ms: int
    attempt: int


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
    | RemittanceAdvised
    | Reassociated
)
