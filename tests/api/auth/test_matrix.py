"""Every route × every role × own or another hospital. Faults, rows 38 and 39."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.auth.guard import Declared, Needs, Open, declared
from api.auth.scopes import CLIENTS, OF_ALL_HOSPITALS, ROLES, Scope
from api.routes.session import router as own_session
from ledger.ids import transaction_id
from tests.api.auth.world import OTHER, OWN, Secured
from tests.api.bank import tell
from tests.api.ledger_fake import World
from tests.api.test_initiate import BODY, ask

OPEN = {
    "/",
    "/.well-known/jwks.json",
    "/.well-known/oauth-authorization-server",
    "/asyncapi.json",
    "/docs",
    "/docs/events",
    "/livez",
    "/login",
    "/login/provider",
    "/login/provider/callback",
    "/oauth/token",
    "/openapi.json",
    "/readyz",
    "/web/{path}",
}
ROUTES = list(declared(World().app))
GUARDED = [route for route in ROUTES if isinstance(route.asks, Needs)]
FILLED = {"transaction_id": "x", "credit_reference": "x", "version": "v", "backtest_id": "b", "name": "hospitals", "path": "app.js"}
ENDLESS = {"/api/v1/stream"}
HOLDERS = [*((role, "person") for role in ROLES), *((kind, "client") for kind in CLIENTS)]


def url_of(route: Declared) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: FILLED.get(found[1], "x"), route.path)


def name_of(route: Declared) -> str:
    return f"{route.method} {route.path}"


def test_every_route_says_what_it_needs_and_these_are_open() -> None:
    assert [name_of(route) for route in ROUTES if route.asks is None] == []
    assert {route.path for route in ROUTES if isinstance(route.asks, Open)} == OPEN
    without_scope = {route.path for route in GUARDED if route.asks.scope is None}  # type: ignore[union-attr]
    assert without_scope == {own_session.prefix}
    assert {scope for role in (*ROLES.values(), *CLIENTS.values()) for scope in role} == set(Scope)


def test_scopes_of_all_hospitals_are_those_whose_every_route_concerns_all() -> None:
    asks = [route.asks for route in GUARDED if isinstance(route.asks, Needs)]
    narrower = {scope for each in asks if not each.everywhere for scope in (each.scope, each.other)}
    assert set(Scope) - narrower == OF_ALL_HOSPITALS


def test_who_proposes_does_not_approve() -> None:
    assert not [role for role, scopes in ROLES.items() if {Scope.EXCEPTIONS_WRITE, Scope.EXCEPTIONS_APPROVE} <= scopes]
    assert not [role for role, scopes in ROLES.items() if {Scope.RULES_TRY, Scope.RULES_ACTIVATE} <= scopes]


def holder(secured: Secured, name: str, kind: str, hospitals: tuple[str, ...] | None) -> TestClient:
    if kind == "person":
        return secured.person(name, hospitals=hospitals)
    secured.add(name, name, hospitals)
    return secured.client(name)


@pytest.mark.parametrize(("name", "kind"), HOLDERS)
def test_every_route_lets_pass_who_has_its_scope_and_nobody_else(secured: Secured, name: str, kind: str) -> None:
    scopes = ROLES[name] if kind == "person" else CLIENTS[name]
    everywhere = holder(secured, name, kind, None)
    stranger = secured.connection()
    for route in GUARDED:
        assert isinstance(route.asks, Needs)
        if route.path in ENDLESS or route.path == own_session.prefix:
            continue
        url = url_of(route)
        assert stranger.request(route.method, url, json={}).status_code == 401, name_of(route)
        allowed = route.asks.met_by(scopes)
        status = everywhere.request(route.method, url, json={}).status_code
        assert (status == 403) is not allowed, (name_of(route), status)
        assert status != 401


@pytest.mark.parametrize(("name", "kind"), HOLDERS)
def test_who_may_see_one_hospital_gets_nothing_that_concerns_all(secured: Secured, name: str, kind: str) -> None:
    scopes = ROLES[name] if kind == "person" else CLIENTS[name]
    someone = holder(secured, name, kind, (OWN,))
    for route in GUARDED:
        assert isinstance(route.asks, Needs)
        if route.path in ENDLESS or route.path == own_session.prefix:
            continue
        status = someone.request(route.method, url_of(route), json={}).status_code
        refused = not route.asks.met_by(scopes) or route.asks.everywhere
        assert (status == 403) is refused, (name_of(route), status)


HOSPITAL_ROUTES = [
    ("GET", "/api/v1/payments/{own}/status", "/api/v1/payments/{other}/status"),
    ("GET", "/api/v1/payments/{own}/trace", "/api/v1/payments/{other}/trace"),
    ("GET", "/api/v1/balances/credit-hospital-1", "/api/v1/balances/credit-hospital-2"),
    ("GET", "/api/v1/ledger?from=2026-03-01&to=2026-03-02&basis=business_date&hospital_id=hospital-1", "…hospital-2"),
    ("GET", "/api/v1/exceptions?hospital_id=hospital-1", "…hospital-2"),
    ("GET", "/api/v1/alerts?hospital_id=hospital-1", "…hospital-2"),
    ("GET", "/api/v1/kpis?hospital=hospital-1", "…hospital-2"),
    ("GET", "/api/v1/kpis/volume?hospital=hospital-1", "…hospital-2"),
    ("GET", "/api/v1/return-rates?hospital=hospital-1", "…hospital-2"),
    ("GET", "/api/v1/cut-offs?hospital=hospital-1", "…hospital-2"),
]


@pytest.mark.parametrize(("method", "own", "other"), HOSPITAL_ROUTES, ids=[route[1].partition("?")[0] for route in HOSPITAL_ROUTES])
def test_what_is_another_hospitals_is_not_there(secured: Secured, method: str, own: str, other: str) -> None:
    """Row 38: 404, the very answer for what does not exist, and a line in the trail."""
    secured.add("all", "machine")
    everything = secured.client("all")
    for hospital in (OWN, OTHER):
        body = {**BODY, "hospital_id": hospital, "credit_reference": f"credit-{hospital}"}
        assert everything.post("/api/v1/payments/initiate", json=body, headers={"Idempotency-Key": hospital}).status_code == 201
    ids = {"own": transaction_id("all", OWN), "other": transaction_id("all", OTHER)}
    secured.add("site", "machine", (OWN,))
    site = secured.client("site")
    theirs = own.replace(OWN, OTHER) if other.startswith("…") else other
    assert site.request(method, own.format(**ids)).status_code == 200
    hidden = site.request(method, theirs.format(**ids))
    assert hidden.status_code == 404
    assert "another hospital's" in secured.trail()[-1]
    assert '"who":"site"' in secured.trail()[-1]
    assert everything.request(method, theirs.format(**ids)).status_code == 200
    if "{other}" in theirs:
        unknown: Any = site.request(method, theirs.format(own="x", other="unknown")).json()
        assert {**unknown, "request_id": ""} == {**hidden.json(), "request_id": ""}


def test_an_account_is_of_every_hospital_that_it_has_payments_for(secured: Secured) -> None:
    """Those that ClickHouse alone knows count as well: an account without any balance is its hospital's all the same."""
    secured.add("site", "credit", (OWN,))
    site = secured.client("site")
    stored = secured.world.store.stored
    tell(secured.world, "submitted", "credit-9", transaction_id="t-9")
    for hospitals, status in (((), 404), ((OWN,), 200), ((OWN, OTHER), 404)):
        stored["SELECT DISTINCT hospital_id FROM payment_events"] = [(hospital,) for hospital in hospitals]
        assert site.get("/api/v1/balances/credit-9").status_code == status, hospitals


