"""Loopback ports for the stack's processes."""

import random
import socket

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


def choose(preferred: int, avoid: frozenset[int] = frozenset()) -> int:
    """`preferred` if it is free, else a random free port; 0 as `preferred` asks for a random one.

    Random, so that two stacks that start at the same moment hardly ever choose the same.
    """
    if preferred and preferred not in avoid and is_free(preferred):
        return preferred
    candidates = (port for port in random.sample(_FREE_RANGE, len(_FREE_RANGE)) if port not in avoid and is_free(port))
    return next(candidates)
