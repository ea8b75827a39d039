"""Effects of what people do with exceptions and the books, and of the clock that watches exceptions."""

from ledger.effect import Effect


class Acted(Effect, frozen=True, array_like=True, tag="acted"):
    """A person did something: the first effect of every act. By its event id a repeat is known."""

    act_id: str
    actor: str
    action: str
    """assigned, commented, snoozed, resolved, proposed, approved, rejected, confirmed or revoked"""
    about: str
    """exception, adjustment, or the payment or deposit that was matched"""
    comment: str = ""


class ExceptionAssigned(Effect, frozen=True, array_like=True, tag="exception-assigned"):
    """An exception has another owner, or none."""

    exception_id: str
    owner: str
    actor: str = ""


class ExceptionSnoozed(Effect, frozen=True, array_like=True, tag="exception-snoozed"):
    """An exception waits until then; the clock does not look at it before."""

    exception_id: str
    until_ms: int
    actor: str = ""


class ExceptionOverdue(Effect, frozen=True, array_like=True, tag="exception-overdue"):
    """The clock passed an exception's deadline. `level` 1 is the deadline, 2 the escalation; an alert goes with it."""

    exception_id: str
    level: int
    owner: str
    due_ms: int = 0
    """when the clock looks again; 0 for never"""


class AdjustmentProposed(Effect, frozen=True, array_like=True, tag="adjustment"):
    """A person asks for a change of the books; another one decides."""

    adjustment_id: str
    form: str
    """write_off, reinstate or refund"""
    about: str
    """balance, or payment or deposit"""
    amount_cents: int
    hospital_id: str
    actor: str
    reason: str
    exception_id: str = ""


class AdjustmentDecided(Effect, frozen=True, array_like=True, tag="adjustment-decided"):
    """A proposal was approved by a second person, or rejected; what an approval moves follows in the same entry."""

    adjustment_id: str
    verdict: str
    """approved or rejected"""
    actor: str


class BalanceAdjusted(Effect, frozen=True, array_like=True, tag="balance-adjusted"):
    """What is open of a balance changed without money: a negative amount was written off, a positive one is owed again."""

    balance_id: str
    adjustment_id: str
    amount_cents: int
    hospital_id: str


class RuleSnoozed(Effect, frozen=True, array_like=True, tag="rule-snoozed"):
    """One rule is silent for this account until then."""

    rule: str
    until_ms: int
