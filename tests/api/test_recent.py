"""The journal's latest records in memory."""

from api.recent import Recent
from journal.chain import Accepted, Place
from ledger.record import Link


def record(partition: int, sequence: int, value: bytes) -> Accepted:
    return Accepted(partition, sequence, value, Place(sequence + 1, Link(sequence + 1, "")))


def test_records_stay_until_clickhouse_has_them() -> None:
    recent = Recent()
    for sequence in range(4):
        recent.add(record(0, sequence, b"payment-1"))
    recent.add(record(1, 0, b"payment-1 payment-2"))
    assert len(recent.holding("payment-1")) == 5
    recent.forget({0: 2})
    assert [(found.partition, found.sequence) for found in recent.holding("payment-1")] == [(0, 3), (1, 0)]
    assert [found.partition for found in recent.holding("payment-2")] == [1]
    recent.forget({0: 9, 1: 9, 7: 9})
    assert recent.holding("payment-1") == []
    assert recent.bytes == 0


def test_memory_is_bounded_and_the_fullest_partition_gives_way() -> None:
    recent = Recent(bytes_max=100)
    recent.add(record(0, 0, b"a" * 40))
    for sequence in range(5):
        recent.add(record(1, sequence, b"b" * 30))
    assert recent.bytes <= 100
    assert len(recent.holding("a")) == 1
    assert [found.sequence for found in recent.holding("b")] == [3, 4]
