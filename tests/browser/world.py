"""The page as people see it: a seeded journal in a real broker, the API with its sink, and Debian's Chromium."""

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from confluent_kafka import Producer
from playwright.sync_api import Browser, Page, sync_playwright

from cli.commands.login import sign_in_link
from cli.stack.broker import Broker
from journal import topics
from sinks.outbox.events import Attempt, DeliveryAttempted, derived, encode
from tests.api.system import API, System
from tests.dashboards.seeded import PARTITIONS, Seeded

CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
AXE: Final = Path(__file__).parent / "vendor" / "axe.min.js"
SETTLED: Final = "() => !document.querySelector('.skeleton, [aria-busy=true]') && document.querySelector('h2, .tile, .trouble') !== null"
_TELL: Final = "addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`))"
_BEEN_HERE: Final = "localStorage.setItem('hms-ach.tour', 'yes')"
"""the tour is shown once: here it was"""
_READ_S: Final = 60.0


class World(NamedTuple):
    """What runs, and what was put into its journal."""

    system: System
    seeded: Seeded


@contextlib.contextmanager
def running(accounts: int, days: int) -> Iterator[World]:
    """Broker, journal and API, until everything is in the tables."""
    seeded = Seeded(time.time_ns() // 1_000_000 - 60_000, accounts, days)
    with tempfile.TemporaryDirectory(prefix="hms-ach-boards-") as folder, Broker(Path(folder) / "broker") as broker:
        system = System(Path(folder), broker, auth="on", ach_sandbox=True)
        assert system.settings.partitions == PARTITIONS
        try:
            topics.apply(system.settings)
            journal = Journal(broker.bootstrap)
            for accepted in seeded.records:
                journal.send(accepted.partition, accepted.value)
            journal.flush()
            system.start(API)
            system.wait_ready()
            wait_until_read(system, len(seeded.records))
            yield World(system, seeded)
        finally:
            system.close()


class Journal:
    """Writes journal records as they are, and the delivery log."""

    def __init__(self, bootstrap: str) -> None:
        self._producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "linger.ms": 5, "log_level": 0})

    def send(self, partition: int, value: bytes) -> None:
        """One record."""
        self._producer.produce(topics.JOURNAL, value, partition=partition)
        self._producer.poll(0)

    def log(self, attempt: Attempt) -> None:
        """What became of a webhook, as the process that sends them writes it."""
        at = datetime.now(UTC)
        event = DeliveryAttempted(id=derived(attempt.delivery_id, attempt.number), time=at, source="/test", data=attempt)
        self._producer.produce(topics.WEBHOOK_DELIVERIES, encode(event), key=attempt.credit_reference.encode())

    def flush(self) -> None:
        """Until the broker has them all."""
        assert self._producer.flush(30) == 0


def wait_until_read(system: System, records: int) -> None:
    """Until so many records are in the tables."""
    deadline = time.monotonic() + _READ_S
    found = 0
    while time.monotonic() < deadline:
        rows = system.client.get("/api/v1/kpis/journal").json()["rows"]
        found = sum(row["records"] for row in rows)
        if found >= records:
            return
        time.sleep(0.3)
    raise AssertionError(f"{found} of {records} records are in the tables after {_READ_S} s")


def wait_until(holds: Callable[[], bool]) -> None:
    """Until it does."""
    deadline = time.monotonic() + _READ_S
    while not holds():
        assert time.monotonic() < deadline, f"it does not hold after {_READ_S} s"
        time.sleep(0.3)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, with a profile of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS), headless=True)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One page in one window, and everything about it that must not happen."""

    def __init__(
        self,
        browser: Browser,
        world: World,
        *,
        width: int = 1360,
        height: int = 900,
        dark: bool = False,
        role: str = "auditor",
        tour: bool = False,
    ) -> None:
        self.url = world.system.url
        self._context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            ignore_https_errors=True,  # the certificate is of the system's own authority
        )
        self.page: Page = self._context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("request", self._asked)
        self.page.on("requestfailed", lambda request: self._failed(request))
        self.page.add_init_script(_TELL)
        if not tour:
            self.page.add_init_script(_BEEN_HERE)
        self.sign_in(world, role)

    def sign_in(self, world: World, role: str) -> None:
        """By a link of one's own; an auditor may see everything."""
        self.page.goto(sign_in_link(world.system.settings, "ana", role, None))
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.url}/")

    def open(self, view: str) -> Page:
        """Go to a view and wait until it has settled."""
        self.page.goto(f"{self.url}/#/{view}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Until nothing is loading."""
        self.page.wait_for_function(SETTLED, timeout=20_000)
        self.page.wait_for_timeout(150)

    def axe(self) -> list[str]:
        """Serious findings of axe-core. It is put in by the browser itself, past the page's policy."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text("utf-8"))
        found: Any = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{each['id']}: {node['target']} {node.get('failureSummary', '')}"
            for each in found["violations"]
            if each["impact"] in {"serious", "critical"}
            for node in each["nodes"]
        ]

    def close(self) -> None:
        """Close the window."""
        self._context.close()

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"{message.type}: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.wrong.append(f"asked elsewhere: {request.url}")

    def _failed(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":
            self.wrong.append(f"failed: {request.url} {request.failure}")
