"""What the oracle answers: for each invariant whether it holds, and examples of where it does not."""

import json
from collections.abc import Iterable
from typing import NamedTuple

EXAMPLES_MAX = 8


class Finding(NamedTuple):
    """One invariant: its short name, what it says, how many violations there are, a few of them, and what was counted."""

    name: str
    claim: str
    violations: int
    examples: tuple[str, ...]
    counted: dict[str, int]

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return self.violations == 0


class Report(NamedTuple):
    """All findings about one run."""

    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether every invariant holds."""
        return all(finding.holds for finding in self.findings)

    @property
    def broken(self) -> tuple[str, ...]:
        """Names of the invariants that do not hold."""
        return tuple(finding.name for finding in self.findings if not finding.holds)

    def text(self) -> str:
        """The report for a person: one line for each invariant, its violations below it."""
        return "\n".join(line for finding in self.findings for line in _lines(finding))

    def to_json(self) -> str:
        """The report for a program."""
        found = [{**finding._asdict(), "holds": finding.holds} for finding in self.findings]
        return json.dumps({"holds": self.holds, "findings": found})


class Violations:
    """Collects what speaks against one invariant."""

    def __init__(self, name: str, claim: str) -> None:
        self._name = name
        self._claim = claim
        self._count = 0
        self._examples: list[str] = []
        self.counted: dict[str, int] = {}

    def add(self, sentence: str) -> None:
        """One violation."""
        self._count += 1
        if len(self._examples) < EXAMPLES_MAX:
            self._examples.append(sentence)

    def add_if(self, wrong: bool, sentence: str) -> None:
        """One violation, if it is one."""
        if wrong:
            self.add(sentence)

    def finding(self) -> Finding:
        """The result."""
        return Finding(self._name, self._claim, self._count, tuple(self._examples), self.counted)


def read_report(text: str) -> Report:
    """The report in the JSON that `Report.to_json` wrote."""
    return Report(tuple(_finding(found) for found in json.loads(text)["findings"]))


def _finding(found: dict[str, object]) -> Finding:
    fields = {name: found[name] for name in Finding._fields}
    return Finding(**{**fields, "examples": tuple(found["examples"])})  # type: ignore[arg-type]


def _lines(finding: Finding) -> Iterable[str]:
    counted = ", ".join(f"{name} {number:,}" for name, number in finding.counted.items())
    verdict = "holds " if finding.holds else "BROKEN"
    yield f"{finding.name:<8} {verdict} {finding.claim}" + (f" ({counted})" if counted else "")
    if not finding.holds:
        yield f"         {finding.violations:,} violations, among them:"
        yield from (f"         - {example}" for example in finding.examples)
