"""Content negotiation."""

import pytest

from api.accept import preferred

OFFERED = {"application/json": "json", "text/csv": "csv", "application/x-ndjson": "ndjson"}


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("TEXT/CSV;q=0.5, application/json;q=0.4", "csv"),
        ("text/*, application/x-ndjson;q=0.9", "csv"),
        ("application/*;q=0.5, application/json;q=0", "ndjson"),
        ("application/pdf", None),
        ("application/json;q=0", None),
        ("application/json;q=nonsense", None),
        ("", None),
    ],
)
def test_the_best_liked_type_wins(accept: str, chosen: str | None) -> None:
    assert preferred(accept, OFFERED) == chosen
