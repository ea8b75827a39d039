"""What `decide` is given from outside the ledger: the rule book in force and the knowledge of the ACH rail.

Both are values with pure methods. `rules` and `ach` supply them; `streams` puts them together.
"""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from ledger.charges import Charges, Owing, Share
from ledger.facts import Facts
from ledger.matching.terms import Terms

APPROVE = "approve"
REVIEW = "review"
BLOCK = "block"
DECLINE = "decline"
OUTCOMES = (APPROVE, REVIEW, BLOCK, DECLINE)
"""The outcome lattice, weakest first; the strongest outcome of all rules that fire wins."""


class Fired(Struct, frozen=True, array_like=True):
    """One rule that fired: its name, its outcome, and a sentence with the values that made it fire."""

    rule: str
    outcome: str
    explanation: str
    severity: str = ""
    """empty, or the severity of the alert to raise: low, medium, high, critical"""
    broken: bool = False
    """it did not fire but could not be evaluated; that is told once for the book, not for every payment"""


class Verdict(Struct, frozen=True):
    """The answer of a rule book: the strongest outcome, the score, and every rule that fired, by priority."""

    outcome: str
    score: int = 0
    fired: tuple[Fired, ...] = ()
    explanation: str = ""


class Retry(Struct, frozen=True):
    """The book's say in re-presentments. It narrows Nacha's limits (2.12.4: R01 and R09, twice, within 180 days), it never widens them."""

    reasons: tuple[str, ...] = ("insufficient_funds", "uncollected_funds")
    retries_max: int = 2
    delay_days: int = 5
    payday_search_days: int = 0
    window_days: int = 180
    minimum_cents: int = 0
    scheduled_by_us: bool = True
    """else the webhook tells CREDIT, which schedules"""
    reminds: bool = True
    """whether the patient is told of a scheduled retry"""

    def wanted(self, reason: str, amount_cents: int, retries_made: int) -> bool:
        """Whether the book wishes this return presented again; the rail may still forbid it."""
        return self.scheduled_by_us and reason in self.reasons and amount_cents >= self.minimum_cents and retries_made < self.retries_max


class Missing(Struct, frozen=True):
    """Which bills the book wants to hear of when their window closes without their money."""

    plans_only: bool = False
    """instalments of plans, no single balances"""
    minimum_cents: int = 0
    """open at least"""

    def of(self, plan_id: str) -> bool:
        """Whether a bill of this plan, or of none, is among them."""
        return bool(plan_id) or not self.plans_only


class Rules(Protocol):
    """A compiled rule book."""

    @property
    def version(self) -> str:
        """Name and version of the book, as it stands in every decision, e.g. `default@3`."""

    def evaluate(self, facts: Facts) -> Verdict:
        """Answer for these facts. Never raises: a broken rule is isolated and named in `fired`."""

    @property
    def later(self) -> frozenset[str]:
        """Events besides `payment.initiated` that it has rules on."""

    def route(self, rule: str, severity: str) -> tuple[str, ...]:
        """Who gets the alert of this severity that this rule, or the ledger itself, raises."""

    def snoozable(self, rule: str) -> bool:
        """Whether a person may put this rule to sleep for one account."""

    @property
    def retry(self) -> Retry:
        """Which returns are presented again."""

    @property
    def prenotes(self) -> tuple[str, ...]:
        """Hospitals that try a bank account before its first debit; `*` for all."""

    @property
    def remittances(self) -> tuple[str, ...]:
        """Hospitals whose insurers' deposits wait for their remittance advice; `*` for all."""

    @property
    def missing(self) -> Missing | None:
        """Which bills become an exception when their window closes; None when none does."""

    @property
    def paid_in(self) -> Terms:
        """What counts as a match of a deposit."""

    @property
    def charges(self) -> Charges | None:
        """What it charges; None when it charges nothing."""

    def allocate(self, amount_cents: int, owing: Sequence[Owing]) -> tuple[Share, ...]:
        """How money is used up on what is owed: the oldest due first, and the components in the order of the book."""


class ReturnAction(Struct, frozen=True):
    """What a return reason code means for us. Source: the return code table of `ach`."""

    code: str
    reason: str
    """our word for the cause, e.g. insufficient_funds; the code itself when unknown"""
    action: str
    """RT retry allowed, RA retry with new authorization, FX fix and send anew, ST stop, CL close account, IN investigate"""
    unauthorized: bool = False
    known: bool = True
    bars: str = ""
    """`ledger.standing`: what it stops for further entries, the instrument or the authorization; empty for nothing"""
    alert: str = ""
    """name of the alert that it is worth beside the exception; empty for none"""
    speaks_in: str = "return"
    """return, dishonored or contested; other words for codes that no bank may send us"""


class Rail(Protocol):
    """Knowledge of the ACH rail that decisions need. Dates are ISO `YYYY-MM-DD`, instants epoch milliseconds."""

    def return_action(self, code: str) -> ReturnAction:
        """Meaning of a return reason code; an unknown code gives `known=False` and action IN."""

    def business_date(self, at_ms: int) -> str:
        """The banking day an instant belongs to: the New York date, or the next banking day after it."""

    def local_date(self, at_ms: int) -> str:
        """The date in America/New_York, banking day or not."""

    def local_hour(self, at_ms: int) -> int:
        """Hour 0-23 in America/New_York."""

    def is_banking_day(self, day: str) -> bool:
        """Whether the Federal Reserve settles on this date."""

    def add_banking_days(self, day: str, count: int) -> str:
        """The date `count` banking days after (or before, if negative) `day`."""

    def start_of_day_ms(self, day: str) -> int:
        """Midnight of this date in New York, as an instant."""

    def return_deadline(self, code: str, settled_on: str) -> str:
        """The last date on which a return with this code of an entry settled on that date is in time; empty when there is none."""

    def duty_deadline(self, duty: str, day: str) -> str:
        """The last date for a duty (`ledger.standing`) that counts from `day`."""

    def may_retry_on(self, day: str, first_settlement_date: str) -> bool:
        """Whether a re-presentment on this date is within the window after the original entry's settlement."""

    def retry_at_ms(self, returned_at_ms: int, attempts: int, first_settlement_date: str, terms: Retry | None = None) -> int | None:
        """When to re-present an R01/R09 return by the book's terms, or None when Nacha's limits (two, within 180 days) forbid it."""