def test_payments_are_asked_for_in_ones_own_hospital_alone(secured: Secured) -> None:
    secured.add("site", "credit", (OWN,))
    site = secured.client("site")
    assert ask(site, hospital_id=OTHER).status_code == 403
    assert ask(site, hospital_id=OWN).status_code == 201
    assert not [value for value in secured.world.ledger.published if OTHER.encode() in value]


def test_keys_of_different_clients_do_not_meet(secured: Secured) -> None:
    """Row 31: another client's idempotency key is another payment."""
    answers = []
    for name in ("credit", "second"):
        secured.add(name)
        answers.append(ask(secured.client(name), key="the same", credit_reference=f"of-{name}"))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["transaction_id"] != answers[1].json()["transaction_id"]


def test_an_application_with_a_route_that_says_nothing_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    from fastapi import APIRouter

    import api.app
    from api.routes import kpis

    async def forgotten() -> None:
        """Nobody said who may ask this."""

    router = APIRouter()
    router.add_api_route("/forgotten", forgotten)
    monkeypatch.setattr(kpis, "router", router)
    with pytest.raises(RuntimeError, match="GET /forgotten"):
        api.app.create_app()


def test_lists_and_exports_are_kept_to_the_callers_hospitals(secured: Secured) -> None:
    secured.add("site", "machine", (OWN,))
    site = secured.client("site")
    for url in ("/api/v1/exceptions", "/api/v1/alerts", "/api/v1/ledger?from=2026-03-01&to=2026-03-02&basis=business_date"):
        before = len(secured.world.store.asked)
        assert site.get(url).status_code == 200
        asked = secured.world.store.asked[before:]
        assert any(parameters.get("within") == [OWN] for _, parameters in asked), url


def test_kpis_of_all_hospitals_are_not_for_who_may_see_some(secured: Secured, tmp_path: Path) -> None:
    secured.add("one", "machine", (OWN,))
    secured.add("two", "machine", (OWN, "hospital-3"))
    one, two = secured.client("one"), secured.client("two")
    assert one.get("/api/v1/kpis/journal").status_code == 404
    assert one.get("/api/v1/kpis/volume").json()["filters"]["hospital"] == OWN
    assert two.get("/api/v1/kpis/volume").status_code == 422
    assert two.get("/api/v1/kpis/volume", params={"hospital": "hospital-3"}).status_code == 200
    assert two.get("/api/v1/kpis/hospitals").status_code == 200


def test_actions_are_done_in_ones_own_name(secured: Secured) -> None:
    approver = secured.person("approver", "carla")
    rollout = {"hospital_id": "hospital-1", "phase": "paused"}
    refused = approver.post("/api/v1/rollouts", json={**rollout, "changed_by": "somebody-else"})
    assert refused.status_code == 422
    assert approver.post("/api/v1/rollouts", json=rollout).status_code == 200
    assert secured.world.ledger.published == []
    journalled = b"".join(record.value for record in secured.world.recent.holding("hospital-1"))
    assert b"somebody-else" not in journalled
    assert any('"route":"/api/v1/rollouts"' in line and '"who":"person:carla"' in line for line in secured.trail())
