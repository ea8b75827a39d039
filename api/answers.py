"""Answers that hold for as long as the tables stand at the same place of the journal: made once, given to everybody who asks meanwhile."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Final, Generic, NamedTuple, TypeVar

from api.store import Store

AGES_S: Final = 15.0
"""How long an answer holds that speaks of ages, although nothing was stored."""
KEPT_MAX: Final = 512
POSITION: Final = "SELECT count() FROM journal_records"
"""Records stored. A block's records are stored after everything else of it, and none is ever taken away."""

T = TypeVar("T")


class Found(NamedTuple, Generic[T]):
    """An answer, the position it was asked at, and when."""

    value: T
    position: int
    made_s: float


class Given(NamedTuple, Generic[T]):
    """An answer as it is given; `fresh` when it is of the tables as they were when it was asked for."""

    value: T
    fresh: bool


class _Kept:
    """What is known of one question: the latest answer, and the one that is being made."""

    def __init__(self) -> None:
        self.found: Found[Any] | None = None
        self.making: asyncio.Task[Any] | None = None
        self.making_position = -1


class Answers:
    """The memory of one process. `clock` counts seconds."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    async def position(self) -> int:
        """Where the tables stand."""
        return int((await self._store.ask(POSITION))[0][0])

    async def give(
        self, key: Hashable, position: int, make: Callable[[], Awaitable[T]], *, ages: bool = False, within_s: float = 0
    ) -> Given[T]:
        """The answer of this position. With `within_s`, one that is at most so old is given at once while the newer one is being made.

        `ages` tells that the answer changes with time alone. Who asked first may go away: the answer is made for the others.
        """
        kept = self._kept.setdefault(key, _Kept())
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        now_s = self._clock()
        found = kept.found
        if found is not None and found.position == position and (not ages or now_s - found.made_s <= AGES_S):
            return Given(found.value, True)
        patient = found is None or within_s <= 0 or now_s - found.made_s > within_s
        if kept.making is None or kept.making.done() or (patient and kept.making_position != position):
            kept.making_position = position
            kept.making = asyncio.create_task(self._make(kept, position, make))
            kept.making.add_done_callback(_heard)
        if found is not None and not patient:
            return Given(found.value, False)
        return Given(await asyncio.shield(kept.making), True)

    async def _make(self, kept: _Kept, position: int, make: Callable[[], Awaitable[T]]) -> T:
        made_s = self._clock()
        value = await make()
        if kept.found is None or kept.found.position <= position:
            kept.found = Found(value, position, made_s)
        return value


def _heard(task: asyncio.Task[Any]) -> None:
    """Whoever waits is told what went wrong; when nobody does, there is nobody to tell."""
    if not task.cancelled():
        task.exception()
