"""The crash proof: a seeded schedule of faults under load, then the oracle."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from bench.chaos.faults import KILLS, Fault, join_and_leave, zombie, zombie_in_a_gap
from bench.chaos.run import NotSettledError, Plan, Run
from bench.oracle.report import Finding, Report

_PAUSE_S = (0.2, 1.5)


class Outcome(NamedTuple):
    """What came out of a run."""

    report: Report
    facts: str
    kills: int
    zombies: int


def schedule(seed: int, kills: int, zombies: int) -> Iterator[tuple[Fault, int]]:
    """Faults with the kills in each: every kind once first, then as drawn; zombies and a joining worker spread between them."""
    rng = Random(seed)
    chosen: list[tuple[Fault, int]] = [(fault, number) for fault, number, _ in KILLS]
    while sum(number for _, number in chosen) < kills:
        [(fault, number, _)] = rng.choices(KILLS, [weight for *_, weight in KILLS])
        chosen.append((fault, number))
    rng.shuffle(chosen)
    others: list[tuple[Fault, int]] = [(zombie_in_a_gap, 1) if number % 2 == 0 else (zombie, 0) for number in range(zombies)]
    others.append((join_and_leave, 0))
    every = max(1, len(chosen) // len(others))
    for index, planned in enumerate(chosen):
        yield planned
        if others and index % every == every - 1:
            yield others.pop(0)
    yield from others


def prove(plan: Plan, kills: int, zombies: int, tell: Callable[[str], None]) -> Outcome:
    """Run it in a folder that is gone afterwards. A pipeline that never comes to rest is a finding of its own."""
    tell(f"seed {plan.seed}: {plan.rate:.0f} messages/s, {plan.workers} workers, {plan.partitions} partitions")
    done = frozen = 0
    with tempfile.TemporaryDirectory(prefix="hms-ach-chaos-") as folder, Run(plan, Path(folder), tell) as run:
        try:
            run.flows()
            for fault, number in schedule(plan.seed, kills, zombies):
                run.go_on(run.rng.uniform(*_PAUSE_S))
                fault(run)
                done += number
                frozen += fault in {zombie, zombie_in_a_gap}
            run.settle()
            return Outcome(run.judge(), run.facts(), done, frozen)
        except NotSettledError as error:
            stuck = Finding("rest", "the pipeline comes to rest after the faults", 1, (str(error),), {})
            return Outcome(Report((stuck,)), f"{run.facts()}\n{run.pipeline.last_words()}", done, frozen)
