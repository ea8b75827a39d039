"""An event for one account, and the journal's decision on it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from api.decisions import Decision, Decisions
from api.models.common import instant
from api.problems import Kind, Problem
from api.publisher import Placed, Publisher, Unacknowledged

SOURCE: Final = "/hms-ach/api"


class Asker:
    """Writes events and waits for what the ledger says, `wait_s` at most."""

    def __init__(self, publisher: Publisher, decisions: Decisions, wait_s: float, now_ms: Callable[[], int]) -> None:
        self._publisher = publisher
        self._decisions = decisions
        self._wait_s = wait_s
        self._now_ms = now_ms

    async def ask(self, topic: str, kind: str, data: Mapping[str, Any]) -> Decision:
        """The decision on an event of this type with this data. Raises Problem (503) when none comes in time; asking again is safe."""
        account = str(data["credit_reference"])
        event_id, decided = self._decisions.expect()
        attributes = {"id": event_id, "source": SOURCE, "type": kind, "specversion": "1.0", "subject": account}
        event = {**attributes, "time": instant(self._now_ms()).isoformat(), "datacontenttype": "application/json", "data": data}
        placed: Placed | None = None
        try:
            placed = await self._publisher.publish(topic, account, msgspec.json.encode(event), attributes)
            self._decisions.placed(event_id, placed)
            return await asyncio.wait_for(decided, self._wait_s)
        except (Unacknowledged, TimeoutError) as error:
            detail = "The ledger has not answered in time. Ask again: what was done already is not done twice."
            raise Problem(Kind.BROKER_UNAVAILABLE, detail, headers={"Retry-After": "2"}) from error
        finally:
            self._decisions.forget(event_id, placed)
