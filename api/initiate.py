"""A payment is asked for: the event goes to Kafka, the journal's decision comes back.

Nothing is decided here, not even what is a repeat: every request becomes an event, and the one writer of the account tells a repeat from a
new payment. So a request may be repeated at any time, through any process of the API, and after any crash.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from api.decisions import Decision, Decisions
from api.history import History
from api.idempotency import fingerprint
from api.lookup import AccountLookup
from api.metrics import Metrics
from api.models.common import instant
from api.models.payment import InitiateAnswer, InitiateRequest
from api.payment import initiated, links, pending, repeated
from api.personal import Personal
from api.problems import Kind, Problem
from api.publisher import Placed, Publisher, Unacknowledged
from journal import topics
from ledger.effects import DeadLettered, Refused
from ledger.ids import transaction_id
from ledger.refusal import Refusal

SOURCE: Final = "/hms-ach/api"
_TYPE: Final = "payment.initiated.v1"
_PENDING_MAX: Final = 10_000
_LOOKUP_S_MAX: Final = 0.5
_STORED_POLL_S: Final = 0.05
_OUR_CLOCK: Final = frozenset({Refusal.FUTURE_TIME.value, Refusal.IMPLAUSIBLE_TIME.value})
log = logging.getLogger(__name__)


class Initiated(NamedTuple):
    """An answer to a request that was not refused. `created` tells a decision (201) from one that is still to come (202)."""

    answer: InitiateAnswer
    created: bool = True
    replayed: bool = False


class Waiting(NamedTuple):
    """A payment that the broker has and nobody has decided yet."""

    request: InitiateRequest
    at_ms: int


class Initiator:
    """Asks for payments. `wait_s` is how long a decision is waited for, `now_ms` the clock."""

    def __init__(
        self,
        publisher: Publisher,
        decisions: Decisions,
        lookup: AccountLookup,
        history: History,
        metrics: Metrics,
        wait_s: float,
        now_ms: Callable[[], int],
        personal: Personal,
    ) -> None:
        self._publisher = publisher
        self._decisions = decisions
        self._lookup = lookup
        self._history = history
        self._metrics = metrics
        self._wait_s = wait_s
        self._now_ms = now_ms
        self._personal = personal
        self.pending: OrderedDict[str, Waiting] = OrderedDict()

    async def initiate(self, request: InitiateRequest, client: str, key: str, traceparent: str = "") -> Initiated:
        """The payment's first answer. Raises Problem for every other outcome."""
        try:
            found = await self._initiate(request, client, key, traceparent)
        except Problem as problem:
            self._metrics.initiated.labels(problem.kind.code).inc()
            raise
        self._metrics.initiated.labels("replayed" if found.replayed else found.answer.status).inc()
        return found

    async def _initiate(self, request: InitiateRequest, client: str, key: str, traceparent: str) -> Initiated:
        identity = transaction_id(client, key)
        await self._must_be_same_account(identity, request.credit_reference)
        request, instrument = await self._personal.sealed(request)
        at_ms = self._now_ms()
        event_id, decided = self._decisions.expect()
        placed: Placed | None = None
        try:
            value = _event(event_id, identity, key, at_ms, request, instrument, traceparent)
            attributes = {"id": event_id, "source": SOURCE, "type": _TYPE, "specversion": "1.0", "subject": request.credit_reference}
            placed = await self._publisher.publish(topics.PAYMENTS, request.credit_reference, value, attributes)
            self._decisions.placed(event_id, placed)
            self._remember(identity, Waiting(request, at_ms))
            with self._metrics.decision.time():
                decision = await asyncio.wait_for(decided, self._wait_s)
        except Unacknowledged as why:
            log.warning("a payment was not acknowledged: %s", why)
            detail = "Kafka did not acknowledge the payment in time. Repeat the request under the same Idempotency-Key."
            raise Problem(Kind.BROKER_UNAVAILABLE, detail, headers={"Retry-After": "2"}, transaction_id=identity) from why
        except TimeoutError:
            return Initiated(pending(identity, request.credit_reference, at_ms), created=False)
        finally:
            self._decisions.forget(event_id, placed)
        self.pending.pop(identity, None)
        return await self._answer(identity, request, at_ms, decision)

    async def _must_be_same_account(self, identity: str, account: str) -> None:
        """A key that was used for another account is used up. While ClickHouse does not answer, only this process's memory tells."""
        known: str | None = self._lookup.claim(identity, account)
        if known == account:
            try:
                known = await asyncio.wait_for(self._lookup.account_of(identity), _LOOKUP_S_MAX)
            except (Problem, TimeoutError):
                self._metrics.lookups_missed.inc()
                known = None
        if known not in {None, account}:
            raise _reused(identity)

    async def _answer(self, identity: str, request: InitiateRequest, at_ms: int, decision: Decision) -> Initiated:
        first = decision.effects[0]
        if isinstance(first, Refused):
            if first.reason == Refusal.DUPLICATE:
                return await self._first_answer(identity, request.credit_reference, at_ms)
            if first.reason == Refusal.CONTENT_CONFLICT:
                raise _reused(identity)
            self._lookup.release(identity)
            raise _refused(first)
        if isinstance(first, DeadLettered):
            self._lookup.release(identity)
            raise Problem(Kind.UNDECIDABLE, f"The event lies in the dead letters ({first.code}); the payment was not made.")
        answer = initiated(identity, request.credit_reference, at_ms, decision.effects)
        assert answer is not None, "a payment that was not refused was decided"
        return Initiated(answer)

    async def _first_answer(self, identity: str, account: str, at_ms: int) -> Initiated:
        """What was answered the first time. It is stored by now or will be shortly: the writer knows the payment."""
        deadline = asyncio.get_running_loop().time() + self._wait_s
        while True:
            answer = repeated(await self._history.of_payment(identity), identity)
            if answer is not None:
                return Initiated(answer, replayed=True)
            if asyncio.get_running_loop().time() >= deadline:
                return Initiated(pending(identity, account, at_ms), created=False)
            await asyncio.sleep(_STORED_POLL_S)

    def _remember(self, identity: str, waiting: Waiting) -> None:
        self.pending[identity] = waiting
        if len(self.pending) > _PENDING_MAX:
            self.pending.popitem(last=False)


