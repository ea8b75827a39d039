"""Which days before are compared with."""

from datetime import date

import pytest

from dashboards.baseline import BaselineError, baseline


@pytest.mark.parametrize(
    ("text", "since", "until", "first", "last"),
    [
        ("pooled", "2026-02-01", "2026-03-02", "2025-11-03", "2026-01-31"),
        ("averaged", "2026-03-02", "2026-03-02", "2026-02-27", "2026-03-01"),
        ("open_at_close of exception_flow", "2026-02-23", "2026-03-01", "2026-02-02", "2026-02-22"),
        ("window of 60 days", "2026-02-01", "2026-03-02", "2025-11-03", "2026-01-01"),
        ("window of 60 days", "2025-03-03", "2026-03-02", "2025-11-03", "2026-01-01"),
    ],
)
def test_it_ends_before_the_period_begins(text: str, since: str, until: str, first: str, last: str) -> None:
    made = baseline(text)
    assert made is not None
    assert made.period(date.fromisoformat(since), date.fromisoformat(until)) == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_text_that_says_nothing_is_refused() -> None:
    assert baseline("none") is None
    with pytest.raises(BaselineError, match="pooled twice"):
        baseline("pooled twice")
