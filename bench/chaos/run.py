"""One run: the pipeline, its load, and a clock that only conditions move."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import NamedTuple, Self

from bench.chaos.feeder import Feeder
from bench.chaos.hosts import OneHost
from bench.chaos.load import load
from bench.chaos.pipeline import SINK, Pipeline
from bench.chaos.watch import Watch
from bench.oracle.report import Report, read_report
from journal.topics import JOURNAL

_LOOK_S = 0.1
_STEP_S = 0.01
Condition = Callable[[], bool]


class NotSettledError(Exception):
    """The pipeline did not come to where it should within the patience of the run."""


class Plan(NamedTuple):
    """What a run is made of. `options` are settings of every process."""

    seed: int
    rate: float = 250.0
    accounts: int = 150
    partitions: int = 4
    workers: int = 2
    sink: bool = True
    failpoint: str = ""
    options: tuple[tuple[str, object], ...] = ()
    """further settings of every process"""
    patience_s: float = 120.0
    """how long a condition may take to come true"""


class Run:
    """A plan being carried out: `with Run(plan, folder, tell) as run:`. Whoever waits keeps the load and the supervision going."""

    def __init__(self, plan: Plan, folder: Path, tell: Callable[[str], None], hosts: OneHost | None = None) -> None:
        self.plan = plan
        self.tell = tell
        self.rng = Random(plan.seed)
        options = {
            "partitions": plan.partitions,
            "checkpoint_interval_ms": 2_000,
            "tick_interval_ms": 1_000,
            "fetch_events": 500,
            "record_bytes_max": 30_000,
            **dict(plan.options),
        }
        self.pipeline = Pipeline(folder, workers=plan.workers, sink=plan.sink, failpoint=plan.failpoint, options=options, hosts=hosts)
        self._feeding = True
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            settings = opened.enter_context(self.pipeline).settings
            self.watch = Watch(settings)
            self.feeder = Feeder(settings, load(self.plan.seed, self.plan.accounts, self.plan.partitions), self.plan.rate)
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self.watch.close()
        self._opened.close()

    def note(self, what: str) -> None:
        """One line with the time."""
        self.tell(f"{time.monotonic() - self._began:7.1f} s  {what}")

    def until(self, condition: Condition, what: str, patience_s: float = 0.0) -> float:
        """Go on until the condition holds; the seconds that took. Raises NotSettledError when it does not in time."""
        patience_s = patience_s or self.plan.patience_s
        began = time.monotonic()
        look_at = began
        while True:
            now = time.monotonic()
            if self._feeding:
                self.feeder.feed()
            self.pipeline.tend()
            if now >= look_at:
                if condition():
                    return now - began
                look_at = time.monotonic() + _LOOK_S
            if now - began > patience_s:
                raise NotSettledError(f"after {patience_s:.0f} s still not: {what}; under way: {self.watch.lag()}")
            time.sleep(_STEP_S)

    def go_on(self, seconds: float) -> None:
        """Load and supervision for some time."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= end, "", seconds + 60)

    def flows(self) -> float:
        """Wait until every partition's journal grows; the seconds that took."""
        return self.until(self.watch.grown(), "the journal grows in every partition")

    def settle(self) -> None:
        """End the load, let everything arrive, stop the workers in order, and let new ones find whatever they left."""
        self._feeding = False
        self.feeder.last_words(self.plan.partitions, clock=False)
        self.feeder.flush()
        self.until(lambda: self.watch.posted(clock=False), "all events are journalled and published")
        self.pipeline.reconfigure(tick_interval_ms=0)
        for name in self.pipeline.workers:
            seconds = self.pipeline.stop(name)
            self.note(f"{name} stopped in {seconds:.1f} s")
        self.feeder.last_words(self.plan.partitions, clock=True)
        self.feeder.flush()
        for index in range(self.plan.workers):
            self.pipeline.start(f"w{index}")
        self.until(lambda: self.watch.posted(clock=True), "all ticks are journalled and published")
        if self.plan.sink:
            self.until(self.watch.stored, "the sink has all of the journal")
            self.pipeline.stop(SINK)

    def judge(self) -> Report:
        """The oracle's word, from a process of its own: the embedded ClickHouse allows one folder a process."""
        settings = self.pipeline.settings
        dsn = f"chdb://{(settings.data_dir / 'clickhouse').resolve()}" if self.plan.sink else ""
        where = ["--clickhouse", dsn, "--data", str(settings.data_dir)]
        command = [sys.executable, "-m", "bench.oracle", settings.kafka_bootstrap, *where, "--model", "--json"]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        if said.returncode not in {0, 1} or not said.stdout:
            raise RuntimeError(f"the oracle failed:\n{said.stderr[-4000:]}")
        return read_report(said.stdout)

    def facts(self) -> str:
        """One line of figures."""
        records = sum((self.watch.ends(JOURNAL) or {}).values())
        return json.dumps({"sent": self.feeder.sent, "journal records": records, "deaths": len(self.pipeline.deaths)})
