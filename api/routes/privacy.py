"""Personal data: keys to seal with, what is held of a person, legal hold, erasure, revealing."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request

from api.auth.guard import Caller, hidden, needs, person
from api.auth.scopes import Scope
from api.models import privacy as model
from api.models.common import OptionalToken, Token
from api.privacy_log import privacy_log
from api.problems import Kind, Problem
from api.responses import problems
from api.services import Served
from api.strict_json import StrictRoute
from api.subjects import Privacy

router = APIRouter(prefix="/api/v1", tags=["privacy"], route_class=StrictRoute)
PatientId = Annotated[Token, Path(description="The patient's opaque token.")]
_BODY: Final = (Kind.MALFORMED_JSON, Kind.TOO_LARGE, Kind.UNSUPPORTED_MEDIA_TYPE, Kind.INVALID)
_CHANGE: Final = problems(*_BODY, Kind.NOT_FOUND, Kind.CHANGE_REFUSED, Kind.BROKER_UNAVAILABLE, Kind.STORE_UNAVAILABLE)
_UNKNOWN: Final = "No payment has this transaction id."


@router.get(
    "/privacy/key", summary="The key to seal to", dependencies=[needs(Scope.PAYMENTS_WRITE)], responses=problems(Kind.BROKER_UNAVAILABLE)
)
async def house_key(privacy: Privacy) -> model.PublicKey:
    """For requests alone: what is sealed to it is sealed anew with the patient's own key.

    `ctx` in the protected header is `payment.initiated.v1|instrument|<patient_id>`.
    """
    return model.PublicKey.model_validate(privacy.personal.house_key())


@router.post(
    "/subjects/{patient_id}/key",
    summary="A patient's key to seal to",
    dependencies=[needs(Scope.PAYMENTS_WRITE)],
    responses=problems(Kind.INVALID, Kind.REFUSED, Kind.BROKER_UNAVAILABLE),
)
async def subject_key(privacy: Privacy, patient_id: PatientId) -> model.PublicKey:
    """For events and requests. Made with the first request; destroyed when the patient is erased, and all that was sealed to it with it."""
    return model.PublicKey.model_validate(await privacy.personal.public_key(patient_id))


@router.get(
    "/subjects/{patient_id}",
    summary="What is held of a patient",
    dependencies=[needs(Scope.PRIVACY_READ, everywhere=True)],
    responses=problems(Kind.INVALID, Kind.STORE_UNAVAILABLE),
)
async def standing(privacy: Privacy, patient_id: PatientId) -> model.SubjectAnswer:
    """Accounts, consents, legal holds, and whether there is sealed data; nothing of it is shown."""
    return await privacy.standing(patient_id)


@router.get(
    "/privacy/log",
    summary="What was done with personal data",
    dependencies=[needs(Scope.PRIVACY_READ, everywhere=True)],
    responses=problems(Kind.INVALID, Kind.STORE_UNAVAILABLE),
)
async def log(
    served: Served,
    patient_id: Annotated[OptionalToken, Query(description="One patient; all if left out.")] = "",
    what: Annotated[model.Deed | None, Query(description="One deed; all if left out.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> model.LogAnswer:
    """Who looked, who held, who erased, when and what for, newest first: the journal's own words, as far as they are in the tables."""
    return await privacy_log(served.store, patient_id, what or "", limit)


@router.post(
    "/subjects/{patient_id}/hold", summary="Legal hold", dependencies=[needs(Scope.PRIVACY_ERASE, everywhere=True)], responses=_CHANGE
)
async def hold(privacy: Privacy, who: Caller, patient_id: PatientId, asked: model.HoldRequest) -> model.SubjectChanged:
    """While it lasts nothing of the patient is erased."""
    return await privacy.hold(patient_id, asked.held, person(who, asked.requested_by), asked.ticket)


@router.post(
    "/subjects/{patient_id}/erase", summary="Erase a patient", dependencies=[needs(Scope.PRIVACY_ERASE, everywhere=True)], responses=_CHANGE
)
async def erase(privacy: Privacy, who: Caller, patient_id: PatientId, asked: model.EraseRequest) -> model.SubjectChanged:
    """Every account is marked, and the patient's keys are destroyed: amounts, hashes and tokens stay, so that the chain still verifies.

    A payment that is under way defers it: nothing new begins, and it is finished when the payment has ended. A legal hold refuses it.
    """
    return await privacy.erase(patient_id, person(who, asked.requested_by), asked.ticket)


@router.post(
    "/payments/{transaction_id:path}/reveal",
    summary="See a payment's bank account",
    dependencies=[needs(Scope.PRIVACY_REVEAL)],
    responses=_CHANGE,
)
async def reveal(
    privacy: Privacy,
    who: Caller,
    request: Request,
    transaction_id: Annotated[str, Path(max_length=128, description="As `initiate` gave it.")],
    asked: model.RevealRequest,
) -> model.RevealAnswer:
    """Shown once the journal has who sees it and what for."""
    payment = await privacy.payment(transaction_id)
    if payment is not None and not who.sees(payment.values["hospital_id"]):
        raise hidden(request, _UNKNOWN)
    if payment is None:
        raise Problem(Kind.NOT_FOUND, _UNKNOWN)
    return await privacy.reveal(payment, person(who, asked.requested_by), asked.purpose, asked.ticket)
