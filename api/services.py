"""What the routes stand on: one value, put together by `api.serve`, or by a test."""

from collections.abc import Callable
from typing import Annotated, NamedTuple

from fastapi import Depends, Request

from api.cursor import CursorKey
from api.export import Exporter
from api.health import Health
from api.history import History
from api.initiate import Initiator
from api.kpis import KpiReader
from api.lists import Lists
from api.metrics import Metrics
from api.pulse import Pulse
from api.store import Store


class Services(NamedTuple):
    """Everything a route may ask. `now_ms` is the clock."""

    initiator: Initiator
    history: History
    exporter: Exporter
    lists: Lists
    cursors: CursorKey
    health: Health
    metrics: Metrics
    now_ms: Callable[[], int]
    kpis: KpiReader
    pulse: Pulse
    store: Store


async def services(request: Request) -> Services:
    """The services of the application that serves this request. Not a plain function: FastAPI would call that in another thread."""
    found = request.app.state.services
    assert isinstance(found, Services)
    return found


Served = Annotated[Services, Depends(services)]
