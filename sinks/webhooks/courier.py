"""Webhooks as an outbox sees them."""

from datetime import datetime

from sinks.outbox.courier import Answer, Parcel, Send, Verdict
from sinks.outbox.due import Due
from sinks.outbox.events import Attempt
from sinks.webhooks.body import body, transaction_of
from sinks.webhooks.config import Config
from sinks.webhooks.pinned import Resolve, system_resolver
from sinks.webhooks.post import Post

CHANNEL = "webhook"
_TYPE = "webhook.due.v1"


class WebhookCourier:
    """Takes webhooks to CREDIT; those of one account one after the other."""

    def __init__(self, config: Config, resolve: Resolve = system_resolver) -> None:
        self._config = config
        self._post = Post(config, resolve)

    def parcel(self, due: Due) -> Parcel | None:
        """The payment it speaks of; None for another type of event. Raises msgspec.MsgspecError for a webhook that cannot be read."""
        return Parcel(transaction_of(due.value), CHANNEL) if due.type == _TYPE else None

    def key(self, due: Due) -> str:
        """The account: its webhooks arrive in the ledger's order."""
        return due.account

    def admit(self, _due: Due, _now_ms: int) -> Verdict:
        """Every webhook may go at once."""
        return Send()

    def receiver(self, _due: Due) -> str:
        """Scheme, host and port of the one there is."""
        return self._config.endpoint

    def sends_to(self, receiver: str) -> bool:
        """Whether it is the one there is."""
        return receiver == self._config.endpoint

    def remember(self, _attempt: Attempt, _at: datetime) -> None:
        """Nothing has to be kept in mind."""

    async def send(self, due: Due, now: datetime) -> Answer:
        """POST it; its id is the event's, the same in every attempt and replay."""
        return await self._post.send(due.id, body(due.value, self._config.codes), now)

    async def close(self) -> None:
        """Close the connections."""
        await self._post.close()
