"""How fast Nacha files are read, checked and written, on one core.

    python -m bench.ach [entries]

Read and validate is `ach.examine`: every record checked, nothing kept. Read into values makes every entry an object. The
peak is what Python and numpy allocate while a file streams through in pieces of 64 KiB. The comparison figure is
moov-io/ach (Go), which reads and validates 500,000 PPD entries in 1.42 s on this class of machine.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date, datetime

from rich.console import Console
from rich.table import Table

from ach.builder import Route
from ach.cutting import cut
from ach.examine import examine
from ach.outgoing import Originator, OutgoingEntry
from ach.packing import Limits
from ach.reader import EntryStream, read
from ach.records import File
from ach.writer import write
from ach.zone import NEW_YORK

ENTRIES = 500_000
RUNS = 3
PIECE_BYTES = 65_536
PEER_SECONDS = 1.42
"""moov-io/ach, 500,000 entries"""
HOSPITAL = Originator(company_name="GENERAL HOSPITAL", company_identification="1210428822", odfi_identification="12104288")
ROUTE = Route(immediate_destination="231380104", immediate_origin="121042882")
ROUTING_NUMBERS = ("231380104", "076401251", "121042882", "056005075")


def outgoing(count: int) -> list[OutgoingEntry]:
    """So many instalments due."""
    return [
        OutgoingEntry(
            reference=str(number),
            originator=HOSPITAL,
            sec="PPD",
            description="INSTALMENT",
            effective_date=date(2026, 11, 24),
            transaction_code=27,
            routing_number=ROUTING_NUMBERS[number % 3],
            account=f"{number:012}",
            amount_cents=100 + number * 7919 % 500_000,
            name=f"Patient {number}",
        )
        for number in range(1, count + 1)
    ]


def build(entries: list[OutgoingEntry]) -> tuple[File, ...]:
    """One file of all of them."""
    made = cut(ROUTE, entries, created=datetime(2026, 11, 23, 9, 30, tzinfo=NEW_YORK), limits=Limits(lines_max=0))
    assert not made.refused
    return made.files


def pieces(data: bytes) -> Iterator[bytes]:
    """The file as it streams in."""
    return (data[at : at + PIECE_BYTES] for at in range(0, len(data), PIECE_BYTES))


def seconds(work: Callable[[], object]) -> float:
    """The best of a few runs, wall clock: what the code needs when nothing else runs."""
    taken = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return min(taken)


def peak_mb(work: Callable[[], object]) -> float:
    """The most memory allocated at once."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    entries = outgoing(count)
    (file,) = build(entries)
    data = write(file)
    assert examine(data).totals.entries == count
    table = Table("work", "entries", "seconds", "entries/s", title=f"Nacha files, {len(data) / 1e6:.0f} MB, one core")
    for name, size, work in (
        ("read and validate, whole", count, lambda: examine(data)),
        ("read and validate, streaming", count, lambda: examine(pieces(data))),
        ("read into values", count, lambda: read(data)),
        ("stream of values", count, lambda: sum(1 for _ in EntryStream(pieces(data)))),
        ("write", count, lambda: write(file)),
        ("build, write: 200,000 at most", min(count, 200_000), lambda: list(map(write, build(entries[:200_000])))),
    ):
        taken = seconds(work)
        table.add_row(name, f"{size:,}", f"{taken:.3f}", f"{size / taken:,.0f}")
    table.add_row("moov-io/ach (Go), read and validate", f"{ENTRIES:,}", f"{PEER_SECONDS}", f"{ENTRIES / PEER_SECONDS:,.0f}")
    console = Console()
    console.print(table)
    console.print(f"peak while streaming: {peak_mb(lambda: examine(pieces(data))):.1f} MB")


if __name__ == "__main__":
    main()
