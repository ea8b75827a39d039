"""Which account a payment id belongs to: the one question that the single writer of an account cannot answer.

An idempotency key names one payment. The writer of the account sees a key that is used again for this account; one that is used again for
another account is seen here. Questions that come together are asked together, so that a burst of payments is a few questions to ClickHouse.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

_KNOWN_MAX: Final = 100_000
_REST: Final = 1.0
"""Times as long as a question took, nothing is asked: looking up takes at most half of one core, and less the more come together."""

Ask = Callable[[Iterable[str]], Awaitable[dict[str, str]]]


class AccountLookup:
    """Remembers what this process was asked for, and asks `ask` for what it does not remember."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: OrderedDict[str, str] = OrderedDict()
        self._waiting: dict[str, asyncio.Future[str | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    def claim(self, transaction_id: str, account: str) -> str:
        """The account that this process knows for the payment: the given one, unless another one came first."""
        known = self._known.setdefault(transaction_id, account)
        if len(self._known) > _KNOWN_MAX:
            self._known.popitem(last=False)
        return known

    def release(self, transaction_id: str) -> None:
        """The payment did not come about: its id may be used again."""
        self._known.pop(transaction_id, None)

    async def account_of(self, transaction_id: str) -> str | None:
        """The account that the tables have for the payment, None when they do not know it. Raises what `ask` raises."""
        future = self._waiting.get(transaction_id)
        if future is None:
            future = self._waiting[transaction_id] = asyncio.get_running_loop().create_future()
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_all())
        return await asyncio.shield(future)

    async def _ask_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, {}
                began_s = time.monotonic()
                try:
                    found = await self._ask(batch)
                except Exception as error:  # noqa: BLE001 - handed to those who asked
                    _fail(batch.values(), error)
                else:
                    for transaction_id, future in batch.items():
                        future.set_result(found.get(transaction_id))
                await asyncio.sleep(_REST * (time.monotonic() - began_s))
        finally:
            self._asking = None


def _fail(futures: Iterable["asyncio.Future[str | None]"], error: Exception) -> None:
    for future in futures:
        future.set_exception(error)
        future.exception()  # seen: whoever asked may have gone away
