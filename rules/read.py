"""From TOML text to a rule book: a value, or every error with its line."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec.structs import replace

from rules.fees import Fee
from rules.lines import Place, line_index
from rules.lint import LintError
from rules.rulebook import Alerts, Header, Limit, Rule, RuleBook, Score, Snooze, Watch
from rules.tables import S, Source, read_table
from rules.terms import TABLES, Terms

TEXT_MAX = 400_000
"""Longest text of a book, in characters; a book travels in one event."""
RULES_MAX = 2_000
_DEPTH_MAX = 40
"""Brackets open at once in the text; `tomllib` reads nested arrays by recursion."""


class Read(NamedTuple):
    """What a text says, its expressions not yet looked at."""

    book: RuleBook | None
    """None when anything is wrong"""
    sources: tuple[Source, ...]
    """the tables of the rules as written: of the book's rules in the book's order, or else all, wrong ones too"""
    errors: tuple[LintError, ...]


class _Text(NamedTuple):
    tables: Mapping[str, Any]
    line_of: Mapping[Place, int]
    errors: list[LintError]


def read_book(text: str) -> Read:
    """The book of this text, or all errors."""
    tables = _load(text)
    if isinstance(tables, LintError):
        return Read(None, (), (tables,))
    source = _Text(tables, line_index(text), [])
    _unknown_tables(source)
    header = _one(source, "book", Header)
    rules = sorted(_many(source, "rule", Rule), key=lambda read: -read[1].priority)
    score = _one(source, "score", Score) if "score" in tables else Score()
    alerts = _one(source, "alerts", Alerts) if "alerts" in tables else Alerts()
    snoozes = _many(source, "snooze", Snooze)
    limits = _many(source, "limit", Limit)
    watches = _many(source, "watch", Watch)
    _check_names(source, "rule")
    _check_names(source, "watch")
    _check_snoozes(source, snoozes)
    terms = _terms(source)
    if source.errors or header is None or score is None or alerts is None:
        return Read(None, tuple(_sources(source, "rule")), tuple(source.errors))
    book = RuleBook(
        header=header,
        rules=tuple(rule for _, rule in rules),
        score=score,
        alerts=alerts,
        snoozes=tuple(snooze for _, snooze in snoozes),
        limits=tuple(limit for _, limit in limits),
        watches=tuple(watch for _, watch in watches),
        terms=terms,
    )
    return Read(book, tuple(each for each, _ in rules), ())


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
    except (ValueError, ArithmeticError):
        return LintError(1, "text", "a number in it is too long")


def _nesting(text: str) -> int:
    depth = deepest = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth = max(0, depth - 1)
    return deepest


_TABLES = ("book", "rule", "score", "alerts", "snooze", "limit", "watch", "fee", *TABLES)


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


def _terms(source: _Text) -> Terms:
    read = {name: _one(source, name, cls) for name, cls in TABLES.items() if name in source.tables}
    fees = _many(source, "fee", Fee)
    found = {name: value for name, value in read.items() if value is not None}
    return replace(Terms(), fee=tuple(fee for _, fee in fees), **found)


def _sources(source: _Text, name: str) -> list[Source]:
    tables = source.tables.get(name, [])
    if not isinstance(tables, list) or len(tables) > RULES_MAX:
        return []
    return [Source(name, number, table, source.line_of) for number, table in enumerate(tables) if isinstance(table, dict)]


def _many(source: _Text, name: str, cls: type[S]) -> list[tuple[Source, S]]:
    tables = source.tables.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        line = source.line_of.get((name, 0, ""), source.line_of.get(("", 0, name), 1))
        source.errors.append(LintError(line, name, f"write each one as [[{name}]]"))
        return []
    if len(tables) > RULES_MAX:
        source.errors.append(LintError(1, name, f"at most {RULES_MAX:,}; there are {len(tables):,}"))
        return []
    read = ((each, read_table(cls, each, source.errors)) for each in _sources(source, name))
    return [(each, value) for each, value in read if value is not None]


def _check_names(source: _Text, table: str) -> None:
    seen: set[object] = set()
    for each in _sources(source, table):
        name = str(each.values.get("name", f"#{each.number}"))
        if name in seen:
            source.errors.append(each.error("name", f"a second {table} is named `{name}`"))
        seen.add(name)


def _check_snoozes(source: _Text, snoozes: list[tuple[Source, Snooze]]) -> None:
    rules = {each.values.get("name"): each.values for each in _sources(source, "rule") if isinstance(each.values.get("name"), str)}
    for each, snooze in snoozes:
        rule = rules.get(snooze.rule)
        if rule is None:
            source.errors.append(each.error("rule", f"no rule is named `{snooze.rule}`"))
        elif not rule.get("snooze", rule.get("outcome") not in ("block", "decline")):
            source.errors.append(each.error("rule", f"`{snooze.rule}` must not be snoozed"))
