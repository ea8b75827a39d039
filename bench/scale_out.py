"""`python -m bench.scale_out`: two hosts, two workers each. The second host joins under load, is cut off, is back, and leaves in order.
Prints how long each of these moves kept the journal of a partition still, then the word of the oracle.

Needs root: the hosts are network namespaces (`bench.chaos.hosts`)."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from confluent_kafka import Consumer, TopicPartition

from bench.chaos.hosts import Hosts
from bench.chaos.pipeline import worker_name
from bench.chaos.run import Plan, Run
from journal.settings import Settings
from journal.topics import JOURNAL

AT_HOME, AWAY = (worker_name(0), worker_name(1)), (worker_name(2), worker_name(3))
_STEADY_S: Final = 10.0
_READ_S: Final = 60.0


class Move(NamedTuple):
    """A change of who owns what, from its beginning until everybody's journal grows again (epoch milliseconds)."""

    what: str
    began_ms: int
    ended_ms: int


def main() -> int:
    """Run, print, and say by the exit code whether the invariants hold."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale_out", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rate", type=float, default=600.0, help="messages a second")
    parser.add_argument("--accounts", type=int, default=5_000)
    asked = parser.parse_args()
    plan = Plan(
        asked.seed,
        rate=asked.rate,
        accounts=asked.accounts,
        partitions=8,
        options=(("checkpoint_interval_ms", 15_000), ("fetch_events", 2_000)),
    )
    placed = {**dict.fromkeys(AT_HOME, "a"), **dict.fromkeys(AWAY, "b")}
    with (
        Hosts(("a", "b"), placed) as hosts,
        tempfile.TemporaryDirectory(prefix="hms-ach-hosts-") as folder,
        Run(plan, Path(folder), lambda line: print(line, flush=True), hosts) as run,
    ):
        run.flows()
        run.go_on(2 * _STEADY_S)
        moves = [*_moves(run, hosts)]
        run.settle()
        pauses = longest(run.pipeline.settings, moves)
        report, facts = run.judge(), run.facts()
    print(report.text())
    print(json.dumps({"part": "scale_out", "rate": asked.rate, "longest_pause_s": pauses, "facts": json.loads(facts)}))
    return 0 if report.holds else 1


def _moves(run: Run, hosts: Hosts) -> Iterator[Move]:
    began = _now_ms()
    for name in AWAY:
        run.pipeline.start(name)
    for name in AWAY:
        run.until(run.watch.sharing(name), f"{name} has partitions")
    yield _ended(run, "a second host's two workers join", began)
    began = _now_ms()
    hosts.cut("b")
    for name in AWAY:
        run.until(run.watch.expelled(name), f"{name}'s partitions are given to others")
    yield _ended(run, "the second host is cut off", began)
    began = _now_ms()
    hosts.mend("b")
    for name in AWAY:
        run.until(run.watch.sharing(name), f"{name} has partitions again")
    yield _ended(run, "the second host is back", began)
    began = _now_ms()
    for name in AWAY:
        run.note(f"{name} stopped in {run.pipeline.stop(name):.1f} s")
    yield _ended(run, "its workers leave in order", began)


def _ended(run: Run, what: str, began_ms: int) -> Move:
    run.flows()
    run.note(what)
    run.go_on(_STEADY_S)
    return Move(what, began_ms, _now_ms())


def longest(settings: Settings, moves: Sequence[Move]) -> dict[str, float]:
    """For each move the longest time in seconds, of all partitions, between two journal records."""
    written = _written(settings)
    return {move.what: max(_gap_ms(times, move) for times in written.values()) / 1000 for move in moves}


def _gap_ms(times: Sequence[int], move: Move) -> int:
    """The longest time within the move in which nothing was written."""
    within = [move.began_ms, *(at for at in times if move.began_ms < at < move.ended_ms), move.ended_ms]
    return max(later - sooner for sooner, later in pairwise(within))


def _written(settings: Settings) -> dict[int, list[int]]:
    """When each journal record was sent, by partition. A worker that was cut off sends its last batch when it is back: no record of the
    chain, and older than what stands before it, so it is left out."""
    consumer = Consumer(settings.kafka(group_id="bench.scale-out", isolation_level="read_committed", enable_auto_commit=False))
    places = [TopicPartition(JOURNAL, number, 0) for number in range(settings.partitions)]
    left = {place.partition: consumer.get_watermark_offsets(place, _READ_S)[1] for place in places}
    consumer.assign(places)
    written: dict[int, list[int]] = {number: [] for number in left}
    deadline = time.monotonic() + _READ_S
    while any(at.offset < left[at.partition] for at in consumer.position(places)):
        if time.monotonic() > deadline:
            raise TimeoutError(f"the journal was not read within {_READ_S:.0f} s")
        for message in consumer.consume(1_000, 0.5):
            if message.error() is None:
                times, at_ms = written[message.partition() or 0], message.timestamp()[1]
                if not times or at_ms >= times[-1]:
                    times.append(at_ms)
    consumer.close()
    return written


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    sys.exit(main())
