"""Evidence of a payment to take away, and the key that it is checked with."""

import base64
import re
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field

from api.auth.guard import Caller, needs
from api.auth.scopes import Scope
from api.evidence import Evidence
from api.models.common import Answer
from api.problems import Kind, Problem
from api.responses import problems
from journal.evidence import fingerprint

router = APIRouter(prefix="/api/v1", tags=["payments"], dependencies=[needs(Scope.AUDIT_READ, everywhere=True)])
_NAME: Final = re.compile(r"[^0-9A-Za-z._-]")


class EvidenceKey(Answer):
    """The public half of the key that signs bundles."""

    algorithm: str
    key: Annotated[str, Field(description="32 bytes, base64.")]
    fingerprint: Annotated[str, Field(description="SHA-256 of the key, for people to compare.")]


async def _evidence(request: Request) -> Evidence:
    found = request.app.state.evidence
    assert isinstance(found, Evidence)
    return found


Bundles = Annotated[Evidence, Depends(_evidence)]


@router.get(
    "/payments/{transaction_id:path}/evidence",
    summary="Evidence of a payment",
    response_class=Response,
    responses={
        200: {"content": {"application/json": {}}, "description": "A file; `hms-ach verify --bundle` checks it without any server."},
        **problems(Kind.NOT_FOUND, Kind.CHANGE_REFUSED, Kind.INVALID, Kind.BROKER_UNAVAILABLE, Kind.STORE_UNAVAILABLE),
    },
)
async def evidence(bundles: Bundles, who: Caller, transaction_id: Annotated[str, Path(max_length=128)]) -> Response:
    """The journal records that hold the payment, byte for byte, the hashes of the chain between them, what they tell, and a signature.

    A record holds what else was written in the same moment: opaque references, and personal data only sealed. It is for auditors."""
    found = await bundles.bundle(transaction_id, who.subject)
    if found is None:
        raise Problem(Kind.NOT_FOUND, "No payment has this transaction id.")
    name = _NAME.sub("_", transaction_id)
    return Response(found, media_type="application/json", headers={"Content-Disposition": f'attachment; filename="evidence-{name}.json"'})


@router.get("/evidence/key", summary="The key of evidence bundles")
async def evidence_key(bundles: Bundles) -> EvidenceKey:
    """Keep it, or its fingerprint, somewhere else than the ledger: who holds it needs nobody's word."""
    return EvidenceKey(algorithm="Ed25519", key=base64.b64encode(bundles.public).decode(), fingerprint=fingerprint(bundles.public))
