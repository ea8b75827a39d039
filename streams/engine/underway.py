"""What is journalled and on its way to the relay or in it. The channel's own queue does not tell: Faust keeps records in its subscribers'
queues."""

import asyncio

UNPUBLISHED_ENTRIES_MAX = 20_000
"""journalled entries that may wait for the relay: a bound on memory, not on records, for at low rates records are small"""


class Underway:
    """Records and their entries between the poster and the end of their publication."""

    def __init__(self) -> None:
        self.records = 0
        self._entries = 0
        self._room = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def enter(self, entries: int) -> None:
        """A record with so many entries sets out."""
        self.records += 1
        self._entries += entries
        self._idle.clear()

    def leave(self, entries: int) -> None:
        """One that has been published."""
        self.records -= 1
        self._entries -= entries
        self._room.set()
        if not self.records:
            self._idle.set()

    async def room(self) -> None:
        """Wait until no more entries are under way than may be."""
        while self._entries > UNPUBLISHED_ENTRIES_MAX:
            self._room.clear()
            await self._room.wait()

    async def idle(self) -> None:
        """Wait until nothing is."""
        await self._idle.wait()
