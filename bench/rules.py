"""How long a rule book takes for one event: compiled, beside the same rules interpreted by rule-engine, and by ZEN where it is installed.

    python -m bench.rules [--rules 100] [--seconds 1.0]

Prints one table; every figure is the median of repeated runs over the same mixed events. Not a test: nothing fails when it is slow.
"""

import argparse
import importlib
import json
import statistics
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import cycle
from typing import Any

import rule_engine
from rich.console import Console
from rich.table import Table

from ledger.facts import Facts
from rules.check import typed_context
from rules.compile import CompiledBook, compile_book
from rules.default import default_book_text
from rules.vocabulary import WORDS, Kind

SHAPES = (
    "amount > {money}",
    "direction == 'repayment' and amount > {money} and count_1h > {count}",
    "direction == 'disbursement' and sum_1d > {money} and not first_instrument",
    "first_instrument and amount > {money}",
    "returns_90d >= {count} and days_past_due > {count}",
    "hospital_id in ['H-{count}', 'H-1{count}', 'H-2{count}'] and amount > {money}",
    "count_1d > {count} or sum_7d > {money}",
    "direction == 'repayment' and amount > {money} and (hour < 5 or not is_banking_day)",
    "sum_30d > {money} and count_30d > {count} and distinct_hospitals_30d > 3",
    "amount * 3 > sum_90d and count_90d > {count} and amount > {money}",
)


def expressions(count: int) -> list[str]:
    """Realistic rules: ten shapes with thresholds that few payments reach."""
    return [SHAPES[n % len(SHAPES)].format(money=5_000 + 250 * n, count=5 + n // 10) for n in range(count)]


def book_text(texts: Iterable[str]) -> str:
    """The expressions as a rule book."""
    rules = "".join(f'[[rule]]\nname = "rule-{n}"\nwhen = """{text}"""\noutcome = "review"\n' for n, text in enumerate(texts))
    return f'[book]\nname = "bench"\nversion = 1\n{rules}'


def events(count: int) -> list[Facts]:
    """Payments of which nearly all pass, and one in fifty fires a few rules."""
    return [
        Facts(
            event_type="payment.initiated",
            direction=("repayment", "repayment", "disbursement", "preapproval")[n % 4],
            amount_cents=900_000 if n % 50 == 0 else 5_000 + 37 * n % 200_000,
            hospital_id=f"H-{n % 40}",
            hour=n % 24,
            has_mandate=True,
            count_1h=n % 4,
            count_1d=n % 5,
            count_90d=n % 9,
            sum_1d_cents=n * 91 % 300_000,
            sum_7d_cents=n * 91 % 400_000,
            sum_30d_cents=n * 91 % 450_000,
            sum_90d_cents=n * 91 % 450_000,
        )
        for n in range(count)
    ]


def as_thing(facts: Facts) -> dict[str, Any]:
    """The facts as an interpreter wants them: by word, money in dollars."""
    values = {name: getattr(facts, word.field) for name, word in WORDS.items()}
    return {name: Decimal(value) / 100 if WORDS[name].kind is Kind.MONEY else value for name, value in values.items()}


def compiled(text: str) -> CompiledBook:
    """The compiled book; a bench with a wrong book stops here."""
    book = compile_book(text)
    if not isinstance(book, CompiledBook):
        raise SystemExit("\n".join(map(str, book)))
    return book


def microseconds(answer: Callable[[Any], object], things: list[Any], seconds: float) -> float:
    """Median time of one answer."""
    samples: list[float] = []
    until = time.perf_counter() + seconds
    chunks = cycle([things[n : n + 100] for n in range(0, len(things), 100)])
    while time.perf_counter() < until:
        chunk = next(chunks)
        begin = time.perf_counter()
        for thing in chunk:
            answer(thing)
        samples.append((time.perf_counter() - begin) / len(chunk))
    return statistics.median(samples) * 1e6


def zen_answer(texts: list[str]) -> Callable[[dict[str, Any]], object] | None:
    """The same rules as one ZEN decision, or None where the engine is not installed."""
    try:
        zen = importlib.import_module("zen")
    except ImportError:
        return None
    expressions = [{"id": str(n), "key": f"r{n}", "value": text.replace("\n", " ")} for n, text in enumerate(texts)]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "rules", "type": "expressionNode", "name": "rules", "content": {"expressions": expressions}},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "rules"},
        {"id": "2", "type": "edge", "sourceId": "rules", "targetId": "out"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return lambda thing: decision.evaluate({name: float(value) if isinstance(value, Decimal) else value for name, value in thing.items()})


def main() -> None:
    """Measure and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--rules", type=int, default=100)
    arguments.add_argument("--seconds", type=float, default=1.0)
    options = arguments.parse_args()
    texts = expressions(options.rules)
    facts = events(1_000)
    things = [as_thing(each) for each in facts]
    book = compiled(book_text(texts))
    interpreted = [rule_engine.Rule(text, context=typed_context()) for text in texts]
    rows: list[tuple[str, int, float]] = [
        ("compiled book, whole verdict", len(texts), microseconds(book.evaluate, facts, options.seconds)),
        ("rule-engine, interpreted", len(texts), microseconds(lambda t: [r.matches(t) for r in interpreted], things, options.seconds)),
    ]
    if zen := zen_answer(texts):
        rows.append(("zen-engine", len(texts), microseconds(zen, things, options.seconds)))
    default = compiled(default_book_text())
    rows.append(("default book, whole verdict", len(default.book.rules), microseconds(default.evaluate, facts, options.seconds)))
    table = Table("engine", "rules", "µs/event", "ns/rule", title="Rules: time for one event")
    for name, count, cost in rows:
        table.add_row(name, str(count), f"{cost:,.2f}", f"{cost / count * 1000:,.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
