"""Says when the tables have changed, so that who shows them reads again. It remembers one number, whoever listens and however slowly."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from typing import Final, NamedTuple

from api.answers import POSITION
from api.problems import Problem
from api.store import Store

LOOK_S: Final = 1.0
BEAT_S: Final = 15.0
SEATS: Final = 500
"""listeners at a time; each costs some 26 KiB, TLS aside, whatever it reads"""
SEATS_OF_ONE: Final = SEATS // 5
"""for one address: an office behind one leaves seats for the others"""
_VERSION: Final = (
    "SELECT sum(last + 1), max(recorded) FROM "
    "(SELECT max(sequence) AS last, toUnixTimestamp64Milli(max(recorded_at)) AS recorded FROM journal_records GROUP BY partition)"
)
log = logging.getLogger(__name__)


class State(NamedTuple):
    """What the tables hold: journal records, and when the latest was written. `version` only grows."""

    version: int
    recorded_ms: int


class Pulse:
    """Looks at the tables once a second while anybody listens. Behind one of the `proxies` there are many addresses."""

    def __init__(self, store: Store, look_s: float = LOOK_S, beat_s: float = BEAT_S, proxies: Collection[str] = ()) -> None:
        self._store = store
        self._look_s = look_s
        self._beat_s = beat_s
        self._state: State | None = None
        self._changed = asyncio.Condition()
        self._listeners = 0
        self._proxies = frozenset(proxies)
        self._seated: Counter[str] = Counter()
        self._task: asyncio.Task[None] | None = None

    @property
    def listeners(self) -> int:
        """How many listen."""
        return self._listeners

    def sit(self, address: str) -> bool:
        """Whether there is a seat for one more listener from there; who has one stands up again (`stand`). Taken before the answer begins,
        so that not even those who all come at once are too many."""
        if self._seated.total() >= SEATS or (self._seated[address] >= SEATS_OF_ONE and address not in self._proxies):
            return False
        self._seated[address] += 1
        return True

    def stand(self, address: str) -> None:
        """Give the seat free."""
        self._seated[address] -= 1
        if not self._seated[address]:
            del self._seated[address]

    async def listen(self, known: int | None, ended: Callable[[], bool] = lambda: False) -> AsyncIterator[State | None]:
        """Each new state, at once when it is not the `known` version; None when nothing was said for a while.

        Who is slow misses states in between and loses nothing by it: the next one says the same, that there is something to read.
        """
        self._listeners += 1
        try:
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._look())
            while not ended():
                state = await self._next(known)
                if state is not None:
                    known = state.version
                yield state
        finally:
            self._listeners -= 1

    async def _next(self, known: int | None) -> State | None:
        def news() -> bool:
            return self._state is not None and self._state.version != known

        with contextlib.suppress(TimeoutError):
            async with self._changed:
                await asyncio.wait_for(self._changed.wait_for(news), self._beat_s)
            return self._state
        return None

    async def _look(self) -> None:
        """Until nobody listens any more. While ClickHouse does not answer there is nothing to say."""
        seen = -1
        while self._listeners:
            with contextlib.suppress(Problem):
                position = int((await self._store.ask(POSITION))[0][0])
                if position != seen:
                    await self._tell()
                    seen = position
            await asyncio.sleep(self._look_s)
        self._state = None

    async def _tell(self) -> None:
        ((version, recorded_ms),) = await self._store.ask(_VERSION)
        state = State(int(version), int(recorded_ms))
        if state != self._state:
            self._state = state
            async with self._changed:
                self._changed.notify_all()
