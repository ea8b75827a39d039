"""A block in the making."""

import pytest

from journal.chain import Place
from ledger import effects as fx
from sinks.clickhouse.lane import BLOCK_BYTES, BLOCK_SECONDS, Lane, patience
from tests.sinks.records import Journal, entry


def test_a_block_is_due_when_its_first_record_has_waited_long_enough() -> None:
    journal, lane = Journal(), Lane(0, Place())
    assert not lane.is_due(100.0)
    lane.add(journal.append(entry(fx.Refused("DUPLICATE"))), 100.0)
    lane.add(journal.append(entry(fx.Refused("DUPLICATE"))), 100.9)
    assert not lane.is_due(100.0 + BLOCK_SECONDS - 0.01)
    assert lane.is_due(100.0 + BLOCK_SECONDS)
    assert not lane.is_full()
    assert lane.token() == "journal:0:0-1"


def test_a_block_is_full_at_its_size() -> None:
    journal, lane = Journal(2), Lane(2, Place())
    big = fx.PolicyActivated("default@1", "x" * (BLOCK_BYTES // 2))
    lane.add(journal.append(entry(big)), 0.0)
    assert not lane.is_full()
    lane.add(journal.append(entry(big)), 0.0)
    assert lane.is_full()
    assert lane.is_due(0.0)


def test_after_a_crash_the_block_ends_where_it_ended_then() -> None:
    journal, lane = Journal(), Lane(0, Place(), last=1)
    lane.add(journal.append(entry(fx.PolicyActivated("default@1", "x" * BLOCK_BYTES))), 0.0)
    assert not lane.is_full()
    assert not lane.is_due(1e9)
    lane.add(journal.append(entry(fx.Refused("DUPLICATE"))), 0.0)
    assert lane.is_full()
    assert lane.is_due(0.0)


def test_the_next_block_begins_behind_the_last_record() -> None:
    journal, lane = Journal(), Lane(0, Place(), last=0)
    accepted = journal.append(entry(fx.Refused("DUPLICATE")))
    lane.add(accepted, 0.0)
    following = lane.next()
    assert (following.start, following.records, following.last) == (accepted.place, [], None)


PATIENCE = """
one block takes   lanes   newest is old   wait
0.001             8       60              1.0    next to nothing: a second
0.05              8       60              1.0    eight blocks in 0.4 s, two fifths of a second
0.1               8       60              2.0
0.1               2       60              1.0
1.0               8       60              6.0    never longer
1.0               8       0.2             1.0    no backlog: whoever looks should see the last second
"""


@pytest.mark.parametrize("line", PATIENCE.strip().splitlines()[1:])
def test_blocks_wait_longer_when_storing_them_takes_the_sinks_time(line: str) -> None:
    takes, lanes, age, wait = line.split()[:4]
    assert patience(float(takes), int(lanes), float(age)) == pytest.approx(float(wait))


QUIET = """
joined at           waits until, with a patience of 6 s
0                   1.0     nothing follows: the stream is at its end
0 0.9               1.2     quiet for 0.3 s since
0 0.9 1.8 2.0       2.3
0 .2 .4 .6 .8 1     1.3
"""


@pytest.mark.parametrize("line", QUIET.strip().splitlines()[1:])
def test_a_block_that_nothing_joins_is_not_patient(line: str) -> None:
    joined, due = line[:20].split(), float(line[20:].split()[0])
    journal, lane = Journal(), Lane(0, Place())
    for at in joined:
        lane.add(journal.append(entry(fx.Refused("DUPLICATE"))), float(at))
    assert not lane.is_due(due - 0.01, 6.0)
    assert lane.is_due(due + 0.001, 6.0)
