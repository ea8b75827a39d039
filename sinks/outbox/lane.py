"""One partition of an outbox on its way out: what waits, in which order, and since when. Values in, values out: no clock, no I/O.

Messages with the same order key go one after the other: the next is tried only when the one before has arrived or is given up.
"""

from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from sinks.outbox.due import Due
from sinks.outbox.events import FAILED, FINAL, GONE, Attempt


class Tried(NamedTuple):
    """What the log says of a message."""

    attempts: int
    next_ms: int
    outcome: str


class Task:
    """A message and how far it has come. `replay` names the request that it is repeated for."""

    __slots__ = ("attempts", "due", "key", "log_offset", "next_ms", "replay")

    def __init__(self, due: Due, key: str, log_offset: int, attempts: int = 0, next_ms: int = 0, replay: str = "") -> None:
        self.due = due
        self.key = key
        self.log_offset = log_offset
        self.attempts = attempts
        self.next_ms = next_ms
        self.replay = replay


class Lane:
    """What waits in one partition.

    `start` is the outbox offset to read from, `log_start` where the log was read from to fold `tried`. `low_water` and `log_low` are
    where a later start may begin: every message before is done, and every attempt at a message behind is in the log behind.
    """

    def __init__(self, partition: int, start: int, log_start: int, tried: dict[int, Tried]) -> None:
        self.partition = partition
        self.position = start
        self._tried = {offset: found for offset, found in tried.items() if offset >= start}
        self._horizon = max(self._tried, default=-1)
        self._log_start = log_start
        self._queues: dict[str, deque[Task]] = {}
        self._heads: list[tuple[int, int, Task]] = []
        self._unfinished: dict[int, int] = {}
        self._replays: dict[str, int] = {}
        self._count = 0
        self._number = 0

    def __len__(self) -> int:
        """Messages that wait or are under way, replays with them."""
        return self._count

    def add(self, due: Due, key: str, log_end: int) -> bool:
        """Take the next message of the outbox, read when the log ended at `log_end`; whether it is still to be sent."""
        assert due.offset >= self.position, f"offset {due.offset} came after {self.position}"
        self.position = due.offset + 1
        tried = self._tried.pop(due.offset, None)
        if tried is not None and tried.outcome in FINAL:
            return False
        # up to the horizon an earlier process tried messages, whose attempts stand in the log before this process's first word
        log_offset = self._log_start if due.offset <= self._horizon else log_end
        self._unfinished[due.offset] = log_offset
        attempts, next_ms = (tried.attempts, tried.next_ms) if tried else (0, 0)
        self._push(Task(due, key, log_offset, attempts, next_ms))
        return True

    def passed(self, offset: int) -> None:
        """This offset of the outbox holds nothing to send."""
        self.position = offset + 1
        self._tried.pop(offset, None)

    def repeat(self, due: Due, key: str, request: str) -> bool:
        """Send a message again, behind what waits under its key; not when it waits anyway. It must have been passed."""
        assert due.offset < self.position, f"offset {due.offset} is not reached yet"
        if due.offset in self._unfinished:
            return False
        self._replays[request] = self._replays.get(request, 0) + 1
        self._push(Task(due, key, 0, replay=request))
        return True

    def ready(self, now_ms: int) -> Iterator[Task]:
        """Messages whose time has come, first the longest due, each at most once until `again` or `done`."""
        while self._heads and self._heads[0][0] <= now_ms:
            yield heappop(self._heads)[2]

    def again(self, task: Task, next_ms: int, *, counts: bool = True) -> None:
        """Try it again at this instant; nothing else of its key is tried before. `counts`: an attempt was made."""
        task.attempts += counts
        task.next_ms = next_ms
        self._schedule(task)

    def done(self, task: Task) -> None:
        """It has arrived, or is given up: the next of its key may go."""
        queue = self._queues[task.key]
        assert queue[0] is task, "only the first of a key is ever under way"
        queue.popleft()
        if queue:
            self._schedule(queue[0])
        else:
            del self._queues[task.key]
        self._count -= 1
        if task.replay:
            self._replays[task.replay] -= 1
        else:
            del self._unfinished[task.due.offset]

    def replaying(self, request: str) -> int:
        """How many messages of a replay are not done yet."""
        return self._replays.get(request, 0)

    @property
    def next_ms(self) -> int | None:
        """When the next message is due; None when none waits."""
        return self._heads[0][0] if self._heads else None

    @property
    def low_water(self) -> int:
        """The outbox offset before which everything is done."""
        return min(self._unfinished, default=self.position)

    def log_low(self, log_end: int) -> int:
        """The log offset behind which all attempts at messages from `low_water` on stand, when the log ends at `log_end` now."""
        if self._tried:
            return self._log_start
        return min(self._unfinished.values(), default=log_end)

    def _push(self, task: Task) -> None:
        queue = self._queues.setdefault(task.key, deque())
        queue.append(task)
        self._count += 1
        if len(queue) == 1:
            self._schedule(task)

    def _schedule(self, task: Task) -> None:
        self._number += 1
        heappush(self._heads, (task.next_ms, self._number, task))


def fold(tried: dict[int, Tried], attempt: Attempt) -> None:
    """Take an attempt of the log into what is known by outbox offset. An outcome that is final stays; a replay changes nothing."""
    if attempt.replay:
        return
    before = tried.get(attempt.offset)
    if before is not None and before.outcome in FINAL:
        return
    next_ms = int(attempt.next_at.timestamp() * 1000) if attempt.next_at and attempt.outcome == FAILED else 0
    number = attempt.number - (attempt.outcome == GONE)  # that one does not count: it was not about the message
    tried[attempt.offset] = Tried(max(number, before.attempts if before else 0), next_ms, attempt.outcome)
