"""The proof proves itself: mistakes that were really made once, switched on one at a time, each of which the oracle must name.

A mutant's run is short and aimed: the fault that this mistake does not survive, and nothing else.
"""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bench.chaos.faults import freeze_in_a_gap
from bench.chaos.run import Condition, NotSettledError, Plan, Run
from bench.oracle.report import Report
from cli.errors import UserError
from journal.topics import DECISIONS
from streams.engine.underway import UNPUBLISHED_ENTRIES_MAX

_CROWD = UNPUBLISHED_ENTRIES_MAX + 20_000
"""Messages not published yet, so that a worker has many yet to read until others have taken over some of its partitions."""
RUNS_MAX = 3
Scenario = Callable[[Run], None]


class Mutant(NamedTuple):
    """A mistake: its failpoint, the fault it does not survive, and an invariant that must be found broken."""

    failpoint: str
    mistake: str
    scenario: Scenario
    breaks: str
    workers: int = 1
    partitions: int = 2
    fetch_events: int = 500


def wakes_up_dead(run: Run) -> None:
    """A worker sleeps through the loss of its partitions, wakes up and journals what it holds; later it gets them back."""
    freeze_in_a_gap(run, "w0", f"{run.plan.failpoint},stop:before-journal:3")
    run.until(run.watch.expelled("w0"), "its partitions are given to the other")
    run.flows()
    run.pipeline.thaw("w0")
    run.until(run.watch.joined("w0"), "it is back in the group")
    run.flows()


def gets_company(run: Run) -> None:
    """Two more workers join, one after the other, while the first has its hands full: partitions change hands in the middle of the flow.

    At the first change the first worker may hold only what now belongs to the other; at the second it keeps all that it has.
    """
    for name in ("w1", "w2"):
        has_some = run.watch.sharing(name)
        run.pipeline.start(name)
        run.until(partial(_with_a_crowd, run, has_some), f"{name} has partitions of its own")
    run.flows()


def _with_a_crowd(run: Run, condition: Condition) -> bool:
    if sum(run.watch.lag().values()) < _CROWD:
        run.feeder.burst(2_000)
    return condition()


def is_busy(run: Run) -> None:
    """Nothing goes wrong at all, there is only much to do."""
    for _ in range(8):
        run.feeder.burst(1_500)
        run.flows()


def dies_having_spoken(run: Run) -> None:
    """Killed as soon as it has told the world something new, a few times."""
    for _ in range(3):
        run.flows()
        run.until(run.watch.grown(DECISIONS), "something is published")
        run.pipeline.kill("w0")
        run.pipeline.start("w0")
    run.flows()


MUTANTS = (
    Mutant("mutant:no-offset-check", "the delivery report's offset is not looked at", wakes_up_dead, "I6", workers=2),
    Mutant(
        "mutant:keep-assigning-messages",
        "messages that came with the assigning consume call are kept",
        gets_company,
        "I1",
        partitions=4,
        fetch_events=100,
    ),
    Mutant("mutant:flow-queue", "Faust's flow-controlled queue, and no check of continuity", is_busy, "I1"),
    Mutant("mutant:publish-first", "outputs are published before the journal knows them", dies_having_spoken, "I6"),
)
"""The four that lost money in crash tests of an early version."""
MORE = (
    Mutant("mutant:no-chain-check", "recovery believes every record of the journal", wakes_up_dead, "I1", workers=2),
    Mutant("mutant:commit-first", "positions move before the journal has the effects", is_busy, "I1"),
)
"""Further mistakes, for the long form."""


def catch(mutant: Mutant, tell: Callable[[str], None], seed: int = 1) -> Report:
    """The oracle's word on a run with this mistake in every process that can make it; also when it comes to no rest for it."""
    plan = Plan(
        seed,
        rate=150.0,
        accounts=100,
        partitions=mutant.partitions,
        workers=mutant.workers,
        sink=False,
        failpoint=mutant.failpoint,
        options=(("checkpoint_interval_ms", 60_000), ("fetch_events", mutant.fetch_events)),
        patience_s=30.0,
    )
    with tempfile.TemporaryDirectory(prefix="hms-ach-mutant-") as folder, Run(plan, Path(folder), tell) as run:
        try:
            run.flows()
            mutant.scenario(run)
            run.settle()
        except (NotSettledError, UserError) as error:
            run.note(str(error).splitlines()[0])
            run.pipeline.stop_all()
        return run.judge()


def found(mutant: Mutant, tell: Callable[[str], None], seed: int = 1) -> Report:
    """The word on the first run in which the mistake was named; on the last of `RUNS_MAX` if it was in none.

    A mistake shows when its accident happens, and threads and broker decide on the moment: a run without the accident says nothing.
    """
    for attempt in range(RUNS_MAX):
        report = catch(mutant, tell, seed + attempt)
        if mutant.breaks in report.broken:
            break
        tell(f"{mutant.failpoint}: not named in run {attempt + 1}")
    return report
