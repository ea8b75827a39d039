"""An export that is cut never looks whole."""

import asyncio
import csv
import gc
import hashlib
import io
import json
import threading
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.export import Row
from cli.errors import UserError
from cli.export import Check
from tests.api.ledger_fake import World

RANGE = "from=2026-03-01&to=2026-04-01&basis=business_date"


class Rows:
    """Answers the exporter's questions with so many rows, or fails from one of them on."""

    def __init__(self, count: int, fails_after: int | None = None, lies: bool = False) -> None:
        self.rows = [
            Row("2026-03-02", 0, n, "t", n, 1, n, n, f"c-{n}", "h", "x", "cash", "holds", 100 + n, "memo\nof two") for n in range(count)
        ]
        self.fails_after = fails_after
        self.lies = lies

    def __call__(self, sql: str, parameters: Mapping[str, Any] | None) -> Sequence[Sequence[Any]]:
        asked = dict(parameters or {})
        if "journal_records" in sql:
            return [(0, 1)]
        if "count()" in sql:
            return [(len(self.rows), sum(row.amount_cents for row in self.rows) + self.lies)]
        start = asked.get("position", -1) + 1
        if self.fails_after is not None and start >= self.fails_after:
            raise ConnectionError("the store died")
        return self.rows[start : start + min(asked["limit"], 1000)]


