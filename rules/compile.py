"""A rule book made ready to answer: every expression linted and compiled, one function for the whole book."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from ledger.charges import Owing, Share
from ledger.facts import Facts
from ledger.policy import APPROVE, OUTCOMES, Fired, Verdict
from rules.charges import charges_of, shares
from rules.check import check
from rules.codegen import Functions, generate
from rules.explain import Template, TemplateProblems, describe, fill, read_template, summary
from rules.limits import exceeded, limit_table
from rules.lint import LintError
from rules.read import read_book
from rules.rulebook import Rule, RuleBook
from rules.snooze import is_asleep, snooze_table
from rules.tables import Source
from rules.tree import Compare, Const, Fact, Logic, Node, Within
from rules.vocabulary import WORDS, Kind

RULE_FAULTS = (ArithmeticError, TypeError, ValueError, AttributeError)
"""All that a compiled rule can raise: division by zero, a Decimal out of range, a fact of another type than documented."""

FIRST_EVENT = "payment.initiated"
"""On it alone payments are held or declined; rules on what comes later alert."""
_APPROVED = Verdict(APPROVE)
_RANK = {outcome: rank for rank, outcome in enumerate(OUTCOMES)}


class _Ready(NamedTuple):
    """A rule with its checked condition and its sentence."""

    rule: Rule
    condition: Node
    sentence: Template


def compile_book(text: str) -> "CompiledBook | tuple[LintError, ...]":
    """The compiled book of this TOML text, or every error in it with its line, in order of lines."""
    read = read_book(text)
    errors = list(read.errors)
    checked = [_check(source, errors) for source in read.sources]
    if errors or read.book is None:
        return tuple(sorted(errors))
    rules = zip(read.book.rules, checked, strict=True)
    return CompiledBook(read.book, tuple(_Ready(rule, *each) for rule, each in rules if each is not None and rule.enabled))


def compile_or_reason(text: str) -> "CompiledBook | str":
    """The compiled book, or all its errors as one text, a line each."""
    compiled = compile_book(text)
    return compiled if isinstance(compiled, CompiledBook) else "\n".join(str(error) for error in compiled)


def _check(source: Source, errors: list[LintError]) -> tuple[Node, Template] | None:
    """The expression and the sentence of one rule, checked even when another key of its table is wrong."""
    when, explain = (text if isinstance(text := source.values.get(key, ""), str) else "" for key in ("when", "explain"))
    condition = check(when) if when else ("the expression is empty",)
    sentence = read_template(explain)
    if isinstance(condition, tuple) and "when" in source.values:
        errors.extend(source.error("when", problem) for problem in condition)
    if isinstance(sentence, TemplateProblems):
        errors.extend(source.error("explain", problem) for problem in sentence.problems)
    if source.values.get("outcome", APPROVE) == APPROVE and not source.values.get("score") and not source.values.get("severity"):
        errors.append(source.error("outcome", "nothing follows from this rule: give it an outcome, a score or a severity"))
    if isinstance(condition, tuple) or isinstance(sentence, TemplateProblems):
        return None
    return condition, sentence


def guarded(rule: Rule, condition: Node) -> Node:
    """The condition behind the rule's events and directions."""
    guard = _one_of("event_type", rule.events)
    if rule.directions:
        guard = Logic("and", guard, _one_of("direction", rule.directions))
    return Logic("and", guard, condition)


def _one_of(word: str, names: tuple[str, ...]) -> Node:
    literals = tuple(Const(name, Kind.TEXT) for name in sorted(set(names)))
    fact = Fact(WORDS[word])
    return Compare("eq", fact, literals[0]) if len(literals) == 1 else Within(fact, literals)


