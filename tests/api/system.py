"""The real thing for live tests: an embedded broker, one worker and the API, each a process of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2

from api.auth.setup import initialise
from cli.client import access_token, connect, tls
from cli.stack.broker import Broker
from cli.stack.ports import Ports
from journal import topics
from journal.settings import Settings

READY_S = 60.0
WORKER = "streams.worker"
API = "api.serve"


class System:
    """What runs, and a client of its API."""

    def __init__(self, folder: Path, broker: Broker, **settings: object) -> None:
        self.folder = folder
        self.broker = broker
        with Ports() as ports:
            port = ports.choose(0)
        self.settings = Settings(
            data_dir=folder,
            kafka_bootstrap=broker.bootstrap,
            api_port=port,
            tick_interval_ms=0,
            partitions=4,
            **{"auth": "off", **settings},  # type: ignore[arg-type]
        )
        self.url = self.settings.api_url()
        if self.settings.auth == "on":
            initialise(self.settings, datetime.now(UTC))
        self.client = connect(self.settings, 30)

        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def many(self) -> httpx2.AsyncClient:
        """A client for many requests at once."""
        if self.settings.auth == "off":
            return httpx2.AsyncClient(base_url=self.url, timeout=60)
        headers = {"Authorization": f"Bearer {access_token(self.settings)}"}
        return httpx2.AsyncClient(base_url=self.url, timeout=60, verify=tls(self.settings), headers=headers)

    def start(self, module: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start one of our programs; its output goes to `<module>.log` in the folder."""
        given = {f"HMS_{name.upper()}": str(getattr(self.settings, name)) for name in self.settings.model_fields_set}
        with self.log(module).open("ab") as log:
            child = subprocess.Popen([sys.executable, "-m", module, *arguments], env={**os.environ, **given}, stderr=log, stdout=log)
        self._children[module] = child
        return child

    def stop(self, module: str, number: signal.Signals = signal.SIGTERM, within_s: float = 15.0) -> int:
        """Send a signal and wait for the end; the exit code."""
        child = self._children.pop(module)
        child.send_signal(number)
        try:
            return child.wait(within_s)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            raise

    def revive(self, module: str) -> None:
        """Start a program again if it has ended, as the supervisor would."""
        if self._children[module].poll() is not None:
            self.start(module)

    def log(self, module: str) -> Path:
        """Where a program's output is."""
        return self.folder / f"{module}.log"

    def wait_ready(self) -> None:
        """Until `/readyz` answers 200."""
        deadline = time.monotonic() + READY_S
        last: object = None
        while time.monotonic() < deadline and self._children[API].poll() is None:
            with contextlib.suppress(httpx2.HTTPError):
                answer = self.client.get("/readyz")
                last = answer.text
                if answer.status_code == 200:
                    return
            time.sleep(0.1)
        raise AssertionError(f"the API is not ready: {last}\n{self.log(API).read_text()[-4000:]}")

    def close(self) -> None:
        """Stop what still runs."""
        for module in list(self._children):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.stop(module)
        self.client.close()


@contextlib.contextmanager
def running(folder: Path, **settings: object) -> Iterator[System]:
    """Broker, topics, worker and API, ready."""
    with Broker(folder / "broker") as broker:
        system = System(folder, broker, **settings)
        try:
            topics.apply(system.settings)
            system.start(WORKER)
            system.start(API)
            system.wait_ready()
            yield system
        finally:
            system.close()
