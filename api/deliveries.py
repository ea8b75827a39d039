"""The delivery log as the tables hold it, and requests to the process that delivers."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, NamedTuple, TypeVar

from confluent_kafka import KafkaException
from fastapi import Depends, Request

from api.lists import Lists, Wanted
from api.models.common import instant
from api.models.deliveries import AttemptItem, AttemptPage, ReplayAsked
from api.problems import Finding, Kind, Problem
from journal import topics
from journal.settings import Settings
from sinks.outbox.requests import ask_enable, ask_replay

WEBHOOKS: Final = topics.WEBHOOK_DELIVERIES
NOTIFICATIONS: Final = topics.NOTIFICATION_DELIVERIES
_ATTEMPTS: Final = (
    "SELECT toUnixTimestamp64Milli(at) AS order_ms, partition, offset AS position, delivery_id, transaction_id, credit_reference, channel, "
    "template, number, outcome, status, reason, duration_ms, ifNull(toUnixTimestamp64Milli(next_at), 0), endpoint, replay, topic "
    "FROM delivery_attempts FINAL"
)
_OF_PAYMENT_MAX: Final = 1_000
T = TypeVar("T")


class Asks(NamedTuple):
    """How the delivering process is asked: for a replay, and to go on. Both give the request's id, or raise Kafka's errors."""

    replay: Callable[[ReplayAsked, str], str]
    enable: Callable[[str], str]


def through_kafka(settings: Settings) -> Asks:
    """By events in the delivery log."""

    def replay(asked: ReplayAsked, by: str) -> str:
        return ask_replay(
            settings,
            asked.since,
            asked.until,
            credit_reference=asked.credit_reference,
            undelivered_only=asked.undelivered_only,
            requested_by=by,
        )

    return Asks(replay, lambda requested_by: ask_enable(settings, requested_by=requested_by))


class Deliveries:
    """Answers and asks for the routes."""

    def __init__(self, lists: Lists, asks: Asks) -> None:
        self._lists = lists
        self._asks = asks

    async def page(self, wanted: Wanted) -> AttemptPage:
        """A page of attempts; `wanted` names the log's topic among its equalities."""
        rows, following = await self._lists.page(_ATTEMPTS, wanted)
        return AttemptPage(deliveries=[_attempt(row) for row in rows], next=following)

    async def of_payment(self, transaction_id: str) -> list[AttemptItem]:
        """The latest attempts at whatever was due for a payment, newest first."""
        rows, _ = await self._lists.page(_ATTEMPTS, Wanted("", {"transaction_id": transaction_id}, _OF_PAYMENT_MAX, None))
        return [_attempt(row) for row in rows]

    async def replay(self, asked: ReplayAsked, by: str) -> str:
        """Ask for a replay; its id. Raises Problem for a range that is none, and while Kafka does not answer."""
        if asked.since >= asked.until:
            raise Problem(Kind.INVALID, "The range is empty; see errors.", errors=[Finding(detail="to is not after from", pointer="#/to")])
        return await _told(lambda: self._asks.replay(asked, by))

    async def enable(self, requested_by: str) -> str:
        """Have webhooks sent again to a receiver that had answered 410; the request's id. Raises Problem while Kafka does not answer."""
        return await _told(lambda: self._asks.enable(requested_by))


async def _told(ask: Callable[[], T]) -> T:
    """Kafka's producer waits, so it waits in a thread; such requests are rare."""
    try:
        return await asyncio.to_thread(ask)
    except (KafkaException, TimeoutError) as error:
        raise Problem(Kind.BROKER_UNAVAILABLE, "Kafka did not take the request; ask again.", headers={"Retry-After": "2"}) from error


def _attempt(row: Sequence[Any]) -> AttemptItem:
    (
        at_ms,
        _,
        _,
        identity,
        transaction,
        account,
        channel,
        template,
        number,
        outcome,
        status,
        reason,
        took_ms,
        next_ms,
        endpoint,
        replay,
        _,
    ) = row
    return AttemptItem(
        at=instant(at_ms),
        delivery_id=identity,
        transaction_id=transaction,
        credit_reference=account,
        channel=channel,
        template=template,
        attempt=number,
        outcome=outcome,
        status=status,
        reason=reason,
        duration_ms=took_ms,
        next_at=instant(next_ms) if next_ms else None,
        endpoint=endpoint,
        replay=replay,
    )


async def deliveries(request: Request) -> Deliveries:
    """The deliveries of the application that serves this request."""
    found = request.app.state.deliveries
    assert isinstance(found, Deliveries)
    return found


Delivering = Annotated[Deliveries, Depends(deliveries)]
