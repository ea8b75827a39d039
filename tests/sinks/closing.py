"""A loop that turns until its connections are closed: TLS says good-bye after the caller has its answer."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any

from sinks.outbox.courier import Answer

PATIENCE_S = 30


def run_to_the_end(work: Coroutine[Any, Any, Answer]) -> Answer:
    """The result of `work`, once no socket of its is open; a connection that stays open is an error."""
    sockets = selectors.DefaultSelector()

    async def carry() -> Answer:
        of_the_loop = len(sockets.get_map())
        result = await work
        async with asyncio.timeout(PATIENCE_S):
            while len(sockets.get_map()) > of_the_loop:  # noqa: ASYNC110 - nothing to await: the loop closes them in its own turn
                await asyncio.sleep(0.001)
        return result

    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(sockets)) as runner:
        return runner.run(carry())
