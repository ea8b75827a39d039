"""Where problems are collected: overrides applied, warnings told from errors, memory bounded."""

from collections.abc import Iterable

from ach.fields import Layout
from ach.findings import Finding
from ach.options import Options, switched_off
from ach.problems import SENSITIVE_FIELDS, WARNINGS, Problem, Rule

PROBLEMS_MAX = 1000
"""so many are kept; the rest is only counted"""
VALUE_COLUMNS_MAX = 40


class ProblemLog:
    """The problems of one reading."""

    def __init__(self, options: Options) -> None:
        """Rules that `options` switch off are not reported at all."""
        self._off = switched_off(options)
        self._strict = options.strict
        self.problems: list[Problem] = []
        self.errors = 0
        self.warnings = 0

    def add(
        self,
        rule: Rule,
        message: str,
        line: int,
        record: str = "",
        value: str = "",
        *,
        warning: bool | None = None,
    ) -> None:
        """Report a problem of a whole record or of the file."""
        if rule not in self._off:
            is_warning = rule in WARNINGS if warning is None else warning
            self._keep(rule, message, line, record, "", 0, 0, value, is_warning and not self._strict)

    def add_findings(self, findings: Iterable[Finding], line: int, layout: Layout) -> None:
        """Report what a check found in the record at this line."""
        for finding in findings:
            if finding.rule in self._off:
                continue
            field = layout.find(finding.field)
            start, end = (field.start, field.end) if field else (0, 0)
            value = "" if finding.field in SENSITIVE_FIELDS else finding.value
            is_warning = finding.rule in WARNINGS and not self._strict
            self._keep(finding.rule, finding.message, line, layout.name, finding.field, start, end, value, is_warning)

    def _keep(
        self,
        rule: Rule,
        message: str,
        line: int,
        record: str,
        field: str,
        start: int,
        end: int,
        value: str,
        warning: bool,
    ) -> None:
        self.warnings += warning
        self.errors += not warning
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(
                Problem(
                    rule=rule,
                    message=message,
                    line=line,
                    record=record,
                    field=field,
                    start=start,
                    end=end,
                    value=value[:VALUE_COLUMNS_MAX],
                    warning=warning,
                )
            )