@pytest.fixture
def stocked(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(world.store, "_rows", Rows(2500))
    return world


def test_pages_lead_to_each_other_and_add_up(client: TestClient, stocked: World) -> None:
    url: str | None = f"/api/v1/ledger?{RANGE}&limit=1000"
    lines, pages = [], 0
    while url:
        answer = client.get(url)
        page = answer.json()
        lines += page["lines"]
        pages += 1
        assert page["totals"]["count"] == 2500
        assert page["complete"] == (page["next"] is None)
        assert answer.headers.get("Link") == (f'<{page["next"]}>; rel="next"' if page["next"] else None)
        url = page["next"]
    assert pages == 3
    assert len({line["posting_id"] for line in lines}) == 2500
    assert sum(int(line["amount"].replace(".", "")) for line in lines) == sum(100 + n for n in range(2500))


def test_a_cursor_is_good_for_its_own_question_alone(client: TestClient, stocked: World) -> None:
    following = client.get(f"/api/v1/ledger?{RANGE}").json()["next"]
    assert client.get(following).status_code == 200
    for changed in (
        following.replace("hospital_id=", "").replace("2026-04-01", "2026-04-02"),
        f"{following}&hospital_id=h",
        following[:-3] + ("A" if following[-3] != "A" else "B") + following[-2:],
        f"{following}&format=csv",
    ):
        answer = client.get(changed)
        assert (answer.status_code, answer.json()["type"]) == (400, "urn:hms-ach:problem:bad-cursor"), changed


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_whole_stream_ends_with_totals_and_digest(client: TestClient, stocked: World, form: str) -> None:
    answer = client.get(f"/api/v1/ledger?{RANGE}&format={form}")
    assert answer.headers["Content-Disposition"].endswith(f'.{form}"')
    check = Check()
    for start in range(0, len(answer.content), 777):
        check.take(answer.content[start : start + 777])
    done = check.end(form)
    assert (done.postings, done.total) == (2500, "33737.50")
    last = answer.content.rstrip().rpartition(b"\n")[2]
    assert done.sha256 == hashlib.sha256(answer.content[: answer.content.rindex(last)]).hexdigest()
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
        assert [row["record"] for row in rows] == ["posting"] * 2500 + ["end"]
        assert rows[0]["memo"] == "memo\nof two"
    else:
        assert [json.loads(line)["record"] for line in answer.text.splitlines()] == ["posting"] * 2500 + ["end"]


def test_an_empty_range_is_a_whole_export(client: TestClient, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.store, "_rows", Rows(0))
    assert client.get(f"/api/v1/ledger?{RANGE}").json()["complete"] is True
    check = Check()
    check.take(client.get(f"/api/v1/ledger?{RANGE}&format=csv").content)
    assert check.end("csv").postings == 0


@pytest.mark.parametrize("store", [Rows(2500, fails_after=1000), Rows(2500, lies=True)])
@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_store_that_dies_or_lies_on_the_way_breaks_the_export(
    world: World, monkeypatch: pytest.MonkeyPatch, store: Rows, form: str
) -> None:
    monkeypatch.setattr(world.store, "_rows", store)
    received: list[bytes] = []

    async def fetch() -> None:
        transport = httpx2.ASGITransport(world.app)
        async with (
            httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client,
            client.stream("GET", f"/api/v1/ledger?{RANGE}&format={form}") as answer,
        ):
            async for part in answer.aiter_bytes():
                received.append(part)

    with pytest.raises((ConnectionError, ArithmeticError)):
        asyncio.run(fetch())
    check = Check()
    check.take(b"".join(received))
    with pytest.raises(UserError, match="cut"):
        check.end(form)


@pytest.mark.parametrize("fails", [False, True], ids=["the store is slow", "the store died"])
def test_a_reader_who_goes_away_leaves_nothing_behind(world: World, monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    """Neither the question for the next lines nor its error."""
    ahead, gone, troubles = threading.Event(), threading.Event(), []

    def rows(sql: str, parameters: Mapping[str, Any] | None) -> Sequence[Sequence[Any]]:
        if "position" in (parameters or {}):
            ahead.set()
            if fails:
                raise ConnectionError("the store died")
            assert gone.wait(20)
        return Rows(2500)(sql, parameters)

    monkeypatch.setattr(world.store, "_rows", rows)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: troubles.append(context["message"]))
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await asyncio.to_thread(ahead.wait, 20)
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            if len(message.get("body", b"")) > 10_000:
                await asyncio.Event().wait()  # the lines are not read

        await world.app(scope(), receive, send)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        gone.set()

    asyncio.run(run())
    gc.collect()
    assert ahead.is_set()
    assert troubles == []


def scope() -> dict[str, Any]:
    """A request for the whole range."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/api/v1/ledger",
        "raw_path": b"/api/v1/ledger",
        "root_path": "",
        "query_string": f"{RANGE}&format=csv".encode(),
        "headers": [(b"host", b"testserver")],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
        "state": {},
    }


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_changed_or_cut_file_is_found_out(client: TestClient, stocked: World, form: str) -> None:
    whole = client.get(f"/api/v1/ledger?{RANGE}&format={form}").content
    for broken in (
        whole[:-1],
        whole[: len(whole) // 2],
        whole.replace(b"1.07", b"1.70", 1),
        b"",
        whole.rstrip().rpartition(b"\n")[0] + b"\n",
    ):
        check = Check()
        check.take(broken)
        with pytest.raises(UserError):
            check.end(form)


@pytest.mark.parametrize("accept", ["text/csv", "application/x-ndjson", "application/json"])
def test_the_accept_header_chooses(client: TestClient, stocked: World, accept: str) -> None:
    assert client.get(f"/api/v1/ledger?{RANGE}", headers={"Accept": accept}).headers["Content-Type"].startswith(accept)


def test_what_cannot_be_accepted(client: TestClient, stocked: World) -> None:
    answer = client.get(f"/api/v1/ledger?{RANGE}", headers={"Accept": "application/pdf"})
    assert (answer.status_code, answer.json()["type"]) == (406, "urn:hms-ach:problem:not-acceptable")


def test_values_of_the_caller_are_bound_never_written_into_sql(client: TestClient, world: World) -> None:
    hostile = "'; DROP TABLE ledger_entries --{x:Identifier}"
    world.store.asked.clear()
    client.get("/api/v1/exceptions", params={"code": hostile, "about": hostile})
    client.get("/api/v1/alerts", params={"alert": hostile})
    client.get(f"/api/v1/payments/{hostile}/trace")
    assert world.store.asked
    assert not [sql for sql, _ in world.store.asked if "DROP" in sql]
