"""What ClickHouse holds, for `hms-ach verify`: asked of the running API, or of the database itself while no API runs."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from cli.errors import UserError

if TYPE_CHECKING:
    from journal.settings import Settings

Row = Sequence[Any]
PAGE = 10_000
"""records of one question"""


class Stored(Protocol):
    """The side that is compared with the journal. `name` is a question: records, outcomes, postings, stray."""

    def ask(self, name: str, parameters: Mapping[str, int] | None = None) -> Sequence[Row]:
        """Rows of the question."""


@contextmanager
def stored(settings: "Settings") -> Iterator[Stored]:
    """The API if it answers, else the database itself."""
    import httpx2

    from api.auth.folder import SecretError
    from cli.client import connect

    try:
        connection = connect(settings, 60.0)
    except SecretError:  # no API has ever run on this folder
        connection = httpx2.Client(base_url=settings.api_url())
    with connection as client:
        try:
            running = client.get("/livez").status_code == HTTPStatus.OK
        except httpx2.HTTPError:
            running = False
        if running:
            yield _OverHttp(client)
            return
    from sinks.clickhouse.database import Database

    with Database(settings) as database:
        yield _Direct(database.client())


class _OverHttp:
    def __init__(self, client: Any) -> None:
        self._client = client

    def ask(self, name: str, parameters: Mapping[str, int] | None = None) -> Sequence[Row]:
        answer = self._client.get(f"/api/v1/audit/{name}", params=dict(parameters or {}))
        if answer.status_code != HTTPStatus.OK:
            raise UserError(f"The API did not answer for {name}: {answer.status_code}.")
        rows: Sequence[Row] = answer.json()["rows"]
        return rows


class _Direct:
    def __init__(self, client: Any) -> None:
        self._client = client

    def ask(self, name: str, parameters: Mapping[str, int] | None = None) -> Sequence[Row]:
        from sinks.clickhouse import audit

        rows: Sequence[Row] = self._client.query(getattr(audit, name.upper()), parameters=dict(parameters or {})).result_rows
        return rows