class CompiledBook:
    """A rule book that answers; `ledger.policy.Rules`.

    The answer depends on the facts alone. Beside it the book counts the errors of its rules, for the worker's metrics.
    """

    def __init__(self, book: RuleBook, ready: tuple[_Ready, ...]) -> None:
        self.book = book
        self._ready = ready
        self._functions: Functions = generate([guarded(each.rule, each.condition) for each in ready])
        self._limits = limit_table(book.limits)
        self._snoozes = snooze_table(book.snoozes)
        self._rules = {each.rule.name: each.rule for each in ready}
        self._errors = dict.fromkeys(self._rules, 0)
        self.later = frozenset(name for each in ready for name in each.rule.events) - {FIRST_EVENT}
        self.charges = charges_of(book.terms)
        self.retry = book.terms.retry.policy()
        self.paid_in = book.terms.matching.paid_in(book.version)
        self.missing = book.terms.missing.policy()
        self.remittances = book.terms.remittances.hospitals
        self.prenotes = book.terms.prenotes.hospitals

    @property
    def version(self) -> str:
        """Name and version, as it stands in every decision, e.g. `default@3`."""
        return self.book.version

    @property
    def error_counts(self) -> Mapping[str, int]:
        """How often each rule has broken since this book was compiled in this process."""
        return MappingProxyType(self._errors)

    def route(self, rule: str, severity: str) -> tuple[str, ...]:
        """Who gets the alert of this severity: the rule's own route, else the book's for the severity. Empty for no severity."""
        if not severity:
            return ()
        known = self._rules.get(rule)
        routes: tuple[str, ...] = getattr(self.book.alerts, severity)
        return known.route if known is not None and known.route else routes

    def snoozable(self, rule: str) -> bool:
        """Whether the book has this rule and lets it sleep."""
        known = self._rules.get(rule)
        return known is not None and known.snoozable

    def allocate(self, amount_cents: int, owing: Sequence[Owing]) -> tuple[Share, ...]:
        """Money used up on what is owed, in the order of `[allocation]`."""
        return shares(self.book.terms.allocation, amount_cents, owing)

    def evaluate(self, facts: Facts) -> Verdict:
        """The strongest outcome of all rules that fire, of the limits and of the score, with one sentence why. Never raises."""
        broken: tuple[Fired, ...] = ()
        try:
            hits = self._functions.book(facts)
            limits = exceeded(self._limits, facts) if self._limits else ()
        except RULE_FAULTS:
            hits, limits, broken = self._one_by_one(facts)
        if not hits and not limits and not broken:
            return _APPROVED
        return self._verdict(facts, [self._ready[n] for n in sorted(hits)], limits, broken)

    def _one_by_one(self, facts: Facts) -> tuple[tuple[int, ...], tuple[Fired, ...], tuple[Fired, ...]]:
        """The slow path: each rule alone, so that a broken one takes no other with it."""
        hits: list[int] = []
        broken: list[Fired] = []
        for number, function in enumerate(self._functions.rules):
            try:
                if function(facts):
                    hits.append(number)
            except RULE_FAULTS as fault:
                broken.append(self._broken(self._ready[number].rule, fault))
        try:
            return tuple(hits), exceeded(self._limits, facts), tuple(broken)
        except RULE_FAULTS as fault:
            return tuple(hits), (), (*broken, _fault("limits", self.book.header.on_error, fault))

    def _broken(self, rule: Rule, fault: Exception) -> Fired:
        self._errors[rule.name] += 1
        outcome = rule.on_error or (APPROVE if rule.outcome == APPROVE else self.book.header.on_error)
        return _fault(rule.name, outcome, fault)

    def _verdict(self, facts: Facts, ready: list[_Ready], limits: tuple[Fired, ...], broken: tuple[Fired, ...]) -> Verdict:
        awake = [each for each in ready if not (each.rule.snoozable and is_asleep(self._snoozes, each.rule.name, facts))]
        score = sum(each.rule.score for each in awake)
        fired = (*(_fired(each, facts) for each in awake), *limits, *broken, *self._by_score(score))
        if not fired:
            return _APPROVED
        outcome = max((each.outcome for each in fired), key=_RANK.__getitem__)
        return Verdict(outcome, score, fired, summary(outcome, fired))

    def _by_score(self, score: int) -> tuple[Fired, ...]:
        """The threshold the points of all rules together reach."""
        bounds = self.book.score
        reached = [(outcome, at) for outcome in OUTCOMES[1:] if 0 < (at := getattr(bounds, outcome)) <= score]
        severity = bounds.severity if 0 < bounds.alert <= score else ""
        if not reached and not severity:
            return ()
        outcome, at = reached[-1] if reached else (APPROVE, bounds.alert)
        return (Fired("score", outcome, f"The risk score of {score} reaches the threshold of {at}.", severity),)


def _fired(ready: _Ready, facts: Facts) -> Fired:
    rule = ready.rule
    try:
        text = fill(ready.sentence, facts) if ready.sentence else f"The {describe(ready.condition, facts)}."
    except RULE_FAULTS:
        text = f"The rule {rule.name} fired; its values cannot be shown."
    return Fired(rule.name, rule.outcome, text, rule.severity)


def _fault(name: str, outcome: str, fault: Exception) -> Fired:
    cause = "a calculation without a result" if isinstance(fault, ArithmeticError) else "a fact of the wrong type"
    return Fired(name, outcome, f"The rule {name} could not be evaluated ({cause}).", "high", broken=True)
