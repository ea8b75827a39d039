"""For operators and their tools: liveness, readiness, metrics, and the contracts themselves."""

from typing import Literal

from fastapi import APIRouter, Response

from api.auth.guard import needs, open_to_all
from api.auth.scopes import Scope
from api.metrics import CONTENT_TYPE
from api.models.common import Answer
from api.services import Served

router = APIRouter(tags=["operations"])


class Live(Answer):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(Answer):
    """Whether the process can do its work, and each thing that it needs."""

    status: Literal["ready", "not ready"]
    checks: dict[str, str]


@router.get("/livez", summary="Is the process alive?", dependencies=[open_to_all()])
async def livez() -> Live:
    """Answers as long as the process does."""
    return Live()


@router.get(
    "/readyz",
    summary="Can it do its work?",
    responses={503: {"model": Ready, "description": "Something it needs is not well."}},
    dependencies=[open_to_all()],
)
async def readyz(served: Served, response: Response) -> Ready:
    """Kafka, ClickHouse, the decision feed and the sink."""
    checks = served.health.checks()
    ready = all(check.ok for check in checks.values())
    response.status_code = 200 if ready else 503
    return Ready(
        status="ready" if ready else "not ready",
        checks={name: check.text if check.ok else f"NOT WELL: {check.text}" for name, check in checks.items()},
    )


@router.get(
    "/metrics",
    summary="Prometheus metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}},
    dependencies=[needs(Scope.METRICS_READ)],
)
async def metrics(served: Served) -> Response:
    """Text format of Prometheus."""
    return Response(served.metrics.text(), media_type=CONTENT_TYPE)
