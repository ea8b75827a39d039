"""Server-sent events: the page is told that the tables have changed, and reads again what it shows."""

from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from starlette import types

from api.auth.guard import needs
from api.auth.scopes import Scope
from api.problems import Kind, Problem
from api.pulse import Pulse, State
from api.responses import problems
from api.services import Served

router = APIRouter(prefix="/api/v1", tags=["kpis"], dependencies=[needs(Scope.KPIS_READ)])
_json = msgspec.json.Encoder().encode


class EventStream(StreamingResponse):
    """What `EventSource` reads. However it ends, its seat is given free."""

    media_type = "text/event-stream"

    def __init__(self, pulse: Pulse, known: int | None, address: str) -> None:
        super().__init__(_events(pulse, known), headers={"X-Accel-Buffering": "no"})
        self._pulse = pulse
        self._address = address

    async def __call__(self, scope: types.Scope, receive: types.Receive, send: types.Send) -> None:
        """Send events until the reader goes, or is slower than the connection allows (`api.patience`)."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._pulse.stand(self._address)


@router.get(
    "/stream",
    summary="Told when to read again",
    response_class=EventStream,
    status_code=200,
    responses={200: {"content": {"text/event-stream": {}}}, **problems(Kind.BUSY)},
)
async def stream(
    served: Served,
    request: Request,
    last_event_id: Annotated[str, Header(max_length=32, description="As `EventSource` sends it after a break.")] = "",
) -> EventStream:
    """An event `changed` whenever journal records have reached the tables. Its id is the number of records there: who comes back with
    `Last-Event-ID` is told at once when it missed any. A comment every 15 seconds keeps the connection."""
    known = int(last_event_id) if last_event_id.isdecimal() else None
    address = request.client.host if request.client else ""
    if not served.pulse.sit(address):
        raise Problem(Kind.BUSY, "Too many pages are open; this one reads again by itself.", headers={"Retry-After": "10"})
    return EventStream(served.pulse, known, address)


async def _events(pulse: Pulse, known: int | None) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n\n"
    async for state in pulse.listen(known):
        yield b": nothing new\n\n" if state is None else event(state)


def event(state: State) -> bytes:
    """One server-sent event."""
    data = _json({"records": state.version, "recorded_ms": state.recorded_ms})
    return b"id: %d\nevent: changed\ndata: %s\n\n" % (state.version, data)
