"""The replays that are under way in this process, each partition's share for itself."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from journal.settings import Settings
from sinks.outbox import events
from sinks.outbox.courier import Courier
from sinks.outbox.events import ReplayEnd, ReplayEnded, derived
from sinks.outbox.kafka import LogWriter, Plan
from sinks.outbox.lane import Lane
from sinks.outbox.memory import Wish
from sinks.outbox.replay import Job, replayed

_STEP: Final = 200
_log = logging.getLogger(__name__)


class Replays:
    """Feeds replayed messages into the lanes as room allows, and writes down when one is finished. A crash begins them again."""

    def __init__(self, settings: Settings, plan: Plan, writer: LogWriter, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._plan = plan
        self._writer = writer
        self._clock = clock
        self._jobs: dict[tuple[str, int], Job] = {}

    def __len__(self) -> int:
        return len(self._jobs)

    def begin(self, wish: Wish, partition: int) -> None:
        """Take up a request for a partition; one that is under way goes on."""
        key = (wish.event.id, partition)
        if key not in self._jobs:
            self._jobs[key] = Job(wish, replayed(self._settings, self._plan, partition, wish.event.data))

    def wishes(self, partition: int) -> list[Wish]:
        """What is not finished in a partition."""
        return [job.wish for (_, each), job in self._jobs.items() if each == partition]

    def go_on(self, lanes: Mapping[int, Lane], courier: Courier, waiting_max: int) -> None:
        """Move every replay a step on."""
        for (request, partition), job in list(self._jobs.items()):
            lane = lanes[partition]
            for _ in range(min(_STEP, waiting_max - len(lane))):
                due = job.take(lane.position)
                if due is None:
                    break
                job.deliveries += lane.repeat(due, courier.key(due), request)
            if job.searched and not lane.replaying(request):
                self._end(request, partition, job.deliveries)

    def clear(self) -> None:
        """Let go of all: another process takes them up."""
        self._jobs.clear()

    def _end(self, request: str, partition: int, deliveries: int) -> None:
        data = ReplayEnd(request=request, partition=partition, deliveries=deliveries)
        event = ReplayEnded(id=derived("ended", request, partition), time=self._clock(), source=self._plan.source, data=data)
        self._writer.write(self._plan.log_partition(partition), "replay", events.encode(event))
        self._writer.flush()
        del self._jobs[request, partition]
        _log.info("replay %s of partition %d is done: %d sent again", request, partition, deliveries)
