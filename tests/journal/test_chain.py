"""Which messages of the journal's topic are the journal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.chain import RIVALS_MAX, STRAYS_MAX, ChainError, Head, Place, advance, mark, read_head, unmark
from ledger import effects as fx
from ledger.record import GENESIS, VERSION, Link, Record, encode
from tests.sinks.records import Journal, entry


def record(sequence: int, previous: str, text: str = "", partition: int = 0, version: int = VERSION) -> bytes:
    entries = (entry(fx.Refused("DUPLICATE", text)),)
    return encode(Record(version, partition, sequence, previous, 5, ("a",), (1,), 0, entries))


def walk(*values: bytes) -> tuple[Place, list[bool]]:
    place, answers = Place(), []
    for offset, value in enumerate(values):
        place, accepted = advance(place, 0, offset, value)
        answers.append(accepted)
    return place, answers


def chain(count: int) -> list[bytes]:
    journal = Journal()
    return [journal.append(entry(fx.Refused("DUPLICATE", str(n)))).value for n in range(count)]


def test_a_chain_is_accepted_whole() -> None:
    values = chain(5)
    place, answers = walk(*values)
    assert all(answers)
    assert (place.offset, place.link.sequence, place.strays) == (5, 5, ())


def test_the_first_to_append_wins_and_the_zombie_is_skipped_with_all_that_follows_it() -> None:
    good = chain(4)
    late = Link(1).after(good[0])
    zombie = record(1, late.previous, "zombie")
    second = record(2, Link().after(zombie).previous, "zombie goes on")
    third = record(3, Link().after(second).previous, "and on")
    _, answers = walk(good[0], good[1], zombie, second, third, good[2], good[3])
    assert answers == [True, True, False, False, False, True, True]


@pytest.mark.parametrize(
    "junk", [b"", b"{}", b"[1,0,", b"[1,7,0,", b"\x00" * 200, record(0, GENESIS, partition=1), b'[1,0,0,"' + b"0" * 63 + b'",5,']
)
def test_what_is_no_record_of_this_partition_is_skipped(junk: bytes) -> None:
    place, answers = walk(*chain(1), junk)
    assert answers == [True, False]
    assert place.link.sequence == 1


def test_a_missing_record_breaks_the_chain() -> None:
    good = chain(4)
    with pytest.raises(ChainError, match="partition 0, offset 1: record 2 follows on record 0: records are missing"):
        walk(good[0], good[2])


def test_a_journal_that_lost_its_beginning_is_broken() -> None:
    with pytest.raises(ChainError, match="offset 0: record 1 follows on record -1"):
        walk(chain(2)[1])


def test_a_changed_record_breaks_the_chain_soon() -> None:
    good = chain(80)
    good[3] = good[3].replace(b'"3"', b'"8"')
    with pytest.raises(ChainError, match=f"offset {4 + RIVALS_MAX}: 65 records in a row don't extend record 3"):
        walk(*good)


def test_a_record_of_a_newer_program_stops_the_reader() -> None:
    with pytest.raises(ChainError, match=f"record 0 has version {VERSION + 1}"):
        walk(record(0, GENESIS, version=VERSION + 1))


@given(st.integers(0, 12), st.integers(0, 12))
def test_a_reader_that_resumes_from_a_mark_sees_what_one_that_never_stopped_sees(at: int, zombies: int) -> None:
    values: list[bytes] = []
    for value in chain(7):
        values.append(value)
        if len(values) % 3 == zombies % 3:
            values.append(record(0, GENESIS, f"zombie {zombies}"))
    at = min(at, len(values))
    place, _ = walk(*values[:at])
    found = unmark(place.offset, mark(place, "note"))
    assert found is not None
    resumed, note = found
    assert note == "note"
    for offset, value in enumerate(values[at:], at):
        resumed, _ = advance(resumed, 0, offset, value)
    assert resumed.link == walk(*values)[0].link


@pytest.mark.parametrize("text", ["", "{}", "pending:4", '{"sequence":"x","previous":""}', None])
def test_metadata_that_is_no_mark_is_not_guessed_at(text: str | None) -> None:
    assert unmark(5, text) is None


def test_a_mark_fits_kafkas_limit() -> None:
    place, _ = walk(*chain(2), *[b"x" * n for n in range(1, 20)])
    assert len(place.strays) == STRAYS_MAX
    assert len(mark(place, "pending:123456789")) < 1000  # the broker's default is 4096


def test_the_head_is_read_without_the_rest() -> None:
    assert read_head(chain(1)[0][:120]) == Head(VERSION, 0, 0, GENESIS, Journal().append(entry()).record().at_ms)
