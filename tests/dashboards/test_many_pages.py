"""Many open pages, and one that does not read. Faults, row 59."""

import asyncio
import socket
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from api.patience import PatientProtocol
from api.pulse import SEATS, SEATS_OF_ONE, Pulse
from tests.api.ledger_fake import World
from tests.api.socket_server import served
from tests.dashboards.test_pulse import Tables

PAGES = 500
PAGE_BYTES_MAX = 64 * 1024


class Page:
    """An open page, and the last that it heard."""

    def __init__(self, app: Any, address: str = "127.0.0.1") -> None:
        self.status = 0
        self.retry_after = b""
        self.version = -1
        self._gone = asyncio.Event()
        self._asked = False
        self.task = asyncio.create_task(app(_scope(address), self._receive, self._send))

    async def close(self) -> None:
        self._gone.set()
        await self.task

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.retry_after = dict(message.get("headers", ())).get(b"retry-after", self.retry_after)
        body = message.get("body", b"")
        if body.startswith(b"id: "):
            self.version = int(body[4:].split(b"\n")[0])


def _scope(address: str) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/api/v1/stream",
        "raw_path": b"/api/v1/stream",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"testserver")],
        "client": (address, 1),
        "server": ("testserver", 80),
        "state": {},
    }


def application(tables: Tables, look_s: float) -> tuple[Any, Pulse]:
    world = World()
    pulse = Pulse(tables, look_s=look_s, beat_s=60)
    world.app.state.services = world.services._replace(pulse=pulse)
    return world.app, pulse


async def until(condition: Any) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - what it waits for is counters
            await asyncio.sleep(0.01)


def test_row_59_five_hundred_idle_pages_cost_little_and_one_look_at_the_tables() -> None:
    async def run() -> None:
        tables = Tables(1)
        app, pulse = application(tables, 0.01)
        warm = Page(app)
        await until(lambda: warm.version == 1)
        await warm.close()
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        pages = [Page(app, f"192.0.2.{number % 5}") for number in range(PAGES)]
        await until(lambda: all(page.version == 1 for page in pages))
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (after - before) / PAGES < PAGE_BYTES_MAX
        assert pulse.listeners == SEATS == PAGES
        late = Page(app)
        await late.task
        assert late.status == 503
        asked = len(tables.asked)
        tables.records = 2
        await until(lambda: all(page.version == 2 for page in pages))
        changes = [question for question, _ in tables.asked[asked:] if "max(recorded_at)" in question]
        assert len(changes) == 1, "one question, however many listen"
        await asyncio.gather(*(page.close() for page in pages))
        assert pulse.listeners == 0
        again = Page(app)
        await until(lambda: again.version == 2)
        await again.close()

    asyncio.run(run())


class Hasty(PatientProtocol):
    whole_s = 0.3


class Restless(Tables):
    """Tables that change whenever anybody looks."""

    async def ask(self, sql: str, parameters: Any = None) -> Any:
        self.records += 1
        self.asked.clear()
        return await super().ask(sql, parameters)


@pytest.fixture
def restless() -> Iterator[tuple[int, Pulse]]:
    """Port and pulse of a server whose pages hear of changes all the time, over buffers that are soon full."""
    app, pulse = application(Restless(1), 0)
    config = uvicorn.Config(app, http=Hasty, lifespan="off", log_config=None, ws="none", timeout_graceful_shutdown=1)
    with served(config, send_bytes=4096) as port:
        yield port, pulse


def opened(port: int, last: int | None = None) -> socket.socket:
    page = socket.socket()
    page.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    page.settimeout(30)
    page.connect(("127.0.0.1", port))
    known = b"" if last is None else b"Last-Event-ID: %d\r\n" % last
    page.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: testserver\r\n%b\r\n" % known)
    return page


def first_event(page: socket.socket) -> int:
    told = b""
    while b"\n\n" not in told.partition(b"\nid: ")[2]:
        told += page.recv(1024)
    return int(told.partition(b"\nid: ")[2].split(b"\n")[0])


def test_row_59_one_address_leaves_seats_for_the_others() -> None:
    async def run() -> None:
        app, pulse = application(Tables(1), 0.01)
        pages = [Page(app) for _ in range(SEATS_OF_ONE)]
        await until(lambda: pulse.listeners == SEATS_OF_ONE)
        late, other = Page(app), Page(app, "192.0.2.1")
        await late.task
        assert (late.status, late.retry_after) == (503, b"10")
        await until(lambda: other.version == 1)
        await pages.pop().close()
        again = Page(app)
        await until(lambda: again.version == 1)
        await asyncio.gather(*(page.close() for page in (*pages, other, again)))

    asyncio.run(run())


def test_a_proxy_stands_for_many_pages() -> None:
    pulse = Pulse(Tables(1), proxies={"192.0.2.9"})
    assert all(pulse.sit("192.0.2.9") for _ in range(SEATS))
    assert not pulse.sit("192.0.2.1"), "all are taken"
    pulse.stand("192.0.2.9")
    assert pulse.sit("192.0.2.1")


def test_row_59_a_reader_that_stands_still_is_dropped_and_comes_back_without_a_gap(restless: tuple[int, Pulse]) -> None:
    port, pulse = restless
    with opened(port) as page:
        heard = first_event(page)
        deadline = time.monotonic() + 60
        while pulse.listeners:
            assert time.monotonic() < deadline, "it still has its seat"
            time.sleep(0.01)
    with opened(port, heard) as again:
        assert first_event(again) > heard
