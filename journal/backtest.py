"""A candidate rule book over all payments that the journal holds.

As a program (`python -m journal.backtest`, the book's text on standard input) it writes one line of JSON now and then about its progress,
and the report as the last one: the API lets it run beside itself, so that no request waits for it.
"""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import to_builtins

from ach.rail import AchRail
from journal.chain import Accepted, Place
from journal.reader import ChainReader, read_to_end
from journal.settings import Settings
from ledger.backfacts import Backfacts, came_back
from ledger.money import money
from rules.backtest import Comparison, Decision, Report, sentences
from rules.compile import CompiledBook, compile_book

Progress = Callable[[int, int], None]
"""Told how many journal records were read, and how many there are to read."""

_RETURNS = (b'"returned"', b'"charged_back"')
_PASSES = 2
_LINE_EVERY = 200


def backtest(settings: Settings, candidate: CompiledBook, progress: Progress = lambda _done, _total: None) -> Report:
    """What the candidate would have decided, over every partition; one at a time, so that memory holds the accounts of one.

    Each partition is read twice: a decision is compared with what came of it, and returns come later than decisions.
    """
    comparison, rail = Comparison(candidate), AchRail()
    for records in _partitions(settings, progress):
        returned: dict[str, str] = {}
        for accepted in records():
            if any(word in accepted.value for word in _RETURNS):
                for transaction_id, code in came_back(accepted.record().entries):
                    returned.setdefault(transaction_id, code)
        past = Backfacts(rail)
        for accepted in records():
            for entry in accepted.record().entries:
                made = past.take(entry)
                if made is not None:
                    comparison.add(Decision(made.facts, made.outcome, made.transaction_id, returned.get(made.transaction_id)))
    return comparison.report()


def _partitions(settings: Settings, progress: Progress) -> Iterator[Callable[[], Iterator[Accepted]]]:
    """For each partition a reader of all its records, which tells of its progress."""
    with ChainReader(settings) as reader:
        ends = reader.ends(range(settings.partitions))
    whole, done = sum(ends.values()) * _PASSES, 0

    def records(partition: int) -> Iterator[Accepted]:
        nonlocal done
        before = done
        for accepted in read_to_end(settings, {partition: Place()}):
            done = before + accepted.offset + 1
            progress(min(done, whole), whole)
            yield accepted
        done = before + ends[partition]

    for partition in ends:
        yield lambda partition=partition: records(partition)  # type: ignore[misc]


def as_data(report: Report) -> dict[str, Any]:
    """The report for JSON: amounts as decimal strings, and the sentences for people."""
    return {
        "version": report.version,
        "differing": report.differing,
        "sentences": list(sentences(report)),
        "total": _sum(to_builtins(report.total)),
        "changes": [
            {
                "recorded": change.recorded,
                "candidate": change.candidate,
                **_sum(to_builtins(change.total)),
                "examples": list(change.examples),
            }
            for change in report.changes
        ],
        "rules": [{"rule": each.rule, **_sum(to_builtins(each.total))} for each in report.rules],
    }


def _sum(total: dict[str, Any]) -> dict[str, Any]:
    return {
        "payments": total["payments"],
        "amount": money(total["cents"]),
        "returned": dict(total["returned"]),
        "returned_amount": money(total["returned_cents"]),
    }


def main() -> int:
    """Back-test the book on standard input."""
    candidate = compile_book(sys.stdin.read())
    if not isinstance(candidate, CompiledBook):
        _say({"errors": [str(error) for error in candidate]})
        return 2

    def progress(done: int, total: int) -> None:
        if done % _LINE_EVERY == 0:
            _say({"done": done, "total": total})

    _say({"report": as_data(backtest(Settings(), candidate, progress))})
    return 0


def _say(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
