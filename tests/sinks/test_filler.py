"""What the filler says of itself between two blocks."""

from typing import Any

from prometheus_client import CollectorRegistry

from journal.chain import Place
from journal.settings import Settings
from ledger import effects as fx
from sinks.clickhouse.filler import Filler
from sinks.clickhouse.metrics import SinkMetrics
from tests.sinks.records import Journal, entry


class Nothing:
    """Tables that hold nothing, and a reader that was never here."""

    def stored(self, _partitions: object) -> dict[int, Any]:
        return {}

    def rows_from(self, _partition: int, _sequence: int) -> int:
        return 0

    def committed(self, partitions: list[int]) -> dict[int, Any]:
        return dict.fromkeys(partitions)


def filler() -> Filler:
    """One that has partition 0 from its beginning."""
    nothing: Any = Nothing()
    found = Filler(Settings(), nothing, str, SinkMetrics(CollectorRegistry()), monotonic_s=lambda: 100.0)
    assert found.assigned(nothing, [0]) == {0: Place()}
    return found


def test_what_waits_to_join_a_block_is_counted_until_it_does_or_is_let_go() -> None:
    found, journal = filler(), Journal()
    first, second, third = (journal.append(entry(fx.Refused("DUPLICATE"), offset=offset)) for offset in range(3))
    assert found.gather([first]) == len(first.value)
    assert found.gather([second]) == len(first.value) + len(second.value)
    reader: Any = Nothing()
    found.work(reader)
    assert found.gather([third]) == len(third.value)
    found.revoke_all()
    assert found.gather([]) == 0
