"""What a start knows from the log."""

from datetime import UTC, datetime

from sinks.outbox.events import (
    Attempt,
    DeliveryAttempted,
    EnableWish,
    EndpointEnabled,
    LogEvent,
    ReplayEnd,
    ReplayEnded,
    ReplayRequested,
    ReplayWish,
)
from sinks.outbox.kafka import Plan
from sinks.outbox.lane import Lane
from sinks.outbox.memory import Memory, Place, place_of

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
PAIRS = Plan("outbox", "log", "group", "/source", 4, 4)
ONE = Plan("outbox", "log", "group", "/source", 1, 4)


def event(words: str) -> LogEvent:
    """`replay r1`, `ended r1 2`, `enabled`, or an attempt: `partition offset outcome endpoint`."""
    fields = {"id": words.split()[-1], "time": AT, "source": "/test"}
    match words.split():
        case ["replay", request]:
            return ReplayRequested(**{**fields, "id": request}, data=ReplayWish(since=AT, until=AT))  # type: ignore[arg-type]
        case ["ended", request, partition]:
            return ReplayEnded(**fields, data=ReplayEnd(request=request, partition=int(partition), deliveries=1))  # type: ignore[arg-type]
        case ["enabled"]:
            return EndpointEnabled(**fields, data=EnableWish())  # type: ignore[arg-type]
        case [partition, offset, outcome, endpoint]:
            place = {"partition": int(partition), "offset": int(offset), "endpoint": endpoint, "outcome": outcome, "number": 1}
            data = Attempt(credit_reference="a", delivery_id="d", transaction_id="t", **place)  # type: ignore[arg-type]
            return DeliveryAttempted(**fields, data=data)  # type: ignore[arg-type]
    raise AssertionError(words)


def memory(plan: Plan, *said: str) -> Memory:
    found = Memory(plan, 0, lambda endpoint: endpoint == "ours")
    for offset, words in enumerate(said):
        found.hear(offset, event(words))
    return found


HISTORIES = """
the log                                                        gone   tried    replays
0 5 delivered ours                                             no     5        -
0 5 gone ours                                                  yes    5        -
0 5 gone another                                               no     5        -
0 5 gone ours, enabled                                         no     5        -
0 5 gone ours, enabled, 0 5 gone ours                          yes    5        -
1 5 delivered ours, 0 7 failed ours                            no     7        -
replay r1                                                      no     -        r1@0
replay r1, 0 5 delivered ours, replay r2                       no     5        r1@0 r2@2
replay r1, ended r1 0, replay r2                               no     -        r2@2
ended r1 0                                                     no     -        -
"""


def test_a_log_is_folded() -> None:
    for line in HISTORIES.strip().splitlines()[1:]:
        said, gone, tried, replays = (part.strip() for part in line.split("  ") if part.strip())
        found = memory(PAIRS, *said.split(", "))
        assert found.gone is (gone == "yes"), line
        assert " ".join(map(str, found.tried[0])) == tried.replace("-", ""), line
        assert " ".join(f"{request}@{wish.log_offset}" for (request, _), wish in found.wishes.items()) == replays.replace("-", ""), line


def test_a_log_of_one_partition_speaks_of_all() -> None:
    found = memory(ONE, "3 9 delivered ours", "replay r1", "ended r1 2")
    assert {partition for partition, tried in found.tried.items() if tried} == {3}
    assert {partition for _, partition in found.wishes} == {0, 1, 3}


def test_a_replay_that_is_not_finished_keeps_its_request_within_what_is_read_again() -> None:
    wish = memory(PAIRS, "0 1 delivered ours", "replay r1").wishes["r1", 0]
    lane = Lane(0, 10, 0, {})
    assert place_of(lane, [], 50) == Place(10, 50)
    assert place_of(lane, [wish], 50) == Place(10, 1)
