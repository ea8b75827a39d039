"""The ledger export."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette import types

from api.accept import preferred
from api.auth.guard import Caller, hidden, needs
from api.auth.scopes import Scope
from api.deidentified import as_csv, deidentified
from api.export import Exporter, Filter, Progress, Row
from api.formats import CSV, NDJSON, Format, line_of, ndjson_lines
from api.metrics import Metrics
from api.models import ledger as model
from api.models.deidentified import DeidentifiedAnswer
from api.problems import Kind, Problem
from api.responses import problems
from api.services import Served, Services
from api.span import read_span

router = APIRouter(prefix="/api/v1/ledger", tags=["ledger"])
_MEDIA_TYPES: Final[dict[str, model.Format]] = {"application/json": "json", "text/csv": "csv", "application/x-ndjson": "ndjson"}
_decode_progress = msgspec.msgpack.Decoder(Progress).decode
_LINES: Final = {"type": "string"}
_END: Final = "The last line (`record` = `end`) holds count, totals and the SHA-256 of all bytes before it; without it the export was cut."


@router.get(
    "",
    summary="All postings of a range",
    dependencies=[needs(Scope.LEDGER_READ)],
    response_model=model.LedgerPage,
    responses={
        200: {
            "description": f"JSON comes in pages; CSV and NDJSON come whole, as a stream of unknown length. {_END}",
            "content": {"text/csv": {"schema": _LINES}, "application/x-ndjson": {"schema": _LINES}},
            "headers": {"Link": {"schema": {"type": "string"}, "description": 'The next page, rel="next" (RFC 8288); JSON alone.'}},
        },
        **problems(Kind.BAD_CURSOR, Kind.NOT_FOUND, Kind.NOT_ACCEPTABLE, Kind.INVALID, Kind.STORE_UNAVAILABLE),
    },
)
async def export(
    served: Served,
    who: Caller,
    request: Request,
    since: Annotated[str, Query(alias="from", max_length=40, description="First instant (with offset), or first date, of the range.")],
    until: Annotated[str, Query(alias="to", max_length=40, description="First instant, or first date, behind the range: it is half-open.")],
    basis: Annotated[
        model.Basis, Query(description="posted_at: instants at which the journal recorded; business_date: banking days, New York.")
    ] = "posted_at",
    format_: Annotated[model.Format | None, Query(alias="format", description="Instead of the Accept header.")] = None,
    credit_reference: Annotated[str, Query(max_length=128, description="One account alone.")] = "",
    hospital_id: Annotated[str, Query(max_length=128, description="One hospital alone.")] = "",
    limit: Annotated[int, Query(ge=1, le=10_000, description="Lines of a JSON page.")] = 1000,
    cursor: Annotated[str | None, Query(max_length=16_384, description="Where a JSON page goes on; from the answer before.")] = None,
) -> Response:
    """Half-open range, at most 366 days; ordered by business date, journal partition and position; one snapshot for all pages."""
    if hospital_id and not who.sees(hospital_id):
        raise hidden(request, "There is no such hospital.")
    within = None if who.hospitals is None else tuple(sorted(who.hospitals))
    wanted = Filter(read_span(basis, since, until), credit_reference, hospital_id, within)
    kind = format_ or preferred(request.headers.get("accept", "*/*"), _MEDIA_TYPES)
    if kind is None:
        raise Problem(Kind.NOT_ACCEPTABLE, f"Accept one of {', '.join(_MEDIA_TYPES)}.")
    if kind != "json":
        if cursor is not None:
            raise Problem(Kind.BAD_CURSOR, "CSV and NDJSON come whole, without a cursor.")
        return await _stream(served, wanted, CSV if kind == "csv" else NDJSON)
    return await _page(served, request, wanted, limit, cursor)


@router.get(
    "/deidentified",
    summary="Postings without persons",
    dependencies=[needs(Scope.LEDGER_READ)],
    response_model=DeidentifiedAnswer,
    responses={200: {"content": {"text/csv": {"schema": _LINES}}}, **problems(Kind.INVALID, Kind.STORE_UNAVAILABLE)},
)
async def without_persons(
    served: Served,
    who: Caller,
    since: Annotated[str, Query(alias="from", max_length=40, description="First day of the first month.")],
    until: Annotated[str, Query(alias="to", max_length=40, description="First day of the month behind the last.")],
    format_: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response:
    """Sums by month, hospital and accounts of the general ledger. Cells of fewer than eleven patients are left out."""
    hospitals = None if who.hospitals is None else tuple(sorted(who.hospitals))
    answer = await deidentified(served.store, read_span("business_date", since, until), hospitals)
    if format_ == "json":
        return JSONResponse(answer.model_dump(by_alias=True))
    name = f"ledger-deidentified-{since}-{until}.csv"
    return Response(as_csv(answer), media_type=CSV.media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def _page(served: Services, request: Request, wanted: Filter, limit: int, cursor: str | None) -> Response:
    exporter = served.exporter
    if cursor is None:
        progress = await exporter.begin(wanted)
    else:
        progress = served.cursors.open(wanted.question(), cursor, _decode_progress)
    rows = [] if progress.complete else await exporter.page(wanted, progress, limit)
    progress = progress.behind(rows) if rows else progress
    following = None
    if not progress.complete:
        asked = {**dict(request.query_params), "cursor": served.cursors.seal(wanted.question(), progress)}
        following = f"{request.url.path}?{urlencode(asked)}"
    served.metrics.exported.labels("json").inc(len(rows))
    body: dict[str, Any] = {
        "basis": wanted.span.basis,
        "from": wanted.span.since_text,
        "to": wanted.span.until_text,
        "lines": await asyncio.to_thread(lambda: [line_of(row) for row in rows]),
        "totals": progress.totals().model_dump(),
        "sha256": hashlib.sha256(await asyncio.to_thread(ndjson_lines, rows)).hexdigest(),
        "complete": following is None,
        "next": following,
    }
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return JSONResponse(body, headers=headers)


class _Stream(StreamingResponse):
    """An export that comes whole. However it ends, nothing of it is still asked of the tables."""

    def __init__(self, parts: AsyncGenerator[bytes, None], media_type: str, headers: dict[str, str]) -> None:
        super().__init__(parts, media_type=media_type, headers=headers)
        self._parts = parts

    async def __call__(self, scope: types.Scope, receive: types.Receive, send: types.Send) -> None:
        async with aclosing(self._parts):
            await super().__call__(scope, receive, send)


async def _stream(served: Services, wanted: Filter, form: Format) -> Response:
    progress = await served.exporter.begin(wanted)
    name = f"ledger-{wanted.span.since_text[:10]}-{wanted.span.until_text[:10]}.{form.suffix}"
    return _Stream(
        _whole(served.exporter, served.metrics, wanted, progress, form),
        media_type=form.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _whole(exporter: Exporter, metrics: Metrics, wanted: Filter, progress: Progress, form: Format) -> AsyncGenerator[bytes, None]:
    """The export's bytes. An error on the way breaks the connection off: the chunked body has no end, and there is no last line."""
    hashed = hashlib.sha256()

    def counted(part: bytes, rows: list[Row]) -> bytes:
        hashed.update(part)
        metrics.exported.labels(form.suffix).inc(len(rows))
        return part

    yield counted(form.head(), [])
    async with aclosing(exporter.lines(wanted, progress)) as lines:
        async for rows in lines:
            yield counted(await asyncio.to_thread(form.body, rows), rows)  # a payment must not wait for ten thousand lines
    yield form.end(progress.totals(), hashed.hexdigest())
