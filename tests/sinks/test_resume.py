"""Where the sink goes on: what Kafka says was done against what the tables hold."""

import pytest

from journal.chain import Place
from ledger.record import Link
from sinks.clickhouse.resume import Resume, SinkError, Stored, pending_last, pending_note, resume

# Committed is the number of records that were stored and committed; pending is the last record of the block offered then.
CASES = """
committed  pending  stored  unfinished  answer
none       -        0       0           from 0
none       -        7       0           from 7              Kafka has forgotten the offset, the tables have not
none       -        7       3           unfinished block
none       -        0       3           unfinished block
0          -        0       0           from 0
0          4        0       0           from 0, block to 4  announced, nothing or a part of it stored
0          4        5       0           from 0, block to 4  all of it stored
7          -        7       0           from 7
7          9        7       0           from 7, block to 9
7          9        10      0           from 7, block to 9
7          9        9       0           disagree            a block is stored whole or not at all
7          -        6       0           disagree            the tables lost a record
7          -        0       0           disagree            the tables are gone
7          -        8       0           disagree            stored without being announced
7          3        7       0           is pending at        a note from nowhere
"""


def stored(count: int) -> Stored | None:
    return Stored(count, count - 1, count + 99, f"hash-{count}") if count else None


def place(count: int) -> Place:
    return Place(count + 100, Link(count, f"hash-{count}"))


@pytest.mark.parametrize("line", CASES.strip().splitlines()[1:])
def test_where_to_go_on(line: str) -> None:
    committed, pending, held, unfinished = line.split()[:4]
    answer = line[39:59].strip()
    note = "" if pending == "-" else pending_note(int(pending))
    given = None if committed == "none" else (place(int(committed)), note)
    if not answer.startswith("from"):
        with pytest.raises(SinkError, match=f"{answer}.*hms-ach rebuild"):
            resume(3, given, stored(int(held)), int(unfinished))
        return
    found = resume(3, given, stored(int(held)), int(unfinished))
    last = int(pending) if "block" in answer else None
    begin = int(answer.split()[1].rstrip(","))
    assert found == Resume(place(begin) if begin or given else Place(), last)


def test_records_that_are_there_twice_or_not_at_all_are_refused() -> None:
    with pytest.raises(SinkError, match="holds 8 records of journal partition 3 up to number 6, which should be 7"):
        resume(3, (place(7), ""), Stored(8, 6, 106, "hash-7"))


def test_another_journal_is_refused() -> None:
    with pytest.raises(SinkError, match="record 6 is another one"):
        resume(3, (place(7), ""), Stored(7, 6, 106, "hash-of-another"))


def test_the_note_comes_back() -> None:
    assert pending_note(41) == "pending:41"
    assert (pending_last("pending:41"), pending_last(""), pending_last("something else")) == (41, None, None)
