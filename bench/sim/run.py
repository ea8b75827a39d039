"""Seeds, one after the other: a run of each, and the oracle's word on it."""

import gc
import logging
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from bench.oracle.report import Report
from bench.sim.judge import judge
from bench.sim.world import PARTITIONS, Tried, World
from journal.settings import Settings
from streams.poster import Poster


class Outcome(NamedTuple):
    """One seed's run and its findings."""

    seed: int
    tried: Tried
    report: Report

    def text(self) -> str:
        """What a person needs to see where it went wrong: every step, then the invariants."""
        steps = "\n".join(f"{number:>5} {step}" for number, step in enumerate(self.tried.steps))
        return f"seed {self.seed}\n{steps}\n{self.report.text()}"


def run(seed: int, failpoint: str = "") -> Outcome:
    """The run that belongs to a seed; the same whenever and wherever it is made. `failpoint` switches a mutant on."""
    settings = _settings(failpoint)
    machine = _machine()
    world = World(seed, machine, settings)
    tried = world.run()
    return Outcome(seed, tried, judge(world.broker, world.tables, _settings(""), machine, tried.restless))


def run_all(seeds: Iterable[int], failpoint: str = "") -> Iterator[Outcome]:
    """Every seed's outcome, one at a time. What the engine logs is left out: a dying worker is nothing to speak of here."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        for seed in seeds:
            yield run(seed, failpoint)
            gc.collect(0)
    finally:
        logging.disable(level)


@cache
def _settings(failpoint: str) -> Settings:
    return Settings(partitions=PARTITIONS, failpoint=failpoint)


@cache
def _machine() -> Poster:
    """It has no state of its own; what it seals anybody can read."""
    return Poster(_settings(""), bytes)
