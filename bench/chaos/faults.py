"""What is done to the pipeline. Each fault ends when the pipeline flows again, so that the next one hits it at work."""

from collections.abc import Callable

from bench.chaos.pipeline import SINK, worker_name
from bench.chaos.run import Run

WORKER_GAPS = ("before-journal", "after-journal", "before-publish", "after-publish")
SINK_GAPS = ("sink-after-intent", "sink-between-tables", "sink-after-insert", "sink-before-commit")
BURST = 3_000
"""messages at once, more than a worker takes in one fetch of each partition"""
Fault = Callable[[Run], None]


def kill_worker(run: Run) -> None:
    """SIGKILL at any moment, started again at once."""
    name = run.rng.choice(run.pipeline.workers)
    run.pipeline.kill(name)
    run.pipeline.start(name)
    run.note(f"{name} killed; flows again after {run.flows():.1f} s")


def kill_worker_in_a_gap(run: Run) -> None:
    """A worker that ends by itself in exactly the gap that a crash would seldom hit."""
    name, gap = run.rng.choice(run.pipeline.workers), run.rng.choice(WORKER_GAPS)
    run.pipeline.kill(name)
    run.pipeline.start(name, f"{gap}:{run.rng.randrange(1, 12)}")
    deaths = len(run.pipeline.deaths)
    run.until(lambda: len(run.pipeline.deaths) > deaths, f"{name} ends at {gap}")
    run.note(f"{name} killed twice, {gap} the second time; flows again after {run.flows():.1f} s")


def kill_sink(run: Run) -> None:
    """SIGKILL of the sink at any moment."""
    run.pipeline.kill(SINK)
    run.pipeline.start(SINK)
    run.note("sink killed")


def kill_sink_in_a_gap(run: Run) -> None:
    """The sink ends between two statements of a block, or between the insert and the commit."""
    gap = run.rng.choice(SINK_GAPS)
    run.pipeline.kill(SINK)
    run.pipeline.start(SINK, f"{gap}:{run.rng.randrange(0, 4)}")
    deaths = len(run.pipeline.deaths)
    run.until(lambda: len(run.pipeline.deaths) > deaths, f"the sink ends at {gap}")
    run.note(f"sink killed twice, {gap} the second time")


def kill_broker(run: Run) -> None:
    """SIGKILL of Kafka, and its return."""
    run.pipeline.kill_broker()
    run.pipeline.start_broker()
    run.note(f"broker killed; flows again after {run.flows():.1f} s")


def zombie(run: Run) -> None:
    """A worker is frozen with its hands full, until the group has given its partitions away; then it wakes up and goes on."""
    name = run.rng.choice(run.pipeline.workers)
    freeze_at_work(run, name)
    taken = run.until(run.watch.expelled(name), f"{name}'s partitions are given to others")
    run.flows()
    run.pipeline.thaw(name)
    run.note(f"{name} frozen for {taken:.1f} s and more; flows again after {run.flows():.1f} s")


def zombie_in_a_gap(run: Run) -> None:
    """A worker freezes itself exactly before it journals a batch, and journals it when its partitions are long another's."""
    name = run.rng.choice(run.pipeline.workers)
    freeze_in_a_gap(run, name, f"stop:before-journal:{run.rng.randrange(1, 12)}")
    taken = run.until(run.watch.expelled(name), f"{name}'s partitions are given to others")
    run.flows()
    run.pipeline.thaw(name)
    run.note(f"{name} killed, then frozen before-journal for {taken:.1f} s and more; flows again after {run.flows():.1f} s")


def freeze_in_a_gap(run: Run, name: str, failpoint: str) -> None:
    """Start a worker that freezes itself, until it has: Kafka may expel the killed one before the new one has even begun, which then froze
    later, when nobody was there to wake it up. One that dies of something else first is started again."""
    while not run.pipeline.is_frozen(name):
        run.pipeline.kill(name)
        run.pipeline.start(name, failpoint)
        deaths = len(run.pipeline.deaths)
        run.until(lambda: run.pipeline.is_frozen(name) or len(run.pipeline.deaths) > deaths, f"{name} freezes itself")  # noqa: B023


def freeze_at_work(run: Run, name: str) -> None:
    """Freeze a worker in the middle of a burst: batches wait in its channel, and it will journal them when it wakes up."""
    growing = run.watch.grown()
    run.feeder.burst(BURST)
    run.until(growing, "the burst reaches the journal")
    run.pipeline.freeze(name)


def join_and_leave(run: Run) -> None:
    """A further worker comes, takes its share, and goes in order."""
    name = worker_name(run.plan.workers)
    run.pipeline.start(name)
    run.until(run.watch.joined(name), f"{name} joins")
    run.flows()
    seconds = run.pipeline.stop(name)
    run.note(f"{name} joined, and left within {seconds:.1f} s; flows again after {run.flows():.1f} s")


KILLS: tuple[tuple[Fault, int, int], ...] = (
    (kill_worker, 1, 5),
    (kill_worker_in_a_gap, 2, 4),
    (kill_sink, 1, 2),
    (kill_sink_in_a_gap, 2, 2),
    (kill_broker, 1, 2),
)
"""Fault, number of kills in it, weight."""