def _event(event_id: str, identity: str, key: str, at_ms: int, request: InitiateRequest, instrument: str, traceparent: str) -> bytes:
    """`instrument` is what the request's instrument counts as: it is sealed anew each time."""
    asked = fingerprint(request.model_copy(update={"instrument": instrument}))
    data = {"transaction_id": identity, **request.model_dump(exclude={"bank_account"}), "body_sha256": asked}
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": _TYPE,
        "subject": request.credit_reference,
        "time": instant(at_ms).isoformat(),
        "datacontenttype": "application/json",
        "idempotencykey": key,
        "traceparent": traceparent,
        "data": {name: value for name, value in data.items() if value != ""},
    }
    return msgspec.json.encode({name: value for name, value in event.items() if value != ""})


def _reused(identity: str) -> Problem:
    return Problem(
        Kind.IDEMPOTENCY_KEY_REUSED,
        "This Idempotency-Key was used for a request that said something else. Use a new key for a new payment.",
        transaction_id=identity,
        link=links(identity, "").self,
    )


def _refused(refusal: Refused) -> Problem:
    if refusal.reason == Refusal.CLIENT_REFERENCE_TAKEN:
        return Problem(
            Kind.CLIENT_REFERENCE_TAKEN,
            "A client reference names one payment for ever.",
            transaction_id=refusal.detail,
            link=links(refusal.detail, "").self,
        )
    if refusal.reason in _OUR_CLOCK:
        return Problem(Kind.UNDECIDABLE, f"Our clock and the broker's disagree ({refusal.reason}); the payment was not made.")
    return Problem(Kind.REFUSED, f"The ledger refused the payment: {refusal.reason}.")
