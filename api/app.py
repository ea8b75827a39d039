"""The FastAPI application: routes, problem details, hygiene. It holds no state but the services it is given."""

from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from functools import cache
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse

from api import problems
from api.asyncapi import asyncapi
from api.auth.guard import open_to_all, opened
from api.auth.identity import Identity
from api.auth.layer import Authentication
from api.hygiene import Hygiene
from api.metrics import Metrics
from api.page import events_page, page
from api.responses import describe
from api.routes import (
    adjustments,
    audit,
    balances,
    cut_offs,
    deliveries,
    evidence,
    exceptions,
    kpis,
    ledger,
    lists,
    oauth,
    operations,
    pages,
    payments,
    privacy,
    return_rates,
    rules_actions,
    session,
    sign_in,
    snoozes,
    stream,
)
from api.version import VERSION

LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_DESCRIPTION: Final = (
    "Payments of a hospital over ACH: asked for, decided by rules, settled, matched, and kept in a hash-chained ledger. "
    "Amounts are decimal strings with two places, instants RFC 3339 in UTC, errors problem details (RFC 9457). "
    "A query parameter that a route does not take is refused (422), as is one given twice. "
    "Clients come over mutual TLS with an access token of POST /oauth/token, people with a session; what belongs to another hospital is "
    "answered as if it were not there."
)
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    metrics: Metrics | None = None,
    lifespan: Lifespan | None = None,
    hosts: Collection[str] = LOOPBACK_NAMES,
    identity: Identity | None = None,
) -> FastAPI:
    """The application. Its `state.services` must be set before it is asked anything but the contracts.

    Without an identity everybody who can connect may do everything. Raises RuntimeError when a route does not say what it needs.
    """
    app = FastAPI(
        title="HMS-ACH",
        version=VERSION,
        summary="Hospital payments over ACH",
        description=_DESCRIPTION,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    problems.install(app)
    for module in (
        privacy,
        payments,
        evidence,
        balances,
        ledger,
        lists,
        deliveries,
        exceptions,
        adjustments,
        rules_actions,
        snoozes,
        kpis,
        return_rates,
        cut_offs,
        stream,
        audit,
        operations,
        oauth,
        session,
        pages,
    ):
        app.include_router(module.router)
    app.include_router(session.pages)
    app.include_router(sign_in.router)
    _contracts(app)
    app.state.identity = identity
    app.add_middleware(Authentication, identity=identity, is_open=opened(app))
    app.add_middleware(Hygiene, metrics=metrics or Metrics(), hosts=hosts)
    return app


def _contracts(app: FastAPI) -> None:
    """The contracts, made once, when they are first asked for."""

    @cache
    def openapi() -> dict[str, Any]:
        return describe(app)

    async def openapi_json() -> JSONResponse:
        return JSONResponse(openapi())

    async def asyncapi_json() -> JSONResponse:
        return JSONResponse(asyncapi())

    async def docs() -> HTMLResponse:
        return HTMLResponse(page(openapi()))

    async def event_docs() -> HTMLResponse:
        return HTMLResponse(events_page(asyncapi()))

    app.openapi = openapi  # type: ignore[method-assign]
    contracts = {"/openapi.json": openapi_json, "/asyncapi.json": asyncapi_json, "/docs": docs, "/docs/events": event_docs}
    for path, answer in contracts.items():
        app.add_api_route(path, answer, include_in_schema=False, response_model=None, dependencies=[open_to_all()])
