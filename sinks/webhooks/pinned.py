"""Connections to addresses that were checked: a name is resolved once, and what was resolved is what is connected to."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import httpcore2
from httpcore2 import AsyncNetworkBackend, AsyncNetworkStream, ConnectError

from sinks.webhooks.guard import Network, refusal

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the addresses of a host. Raises OSError."""


class RefusedError(ConnectError):
    """The name leads where nothing may be sent."""


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """What this machine's resolver says, decimal and octal spellings of addresses with it."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class PinnedBackend(AsyncNetworkBackend):
    """Opens connections for httpcore. A name of which any address is refused is refused whole."""

    def __init__(self, allowed: Iterable[Network], resolve: Resolve = system_resolver, inner: AsyncNetworkBackend | None = None) -> None:
        self._allowed = tuple(allowed)
        self._resolve = resolve
        self._inner = inner or httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> AsyncNetworkStream:
        """A connection to one of the host's addresses. Raises RefusedError, or ConnectError when none answers."""
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise ConnectError(f"the host cannot be resolved: {error}") from error
        for address in addresses:
            if why := refusal(address, self._allowed):
                raise RefusedError(why)
        failure: Exception = ConnectError("the host has no address")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
