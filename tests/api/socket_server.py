"""An application on a real socket of this machine, served by a thread of the test."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import uvicorn

from api.server import Server


class Ours(Server):
    """Our server, in a thread of the test, which gets no signals."""

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]
        return contextlib.nullcontext()


@contextlib.contextmanager
def served(
    config: uvicorn.Config,
    host: str = "127.0.0.1",
    *,
    kind: Callable[[uvicorn.Config], uvicorn.Server] = uvicorn.Server,
    send_bytes: int = 0,
) -> Iterator[int]:
    """The port, until the block ends. `send_bytes` is how much the system keeps of an answer that nobody reads, where that matters."""
    listener = socket.create_server((host, 0))
    if send_bytes:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_bytes)
    server = kind(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        while not (server.started and server.servers):
            time.sleep(0.01)
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
