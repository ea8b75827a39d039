"""From TOML text to a rule book: a value, or every error with its line."""

import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from rules.lines import Place, line_index
from rules.lint import LintError
from rules.rulebook import Alerts, Header, Limit, Rule, RuleBook, Score, Snooze
from rules.tables import S, Source, read_table

TEXT_MAX = 400_000
"""Longest text of a book, in characters; a book travels in one event."""
RULES_MAX = 2_000
_DEPTH_MAX = 40
"""Brackets open at once in the text; `tomllib` reads nested arrays by recursion."""


class Read(NamedTuple):
    """A book with the lines its rules stand on."""

    book: RuleBook
    line_of: Mapping[Place, int]
    rule_numbers: tuple[int, ...]
    """for each rule of the book, its number in the text"""

    def rule_line(self, rule: int, key: str) -> int:
        """Line of a key of a rule, the rule counted in the book's order."""
        number = self.rule_numbers[rule]
        return self.line_of.get(("rule", number, key), self.line_of.get(("rule", number, ""), 1))


class _Text(NamedTuple):
    tables: Mapping[str, Any]
    line_of: Mapping[Place, int]
    errors: list[LintError]


def read_book(text: str) -> Read | tuple[LintError, ...]:
    """The book of this text, its expressions not yet looked at; or all errors, by line."""
    tables = _load(text)
    if isinstance(tables, LintError):
        return (tables,)
    source = _Text(tables, line_index(text), [])
    _unknown_tables(source)
    header = _one(source, "book", Header)
    rules = _many(source, "rule", Rule)
    order = sorted(range(len(rules)), key=lambda n: -rules[n][1].priority)
    score = _one(source, "score", Score) if "score" in tables else Score()
    alerts = _one(source, "alerts", Alerts) if "alerts" in tables else Alerts()
    snoozes = _many(source, "snooze", Snooze)
    limits = _many(source, "limit", Limit)
    _check_names(source, rules)
    _check_snoozes(source, rules, snoozes)
    _check_limits(source, limits)
    if source.errors or header is None or score is None or alerts is None:
        return tuple(sorted(source.errors))
    book = RuleBook(
        header=header,
        rules=tuple(rules[n][1] for n in order),
        score=score,
        alerts=alerts,
        snoozes=tuple(snooze for _, snooze in snoozes),
        limits=tuple(limit for _, limit in limits),
    )
    return Read(book, source.line_of, tuple(rules[n][0].number for n in order))


def _load(text: str) -> Mapping[str, Any] | LintError:
    if len(text) > TEXT_MAX:
        return LintError(1, "text", f"a book has at most {TEXT_MAX:,} characters; this one has {len(text):,}")
    if max(text.count(c) for c in "[{") > _DEPTH_MAX and _nesting(text) > _DEPTH_MAX:
        return LintError(1, "text", f"brackets nest deeper than {_DEPTH_MAX}")
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as problem:
        message, _, place = str(problem).partition(" (at line ")
        line = place.split(",")[0]
        return LintError(int(line) if line.isdigit() else text.count("\n") + 1, "text", f"not TOML: {message}")


def _nesting(text: str) -> int:
    depth = deepest = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth = max(0, depth - 1)
    return deepest


_TABLES = ("book", "rule", "score", "alerts", "snooze", "limit")


def _unknown_tables(source: _Text) -> None:
    for name in source.tables:
        if name not in _TABLES:
            line = source.line_of.get((name, 0, ""), source.line_of.get(("", 0, name), 1))
            source.errors.append(LintError(line, name, f"no such table; known: {', '.join(_TABLES)}"))


def _one(source: _Text, name: str, cls: type[S]) -> S | None:
    values = source.tables.get(name, {})
    if not isinstance(values, dict):
        source.errors.append(LintError(source.line_of.get(("", 0, name), 1), name, f"write it as [{name}]"))
        return None
    return read_table(cls, Source(name, 0, values, source.line_of), source.errors)


def _many(source: _Text, name: str, cls: type[S]) -> list[tuple[Source, S]]:
    tables = source.tables.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        line = source.line_of.get((name, 0, ""), source.line_of.get(("", 0, name), 1))
        source.errors.append(LintError(line, name, f"write each one as [[{name}]]"))
        return []
    if len(tables) > RULES_MAX:
        source.errors.append(LintError(1, name, f"at most {RULES_MAX:,}; there are {len(tables):,}"))
        return []
    sources = [Source(name, number, table, source.line_of) for number, table in enumerate(tables)]
    read = ((each, read_table(cls, each, source.errors)) for each in sources)
    return [(each, value) for each, value in read if value is not None]


def _each(items: list[tuple[Source, S]], key: str, about: Callable[[S], str | None]) -> list[LintError]:
    return [source.error(key, message) for source, item in items if (message := about(item))]


def _check_names(source: _Text, rules: list[tuple[Source, Rule]]) -> None:
    seen: set[str] = set()

    def twice(rule: Rule) -> str | None:
        known = rule.name in seen
        seen.add(rule.name)
        return f"a second rule is named `{rule.name}`" if known else None

    source.errors.extend(_each(rules, "name", twice))


def _check_snoozes(source: _Text, rules: list[tuple[Source, Rule]], snoozes: list[tuple[Source, Snooze]]) -> None:
    by_name = {rule.name: rule for _, rule in rules}

    def wrong(snooze: Snooze) -> str | None:
        rule = by_name.get(snooze.rule)
        if rule is None:
            return f"no rule is named `{snooze.rule}`"
        return None if rule.snoozable else f"`{snooze.rule}` must not be snoozed"

    source.errors.extend(_each(snoozes, "rule", wrong))


def _check_limits(source: _Text, limits: list[tuple[Source, Limit]]) -> None:
    def empty(limit: Limit) -> str | None:
        bounds = (limit.per_payment_cents, limit.per_day_cents, limit.per_30_days_cents, limit.payments_per_day)
        return "it limits nothing" if all(bound is None for bound in bounds) else None

    source.errors.extend(_each(limits, "hospital", empty))
