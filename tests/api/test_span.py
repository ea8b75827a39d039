"""Which ranges an export takes."""

import pytest

from api.problems import Problem
from api.span import read_span

CASES = """
basis         | from                          | to                        | parameter | why
posted_at     | 2026-03-01T00:00:00-05:00     | 2026-04-01T00:00:00-04:00 |           |
posted_at     | 2026-03-01t00:00:00.5z        | 2026-03-01T00:00:01Z      |           |
posted_at     | 2026-03-01T00:00:00Z          | 2026-03-01T00:00:00Z      |           |
posted_at     | 2026-03-01T00:00:00           | 2026-04-01T00:00:00Z      | from      | offset
posted_at     | 2027-03-14T02:30              | 2027-04-01T00:00:00Z      | from      | offset
posted_at     | 2026-03-01                    | 2026-04-01                | from      | offset
posted_at     | 2026-03-01T00:00:00 05:00     | 2026-04-01T00:00:00Z      | from      | %2B
posted_at     | 2026-03-01T24:00:00Z          | 2026-04-01T00:00:00Z      | from      | offset
posted_at     | 2026-02-30T00:00:00Z          | 2026-04-01T00:00:00Z      | from      | offset
posted_at     | 2026-03-01T00:00:00+25:00     | 2026-04-01T00:00:00Z      | from      | offset
posted_at     | 2026-04-01T00:00:00Z          | 2026-03-01T00:00:00Z      | from      | after
posted_at     | 1926-03-01T00:00:00Z          | 2026-03-01T00:00:00Z      | to        | 366
posted_at     | ٢٠٢٦-03-01T00:00:00Z          | 2026-03-01T00:00:00Z      | from      | offset
business_date | 2026-01-01                    | 2027-01-01                |           |
business_date | 2024-01-01                    | 2025-01-01                |           |
business_date | 2026-01-01                    | 2027-01-03                | to        | 366
business_date | 2026-01-01T00:00:00Z          | 2026-02-01                | from      | date
business_date | 2026-02-30                    | 2026-03-01                | from      | date
business_date | 2026-03-02                    | 2026-03-01                | from      | after
business_date | '; DROP TABLE ledger_entries  | 2026-03-01                | from      | date
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines()[1:])
def test_ranges(case: str) -> None:
    basis, since, until, parameter, why = (cell.strip() for cell in case.split("|"))
    if not parameter:
        span = read_span(basis, since, until)  # type: ignore[arg-type]
        assert span.since <= span.until  # type: ignore[operator]
        return
    with pytest.raises(Problem) as refused:
        read_span(basis, since, until)  # type: ignore[arg-type]
    [finding] = refused.value.members["errors"]
    assert (refused.value.status_code, finding.parameter) == (422, parameter)
    assert why in finding.detail


def test_bounds_are_instants_wherever_they_were_written() -> None:
    there = read_span("posted_at", "2026-03-01T00:00:00-05:00", "2026-03-01T06:00:00+01:00")
    assert there.since == there.until == 1_772_341_200_000
    assert there.parameters == {"since": 1_772_341_200_000, "until": 1_772_341_200_000}
    assert "2026" not in there.where
