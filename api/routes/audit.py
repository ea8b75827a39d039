"""For `hms-ach verify`: what ClickHouse holds, record by record, to be compared with the journal by somebody else."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.auth.guard import needs
from api.auth.scopes import Scope
from api.models.common import Answer
from api.services import Served
from sinks.clickhouse import audit

router = APIRouter(prefix="/api/v1/audit", tags=["operations"], dependencies=[needs(Scope.AUDIT_READ, everywhere=True)])
RECORDS_MAX = 10_000

Partition = Annotated[int, Query(ge=0, le=65_535)]
Sequence = Annotated[int, Query(ge=-1, le=2**40)]


class Rows(Answer):
    """Rows of one of the questions of `sinks.clickhouse.audit`."""

    rows: list[list[str | int]]


@router.get("/records", summary="Sums of stored journal records")
async def records(served: Served, partition: Partition, after: Sequence, until: Sequence) -> Rows:
    """Sequence, hash, postings and checksum of at most 10,000 records after `after` up to `until`."""
    until = min(until, after + RECORDS_MAX)
    found = await served.store.ask(audit.RECORDS, {"partition": partition, "after": after, "until": until})
    return Rows(rows=[list(row) for row in found])


@router.get("/outcomes", summary="Stored inputs by topic and outcome")
async def outcomes(served: Served) -> Rows:
    """Topic, outcome and number of inputs."""
    return Rows(rows=[list(row) for row in await served.store.ask(audit.OUTCOMES)])


@router.get("/postings", summary="Stored postings of one journal record")
async def postings(served: Served, partition: Partition, sequence: Sequence) -> Rows:
    """Position, debit, credit, cents, hospital, subject and account of each posting."""
    found = await served.store.ask(audit.POSTINGS, {"partition": partition, "sequence": sequence})
    return Rows(rows=[list(row) for row in found])


@router.get("/stray", summary="Stored postings that belong to no record")
async def stray(served: Served) -> Rows:
    """Partition, sequence and number of postings, 1,000 at most. Those of a block under way are here for a moment."""
    return Rows(rows=[list(row) for row in await served.store.ask(audit.STRAY)])
