"""What a candidate book would have decided: beside the live one (shadow) or over decisions of the past (back-test).

The arithmetic is the same: each recorded decision meets the candidate's, and the report says what differs, in payments, in money, and how
those payments ended.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from ledger.facts import Facts
from ledger.policy import APPROVE, BLOCK, DECLINE, OUTCOMES, REVIEW, Rules, Verdict
from rules.explain import dollars

EXAMPLES_MAX = 10

_DONE = {APPROVE: "approved", REVIEW: "held", BLOCK: "blocked", DECLINE: "declined"}


class Decision(NamedTuple):
    """A decision as it was recorded, with the facts it was made on and what came of it."""

    facts: Facts
    outcome: str
    """of the recorded verdict"""
    transaction_id: str = ""
    return_code: str | None = None
    """Nacha return reason code, when the payment came back later"""


class Sum(Struct, frozen=True):
    """Payments and their money, and how many of them came back, by return code."""

    payments: int = 0
    cents: int = 0
    returned: tuple[tuple[str, int], ...] = ()
    returned_cents: int = 0


class Change(Struct, frozen=True):
    """Payments that were decided one way and would have been decided another."""

    recorded: str
    candidate: str
    total: Sum
    examples: tuple[str, ...]
    """the first transaction ids"""


class RuleSum(Struct, frozen=True):
    """What one rule of the candidate fired on."""

    rule: str
    total: Sum


class Report(Struct, frozen=True):
    """The candidate against the record."""

    version: str
    total: Sum
    changes: tuple[Change, ...]
    """strongest recorded outcome last; equal decisions are not listed"""
    rules: tuple[RuleSum, ...]
    """by name; rules that never fired are not listed"""

    @property
    def differing(self) -> int:
        """Number of payments decided differently."""
        return sum(change.total.payments for change in self.changes)


class _Running:
    """A sum that grows."""

    __slots__ = ("cents", "examples", "payments", "returned", "returned_cents")

    def __init__(self) -> None:
        self.payments = self.cents = self.returned_cents = 0
        self.returned: Counter[str] = Counter()
        self.examples: list[str] = []

    def add(self, decision: Decision) -> None:
        cents = decision.facts.amount_cents
        self.payments += 1
        self.cents += cents
        if decision.return_code is not None:
            self.returned[decision.return_code] += 1
            self.returned_cents += cents
        if decision.transaction_id and len(self.examples) < EXAMPLES_MAX:
            self.examples.append(decision.transaction_id)

    def total(self) -> Sum:
        return Sum(self.payments, self.cents, tuple(sorted(self.returned.items())), self.returned_cents)


class Comparison:
    """Collects decisions one by one, so that a caller can show progress or keep it running as a shadow; bounded memory."""

    def __init__(self, candidate: Rules) -> None:
        self._candidate = candidate
        self._total = _Running()
        self._changes: dict[tuple[str, str], _Running] = {}
        self._rules: dict[str, _Running] = {}

    def add(self, decision: Decision) -> Verdict:
        """Let the candidate decide too; its verdict comes back and is not acted on."""
        verdict = self._candidate.evaluate(decision.facts)
        self._total.add(decision)
        if verdict.outcome != decision.outcome:
            self._changes.setdefault((decision.outcome, verdict.outcome), _Running()).add(decision)
        for name in {fired.rule for fired in verdict.fired}:
            self._rules.setdefault(name, _Running()).add(decision)
        return verdict

    def report(self) -> Report:
        """The report so far."""
        rank = OUTCOMES.index
        changes = sorted(self._changes.items(), key=lambda item: (rank(item[0][0]), rank(item[0][1])))
        return Report(
            self._candidate.version,
            self._total.total(),
            tuple(Change(recorded, now, running.total(), tuple(running.examples)) for (recorded, now), running in changes),
            tuple(RuleSum(name, running.total()) for name, running in sorted(self._rules.items())),
        )


def backtest(decisions: Iterable[Decision], candidate: Rules) -> Report:
    """The report over all these decisions."""
    comparison = Comparison(candidate)
    for decision in decisions:
        comparison.add(decision)
    return comparison.report()


def sentences(report: Report) -> tuple[str, ...]:
    """The report in words: `would have held 41 payments, $83,120.00, that were approved; 3 of them later returned (R01: 3)`."""
    if not report.changes:
        return (f"{report.version} would have decided as recorded: {_payments(report.total)}",)
    return tuple(f"{report.version} would have {_change(change)}" for change in report.changes)


def _change(change: Change) -> str:
    was = "was" if change.total.payments == 1 else "were"
    record = f"that {was} {_DONE[change.recorded]}"
    return f"{_DONE[change.candidate]} {_payments(change.total)}, {record}{_came_back(change.total)}"


def _payments(total: Sum) -> str:
    return f"{total.payments:,} {'payment' if total.payments == 1 else 'payments'}, {dollars(total.cents)}"


def _came_back(total: Sum) -> str:
    if not total.returned:
        return ""
    codes: Mapping[str, int] = dict(total.returned)
    return f"; {sum(codes.values()):,} of them later returned ({', '.join(f'{code}: {count:,}' for code, count in codes.items())})"
