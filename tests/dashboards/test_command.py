"""`hms-ach kpi` against an API that answers with real pages."""

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from api.models.kpi import State
from cli.commands.kpi import STATES, fetch, few_text, text_of
from cli.errors import UserError
from journal.settings import Settings


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (96.4, "percent", "96.4 %"),
        (100.0, "percent", "100 %"),
        (12345, "exceptions", "12,345"),
        ("1234567.80", "cents", "$1,234,567.80"),
        (37.56, "per_thousand", "37.56 per 1,000"),
        (None, "percent", "-"),
    ],
)
def test_numbers_for_people(value: Any, unit: str, text: str) -> None:
    assert text_of(value, unit) == text


def test_a_share_of_too_few_cases_is_told_as_its_counts() -> None:
    kpi = {"unit": "percent", "few_below": 20, "shares": [{"column": "rate_percent", "part": "returns", "of": "n"}]}
    assert few_text(kpi, {"n": 7, "returns": 3}, "rate_percent") == "3 of 7"
    assert few_text(kpi, {"n": 7, "returns": 3}, "limit_percent") == ""
    assert few_text(kpi, {"n": 20, "returns": 3}, "rate_percent") == ""
    assert few_text(kpi, {"n": 0, "returns": 0}, "rate_percent") == ""
    assert few_text({**kpi, "unit": "per_thousand"}, {"n": 7, "returns": 9}, "rate_percent") == "9 for 7"


def test_every_state_has_words() -> None:
    assert set(STATES) == set(State.__args__)  # type: ignore[attr-defined]


def test_a_refusal_is_one_sentence(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/v1/kpis/volume").respond_with_json(
        {"detail": "1 thing is wrong; see errors.", "errors": [{"parameter": "from", "detail": "must not be after to"}]}, status=422
    )
    with pytest.raises(UserError, match="from: must not be after to"):
        fetch(Settings(auth="off", api_port=httpserver.port, api_host=httpserver.host), "volume", {"from": "2026-03-02"})


def test_an_api_that_is_away_is_named() -> None:
    with pytest.raises(UserError, match="does not answer"):
        fetch(Settings(auth="off", api_port=9), "", {})
