"""Query parameters that nobody takes: on a list of money a misspelt filter must not show everything."""

import pytest
from fastapi.testclient import TestClient

from api.auth.guard import Declared, Needs, declared
from tests.api.auth.test_matrix import name_of, url_of
from tests.api.ledger_fake import World

WORLD = World()
GUARDED = [route for route in declared(WORLD.app) if isinstance(route.asks, Needs)]
ASKED = """
    /api/v1/exceptions?hospital=H01                       hospital         did you mean hospital_id?
    /api/v1/exceptions?Severity=high                      Severity         did you mean severity?
    /api/v1/kpis?hospital_id=H01                          hospital_id      did you mean hospital?
    /api/v1/alerts?zzz=1                                  zzz              there are about, alert, credit_reference
    /api/v1/ledger?form=2026-03-01&to=2026-03-02          form             did you mean format or from?
    /api/v1/rules?version=v1                              version          no parameter is taken here
    /api/v1/exceptions?state=open&state=closed            state            more than once
    /api/v1/alerts?_=1764000000                           _                no such parameter
    /api/v1/kpis/volume?status=settled                    status           does not depend on it
    /api/v1/kpis/volume?as_of=2026-03-01T00:00:00Z        as_of            does not depend on it
"""


@pytest.fixture
def client() -> TestClient:
    return TestClient(WORLD.app)


@pytest.mark.parametrize("line", [line.split(maxsplit=2) for line in ASKED.strip().splitlines()], ids=lambda line: line[0])
def test_it_is_named_with_the_nearest_that_there_is(client: TestClient, line: list[str]) -> None:
    url, parameter, words = line
    answer = client.get(url)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == parameter
    assert words in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
def test_no_route_behind_a_scope_takes_what_it_does_not_know(client: TestClient, route: Declared) -> None:
    answer = client.request(route.method, f"{url_of(route)}?nobody_knows_this=1", json={})
    assert answer.status_code == 422, answer.text
    assert [finding["parameter"] for finding in answer.json()["errors"]] == ["nobody_knows_this"]


def test_what_is_told_of_long_and_many_names_is_short(client: TestClient) -> None:
    answer = client.get("/api/v1/alerts?" + "&".join(f"{'x' * 300}{number}=1" for number in range(100)))
    assert answer.status_code == 422
    assert len(answer.content) < 10_000


def test_open_routes_let_be_what_they_do_not_read(client: TestClient) -> None:
    """A provider of identity may add parameters of its own, a probe may add the time."""
    assert client.get("/livez?at=1").status_code == 200
