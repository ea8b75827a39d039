"""A rule book as a value. `rules.read` makes it from TOML text; the tables below are that text's grammar."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from rules.terms import Terms

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Outcome = Literal["approve", "review", "block", "decline"]
Severity = Literal["", "low", "medium", "high", "critical"]
EventName = Literal["payment.initiated", "payment.settled", "payment.returned", "payment.failed", "deposit.received"]
Direction = Literal["disbursement", "repayment", "preapproval"]
Points = Annotated[int, Meta(ge=-1_000, le=1_000)]
Token = Annotated[str, Meta(min_length=1, max_length=128)]


class Header(Struct, frozen=True, kw_only=True):
    """`[book]`: which book this is."""

    name: Name
    version: Annotated[int, Meta(ge=1)]
    description: str = ""
    on_error: Outcome = "review"
    """what a payment gets at least when a rule breaks on it and that rule does not say otherwise"""


class Rule(Struct, frozen=True, kw_only=True):
    """`[[rule]]`: when it looks, what it asks, what follows."""

    name: Name
    when: str
    outcome: Outcome = "approve"
    events: tuple[EventName, ...] = ("payment.initiated",)
    directions: tuple[Direction, ...] = ()
    """empty: every direction"""
    priority: Annotated[int, Meta(ge=-1_000, le=1_000)] = 0
    """higher is told first; it never changes the outcome"""
    score: Points = 0
    severity: Severity = ""
    """empty: no alert"""
    route: tuple[Token, ...] = ()
    """who gets the alert; empty: as `[alerts]` says for the severity"""
    explain: str = ""
    """sentence with `{word}` for values; empty: made from the expression"""
    on_error: Literal["", "approve", "review", "block", "decline"] = ""
    snooze: bool | None = None
    """whether it may be snoozed; unsaid: yes, unless the outcome is block or decline"""
    enabled: bool = True

    @property
    def snoozable(self) -> bool:
        """Whether a person may put this rule to sleep for one account."""
        return self.outcome not in ("block", "decline") if self.snooze is None else self.snooze


class Score(Struct, frozen=True, kw_only=True):
    """`[score]`: from which sum of points on a payment gets an outcome; 0 is never."""

    review: Annotated[int, Meta(ge=0)] = 0
    block: Annotated[int, Meta(ge=0)] = 0
    decline: Annotated[int, Meta(ge=0)] = 0
    alert: Annotated[int, Meta(ge=0)] = 0
    severity: Severity = "high"
    """severity of the alert raised from `alert` points on"""


class Alerts(Struct, frozen=True, kw_only=True):
    """`[alerts]`: who gets the alerts of each severity."""

    low: tuple[Token, ...] = ("risk",)
    medium: tuple[Token, ...] = ("risk",)
    high: tuple[Token, ...] = ("risk",)
    critical: tuple[Token, ...] = ("risk",)


class Snooze(Struct, frozen=True, kw_only=True):
    """`[[snooze]]`: one rule is silent for one account until an instant."""

    account: Token
    rule: Name
    until: Annotated[datetime, Meta(tz=True)]
    reason: Annotated[str, Meta(min_length=1)]


class Limit(Struct, frozen=True, kw_only=True):
    """`[[limit]]`: what one account may move at one hospital; `*` speaks for hospitals without their own."""

    hospital: Token
    directions: tuple[Direction, ...] = ()
    per_payment_cents: int | None = None
    per_day_cents: int | None = None
    per_30_days_cents: int | None = None
    payments_per_day: Annotated[int, Meta(ge=1)] | None = None
    outcome: Outcome = "review"
    severity: Severity = ""

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the limit as a whole, for the lint."""
        bounds = (self.per_payment_cents, self.per_day_cents, self.per_30_days_cents, self.payments_per_day)
        return ("it limits nothing",) if all(bound is None for bound in bounds) else ()


class Watch(Struct, frozen=True, kw_only=True):
    """`[[watch]]`: what all accounts of a hospital, or of a patient at one hospital, may do together before risk teams are told.

    Windows begin at full minutes, hours, UTC days, and every 7, 30 and 90 days; each raises one alert. Nothing is held by it.
    """

    name: Name
    of: Literal["hospital", "patient"] = "hospital"
    span: Literal["1m", "1h", "1d", "7d", "30d", "90d"] = "1h"
    payments: Annotated[int, Meta(ge=1)] | None = None
    """this and the next four: the most that is usual"""
    amount_cents: int | None = None
    returns: Annotated[int, Meta(ge=1)] | None = None
    largest_cents: int | None = None
    """of a single payment"""
    accounts: Annotated[int, Meta(ge=1)] | None = None
    """different ones that pay"""
    severity: Literal["low", "medium", "high", "critical"] = "high"

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the watch as a whole, for the lint."""
        bounds = (self.payments, self.amount_cents, self.returns, self.largest_cents, self.accounts)
        return ("it watches nothing",) if all(bound is None for bound in bounds) else ()


class RuleBook(Struct, frozen=True, kw_only=True):
    """A book as a value. Two equal texts give equal books."""

    header: Header
    rules: tuple[Rule, ...] = ()
    """by priority, then as written"""
    score: Score = Score()
    alerts: Alerts = Alerts()
    snoozes: tuple[Snooze, ...] = ()
    limits: tuple[Limit, ...] = ()
    watches: tuple[Watch, ...] = ()
    terms: Terms = Terms()

    @property
    def version(self) -> str:
        """The book's name in decisions, e.g. `default@3`."""
        return f"{self.header.name}@{self.header.version}"
