"""Following the chain: the first record that extends it wins, whoever wrote it."""

from typing import Any

from bench.oracle.journal import follow
from bench.oracle.kafka import Raw
from tests.bench.found import chained

SOURCES = ["credit.payments.v1", "bank.settlements.v1", "hms.operations.v1", "hms.clock.v1"]


def record(*entries: list[Any], done: int = 0) -> list[Any]:
    """A record of partition 0; sequence and hash are put in by `chained`."""
    return [1, 0, 0, "", 1, SOURCES, [9, 9, 9, 9], done, list(entries)]


def entry(source: int, offset: int, effects: int = 1, ordinal: int = 0) -> list[Any]:
    """An entry with so many consents."""
    return [source, offset, f"e{offset}", "tick.v1", 1, "CR-1", [["consent", "sms", True, "", "", ""]] * effects, ordinal]


def placed(*values: bytes | None) -> list[Raw]:
    """Messages of the journal in this order."""
    return [Raw("ledger.journal.v1", 0, offset, 1, None, value, ()) for offset, value in enumerate(values)]


def test_what_does_not_extend_the_chain_is_a_stray() -> None:
    good = [raw.value for raw in chained([record(entry(0, n)) for n in range(3)])]
    zombie = [raw.value for raw in chained([record(entry(0, n)) for n in (0, 7, 8)])]
    assert zombie[0] == good[0]
    chain = follow(placed(good[0], b"no record", good[1], zombie[1], zombie[2], good[1], None, good[2]))[0]
    assert [sealed.offset for sealed in chain.records] == [0, 2, 7]
    assert [group.offset for group in chain.groups] == [0, 1, 2]
    assert chain.strays == 5


def test_a_tick_spread_over_records_is_one_group_even_with_others_in_between() -> None:
    records = [record(entry(3, 5, 2), done=2), record(entry(0, 1), entry(3, 5, 3, ordinal=2)), record(entry(0, 2))]
    groups = follow(chained(records))[0].groups
    assert [(group.topic, group.offset, len(group.facts), group.whole) for group in groups] == [
        ("hms.clock.v1", 5, 5, True),
        ("credit.payments.v1", 1, 1, True),
        ("credit.payments.v1", 2, 1, True),
    ]


def test_an_event_that_begins_again_is_two_groups_and_one_with_a_gap_is_not_whole() -> None:
    again = follow(chained([record(entry(0, 1)), record(entry(0, 1))]))[0].groups
    assert [group.offset for group in again] == [1, 1]
    [gap] = follow(chained([record(entry(3, 5, 2)), record(entry(3, 5, 1, ordinal=3))]))[0].groups
    assert not gap.whole


def test_positions_are_those_of_clickhouse() -> None:
    chain = follow(chained([record(entry(0, 0)), record(entry(0, 1, 2), entry(0, 2))]))[0]
    assert [group.position for group in chain.groups] == [0, 1 << 20, (1 << 20) + 3]
    assert [fact.position for fact in chain.facts()] == [1, (1 << 20) + 1, (1 << 20) + 2, (1 << 20) + 4]
