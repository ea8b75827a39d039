"""Loopback ports for the stack's processes."""

import random
import socket
import sys
from typing import Self

LOOPBACK = "127.0.0.1"

# Below Linux's range for outgoing connections (32768 on): a client that keeps trying a port of that range while its
# server is down can be given the very same port as its source and then talks to itself.
_FREE_RANGE = range(20_000, 30_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now, as Java and uvicorn do (SO_REUSEADDR)."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether a server accepts connections on this loopback port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        client.settimeout(1.0)
        return client.connect_ex((LOOPBACK, port)) == 0


class Ports:
    """The ports of one stack, kept from other stacks of this machine until `close`, even before anything listens."""

    def __init__(self) -> None:
        self._claims: dict[int, socket.socket | None] = {}

    def choose(self, preferred: int) -> int:
        """`preferred` if it is free, else a random free port; 0 as `preferred` asks for a random one."""
        candidates = random.sample(_FREE_RANGE, len(_FREE_RANGE))
        return next(port for port in (preferred, *candidates) if port and self._take(port))

    def close(self) -> None:
        """Give all claims up."""
        for claim in self._claims.values():
            if claim is not None:
                claim.close()
        self._claims.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _take(self, port: int) -> bool:
        if port in self._claims:
            return False
        claim = None
        if sys.platform == "linux":
            claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            try:
                claim.bind(f"\0hms-ach/port/{port}")  # a name in the kernel, no file: gone with this process
            except OSError:
                claim.close()
                return False
        if not is_free(port):
            if claim is not None:
                claim.close()
            return False
        self._claims[port] = claim
        return True
