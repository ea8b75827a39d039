"""The real thing for live tests: an embedded broker, one worker and the API, each a process of its own."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2

from cli.stack.broker import Broker
from cli.stack.ports import Ports
from journal import topics
from journal.settings import Settings

READY_S = 60.0


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
            **settings,  # type: ignore[arg-type]
        )
        self.url = f"http://127.0.0.1:{port}"
        self.client = httpx2.Client(base_url=self.url, timeout=30)

    @contextlib.contextmanager
    def process(self, module: str, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
        """One of our programs, until the block ends."""
        log = (self.folder / f"{module}.log").open("ab")
        environment = {
            **os.environ,
            **{f"HMS_{name.upper()}": str(getattr(self.settings, name)) for name in self.settings.model_fields_set},
        }
        child = subprocess.Popen([sys.executable, "-m", module, *arguments], env=environment, stderr=log, stdout=log)
        try:
            yield child
        finally:
            if child.poll() is None:
                child.terminate()
                try:
                    child.wait(15)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()
            log.close()

    def wait_ready(self) -> None:
        """Until `/readyz` answers 200."""
        deadline = time.monotonic() + READY_S
        last: object = None
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx2.HTTPError):
                answer = self.client.get("/readyz")
                last = answer.text
                if answer.status_code == 200:
                    return
            time.sleep(0.1)
        log = (self.folder / "api.serve.log").read_text()[-4000:]
        raise AssertionError(f"not ready after {READY_S} s: {last}\n{log}")


@contextlib.contextmanager
def running(folder: Path, **settings: object) -> Iterator[System]:
    """Broker, topics, worker and API, ready."""
    with Broker(folder / "broker") as broker:
        system = System(folder, broker, **settings)
        topics.apply(system.settings)
        with system.process("streams.worker"), system.process("api.serve"):
            system.wait_ready()
            yield system
        system.client.close()
