"""What a person does becomes an event on `hms.operations.v1`; the journal says what came of it.

Nothing is decided here. A repeat under the same Idempotency-Key is known by the account's one writer.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends, Request

from api.decisions import Decision, Decisions
from api.idempotency import idempotency_key
from api.initiate import SOURCE
from api.models.common import instant
from api.models.exceptions import ActAnswer
from api.problems import Finding, Kind, Problem
from api.publisher import Placed, Publisher, Unacknowledged
from journal import topics
from ledger.effects import DeadLettered, ExceptionClosed, ExceptionOpened, Refused
from ledger.personal import found_in
from ledger.refusal import Refusal
from ledger.wire import Unreadable, decode_account

_GONE: Final = frozenset({Refusal.UNKNOWN_EXCEPTION, Refusal.UNKNOWN_ADJUSTMENT})
log = logging.getLogger(__name__)


class Desk:
    """Acts of people, of one process. `wait_s` is how long the journal's word is waited for."""

    def __init__(self, publisher: Publisher, decisions: Decisions, wait_s: float, now_ms: Callable[[], int]) -> None:
        self._publisher = publisher
        self._decisions = decisions
        self._wait_s = wait_s
        self._now_ms = now_ms

    async def act(self, kind: str, about: str, data: Mapping[str, Any], key: str = "") -> ActAnswer:
        """What became of an act. `data` names the account; `key` is the same when a request is repeated.

        Raises Problem: 409 with the reason when the ledger refuses, 503 when Kafka did not take it in time.
        """
        _must_be_of_nobody(data)
        account = str(data["credit_reference"])
        event_id, decided = self._decisions.expect()
        placed: Placed | None = None
        try:
            value = _event(event_id, kind, self._now_ms(), key, data)
            _must_be_readable(value)
            attributes = {"id": event_id, "source": SOURCE, "type": kind, "specversion": "1.0", "subject": account}
            placed = await self._publisher.publish(topics.OPERATIONS, account, value, attributes)
            self._decisions.placed(event_id, placed)
            decision = await asyncio.wait_for(decided, self._wait_s)
        except Unacknowledged as why:
            log.warning("an act was not acknowledged: %s", why)
            detail = "Kafka did not take it in time. Send it again, under the same Idempotency-Key if there was one."
            raise Problem(Kind.BROKER_UNAVAILABLE, detail, headers={"Retry-After": "2"}) from why
        except TimeoutError:
            return ActAnswer(outcome="pending", about=about, credit_reference=account, detail="recorded; look again in a moment")
        finally:
            self._decisions.forget(event_id, placed)
        return _answer(about, account, decision)


def _event(event_id: str, kind: str, at_ms: int, key: str, data: Mapping[str, Any]) -> bytes:
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": kind,
        "subject": data["credit_reference"],
        "time": instant(at_ms).isoformat(),
        "datacontenttype": "application/json",
        "idempotencykey": key,
        "data": {name: value for name, value in data.items() if value != ""},
    }
    return msgspec.json.encode({name: value for name, value in event.items() if value != ""})


def _must_be_readable(value: bytes) -> None:
    """What the ledger would put among the dead letters is not sent: Problem (422)."""
    event = decode_account(value)
    if isinstance(event, Unreadable):
        raise Problem(Kind.INVALID, "The ledger cannot take this.", errors=[Finding(detail=event.detail)])


def _must_be_of_nobody(data: Mapping[str, Any]) -> None:
    """Comments are journalled for ever and read by many: Problem (422) for one that gives a person away."""
    for name in ("comment", "reason"):
        if found := found_in(str(data.get(name, ""))):
            raise Problem(Kind.INVALID, "Leave personal data out.", errors=[Finding(detail=f"holds {found}", pointer=f"#/{name}")])


def _answer(about: str, account: str, decision: Decision) -> ActAnswer:
    first = decision.effects[0]
    if isinstance(first, Refused):
        if first.reason == Refusal.DUPLICATE:
            return ActAnswer(outcome="already", about=about, credit_reference=account, detail=first.detail)
        kind = Kind.NOT_FOUND if first.reason in _GONE else Kind.ACT_REFUSED
        detail = first.detail or first.reason.replace("_", " ").lower()
        raise Problem(kind, f"{detail[:1].upper()}{detail[1:]}.", errors=[Finding(detail=first.reason)])
    if isinstance(first, DeadLettered):
        raise Problem(Kind.UNDECIDABLE, f"The event lies in the dead letters ({first.code}); nothing was done.")
    return ActAnswer(
        outcome="done",
        about=about,
        credit_reference=account,
        closed=[effect.exception_id for effect in decision.effects if isinstance(effect, ExceptionClosed)],
        opened=[effect.exception_id for effect in decision.effects if isinstance(effect, ExceptionOpened)],
    )


def key_of(request: Request, subject: str) -> str:
    """The request's Idempotency-Key, as this caller's own; empty without one. Raises Problem (400) for one that is no key."""
    values = request.headers.getlist("idempotency-key")
    return f"{subject}:{idempotency_key(values)}"[:256] if values else ""


async def desk(request: Request) -> Desk:
    """The desk of the application that serves this request."""
    found = request.app.state.desk
    assert isinstance(found, Desk)
    return found


AtDesk = Annotated[Desk, Depends(desk)]
