from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from sinks.ach.filecut import AnswerData, CutAnswered, CutRequested, FileSent, RequestData, SentData, decode, encode
from sinks.ach.ranges import OverlapError
from sinks.ach.state import RailState
from tests.sinks.ach.told import MONDAY, Rail, due


def request(name: str, at: datetime = MONDAY) -> CutRequested:
    return CutRequested(id=name, time=at, data=RequestData())


def test_a_restart_knows_what_the_topic_says() -> None:
    rail, values = Rail(), list[bytes]()
    for number in range(3):
        rail.wait([due(2 * number), due(2 * number + 1)])
        cut = rail.cut({"H01"}, now=MONDAY + timedelta(hours=number))
        values.append(encode(cut.event))
    values.append(encode(FileSent(id="s", time=MONDAY, data=SentData(1, MONDAY))))
    again = RailState()
    assert all(again.apply(decode(value), value) for value in values)
    assert (again.number, again.head, sorted(again.unsent)) == (3, rail.state.head, [2, 3])
    assert again.counters("sandbox", MONDAY, 5) == rail.state.counters("sandbox", MONDAY, 5)
    assert (again.covered.low_water(0), again.heard) == (6, {0: 100, 1: 100})


def test_a_wish_is_granted_once_and_not_when_it_is_old() -> None:
    state = RailState()
    state.apply(request("a"), b"")
    assert (state.wish(MONDAY + timedelta(seconds=3)), state.wish(MONDAY)) == ("a", "")
    state.apply(request("b"), b"")
    assert state.wish(MONDAY + timedelta(minutes=3)) == ""
    state.apply(request("c"), b"")
    state.apply(CutAnswered(id="x", time=MONDAY, data=AnswerData("c")), b"")
    assert state.wish(MONDAY) == "", "a restart does not grant it again"


def test_trace_sequences_begin_again_before_they_run_out() -> None:
    rail = Rail()
    rail.wait([due(1)])
    cut = rail.cut({"H01"}).event.data
    assert (rail.state.counters("sandbox", MONDAY, 100).sequence, cut.next_sequence) == (2, 2)
    assert rail.state.counters("sandbox", MONDAY, 5_000_000).sequence == 1
    tuesday = datetime(2026, 3, 3, 15, tzinfo=UTC)
    assert (rail.state.counters("sandbox", MONDAY, 1).file_of_day, rail.state.counters("sandbox", tuesday, 1).file_of_day) == (1, 0)


def test_two_cuts_of_the_same_entry_stop_the_rail() -> None:
    rail = Rail()
    rail.wait([due(1)])
    cut = rail.cut({"H01"}).event
    later = replace(cut, data=replace(cut.data, number=2, previous=rail.state.head))
    with pytest.raises(OverlapError):
        rail.state.apply(later, encode(later))
