"""What one event costs on the way through the worker, step by step and by type: the load's mix, one process, no broker.

    python -m bench.ledger [--payments 20000] [--accounts 10000] [--runs 3]

Every step is timed over a whole batch, type by type; the best of the runs counts, in microseconds of CPU time, so that
whatever else the machine does is left out. What is not here: Kafka clients, Faust, the hop between threads.
"""

import argparse
import gc
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from confluent_kafka import TIMESTAMP_LOG_APPEND_TIME, Message
from rich.console import Console
from rich.table import Table

from journal import topics
from journal.settings import Settings
from ledger.record import Entry
from simulator.load import START_MS, payments
from streams.engine.log import PartitionLog
from streams.engine.machine import Bad, Position
from streams.poster import Poster

BATCH_EVENTS = 1000
STEPS = ("decode", "decide + evolve", "encode", "seal", "outputs", "replay")
OF_A_WORKER = STEPS[:-1]
"""replay is what recovery does"""
YEAR_MS = 366 * 86_400_000
Sent = tuple[int, Message]


class Costs:
    """CPU nanoseconds by step and type of event."""

    def __init__(self) -> None:
        self.spent: Counter[tuple[str, str]] = Counter()
        self.events: Counter[str] = Counter()
        self.journal_bytes = 0

    def timed(self, step: str, kind: str, work: Callable[[], Any]) -> Any:
        """Do some work and note what it took."""
        begin = time.thread_time_ns()
        answer = work()
        self.spent[step, kind] += time.thread_time_ns() - begin
        return answer

    def per_event(self, step: str, kind: str) -> float:
        """Microseconds."""
        return self.spent[step, kind] / 1000 / self.events[kind]


def messages(count: int, accounts: int) -> list[Sent]:
    """The load's messages with their source, as the fetcher hands them on."""
    offsets: Counter[int] = Counter()
    found: list[Sent] = []
    for topic, key, value in payments(7, accounts, count, event_us=50_000):
        source = topics.INPUTS.index(topic)
        stamp = (TIMESTAMP_LOG_APPEND_TIME, START_MS + YEAR_MS)
        found.append((source, Message(topic=topic, partition=0, offset=offsets[source], key=key, value=value, timestamp=stamp)))
        offsets[source] += 1
    return found


def run(found: Sequence[Sent]) -> Costs:
    """One pass over all messages with an empty book at its beginning."""
    poster, costs = Poster(Settings(partitions=1)), Costs()
    book, again = poster.open(0), poster.open(0)
    log = PartitionLog(0, book, topics.INPUTS)
    by_kind: dict[str, list[Sent]] = defaultdict(list)
    for source, message in found:
        event = poster.decode(book, source, message)
        assert not isinstance(event, Bad), event
        by_kind[str(event.__struct_config__.tag)].append((source, message))
    # mandates and balances come before payments, payments before settlements: the same histories, type by type
    order = sorted(by_kind, key=lambda kind: found.index(by_kind[kind][0]))
    for kind in order:
        for start in range(0, len(by_kind[kind]), BATCH_EVENTS):
            _batch(by_kind[kind][start : start + BATCH_EVENTS], kind, poster, book, again, log, costs)
    return costs


def _batch(batch: Sequence[Sent], kind: str, poster: Poster, book: Any, again: Any, log: PartitionLog, costs: Costs) -> None:
    decoded = costs.timed("decode", kind, lambda: [poster.decode(book, source, message) for source, message in batch])
    places = [Position(source, message.offset() or 0, message.timestamp()[1]) for source, message in batch]

    def decided() -> list[Entry]:
        entries: list[Entry] = []
        for event, place in zip(decoded, places, strict=True):
            made = poster.apply(book, event, place, 0)
            assert not isinstance(made, Bad), made
            entries += made
        return entries

    entries = costs.timed("decide + evolve", kind, decided)
    encoded = costs.timed("encode", kind, lambda: [poster.encode(entry) for entry in entries])
    sealed = costs.timed("seal", kind, lambda: log.seal(entries, encoded, 0))
    costs.timed("outputs", kind, lambda: list(poster.outputs(0, topics.INPUTS, entries)))

    def replayed() -> None:
        for entry in entries:
            poster.replay(again, entry)

    costs.timed("replay", kind, replayed)
    costs.events[kind] += len(batch)
    costs.journal_bytes += len(sealed.value)


def best(runs: Sequence[Costs]) -> Costs:
    """For every step and type the least that a run needed."""
    least = runs[0]
    least.spent = Counter({key: min(costs.spent[key] for costs in runs) for key in least.spent})
    return least


def table(costs: Costs) -> Table:
    """Microseconds an event, by type, and the mean of the mix."""
    shown = Table("event", "share", *STEPS, "worker", title="CPU microseconds per event")
    total = costs.events.total()
    mean = dict.fromkeys(STEPS, 0.0)
    for kind, count in costs.events.items():
        row = {step: costs.per_event(step, kind) for step in STEPS}
        for step in STEPS:
            mean[step] += row[step] * count / total
        shown.add_row(kind, f"{count / total:.0%}", *_figures(row))
    shown.add_section()
    shown.add_row("the mix", "", *_figures(mean))
    return shown


def _figures(row: Mapping[str, float]) -> list[str]:
    return [*(f"{row[step]:.1f}" for step in STEPS), f"{sum(row[step] for step in OF_A_WORKER):.1f}"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--payments", type=int, default=20_000)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    found = messages(options.payments, options.accounts)
    gc.disable()  # the worker freezes what lives long, and collects rarely
    costs = best([run(found) for _ in range(options.runs)])
    console = Console(width=120)
    console.print(table(costs))
    console.print(f"{len(found):,} events, {options.accounts:,} accounts, {costs.journal_bytes / len(found):.0f} journal bytes per event")


if __name__ == "__main__":
    main()
