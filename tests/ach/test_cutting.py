"""A cut gives files a bank accepts, the same every time."""

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ach.cutting import cut
from ach.packing import Limits
from ach.reader import read
from ach.validator import preflight
from ach.writer import write
from ach.zone import NEW_YORK
from tests.ach.test_builder import BALANCED, HOSPITAL, ROUTE, outgoing

CREATED = datetime(2026, 11, 23, 9, 30, tzinfo=NEW_YORK)


def test_the_same_entries_give_the_same_bytes() -> None:
    entries = [outgoing(str(n), amount_cents=n) for n in range(1, 200)]
    first = cut(ROUTE, entries, created=CREATED)
    again = cut(ROUTE, list(entries), created=CREATED)
    assert [write(file) for file in first.files] == [write(file) for file in again.files]
    assert first == again


def test_files_go_on_with_modifier_and_traces() -> None:
    first = cut(ROUTE, [outgoing("1"), outgoing("2")], created=CREATED)
    second = cut(
        ROUTE,
        [outgoing("3")],
        created=CREATED,
        file_of_day=first.next_file_of_day,
        next_sequence=first.next_sequence,
    )
    assert [sent.file_id_modifier for sent in first.sent + second.sent] == ["A", "A", "B"]
    traces = [sent.trace_number for sent in first.sent + second.sent]
    assert traces == sorted(set(traces))


def test_nothing_to_send_makes_no_file() -> None:
    made = cut(ROUTE, [outgoing("1", amount_cents=0)], created=CREATED)
    assert made.files == ()
    assert len(made.refused) == 1


def test_a_file_limit_splits_the_cut() -> None:
    entries = [outgoing(str(n)) for n in range(100)]
    made = cut(ROUTE, entries, created=CREATED, limits=Limits(lines_max=30))
    assert all(len(write(file)) // 95 <= 30 for file in made.files)
    assert [file.header.file_id_modifier for file in made.files if file.header] == list("ABCD")
    assert {sent.reference for sent in made.sent} == {str(n) for n in range(100)}


def test_a_month_end_of_full_files_stays_within_the_days_modifiers() -> None:
    entries = [outgoing(str(n)) for n in range(1, 2001)]
    made = cut(ROUTE, entries, created=CREATED, limits=Limits(lines_max=100))
    assert len(made.files) == -(-2000 // 96)
    assert {len(write(file)) // 95 for file in made.files[:-1]} == {100}
    plus = [outgoing(str(n), sec="CCD", payment_information="RMR*IV*1") for n in range(1, 1001)]
    made = cut(ROUTE, plus, created=CREATED, limits=Limits(lines_max=100))
    assert len(made.files) == -(-1000 // 48)


KINDS = st.sampled_from(
    [
        {},
        {"description": "RETRY PYMT"},
        {"transaction_code": 22, "description": "REFUND"},
        {"sec": "WEB", "payment_type": "R"},
        {"sec": "TEL", "payment_type": "S"},
        {"sec": "CCD", "payment_information": "RMR*IV*4711**12.34\\"},
        {"sec": "CTX", "payment_information": "ST*820*0001"},
        {"transaction_code": 28, "amount_cents": 0, "description": "PRENOTE"},
        {"originator": BALANCED},
        {"originator": replace(HOSPITAL, company_identification="9999999999")},
        {"name": "Łukasz Żółć-O'Neil"},
        {"transaction_code": 52, "description": "REVERSAL"},
    ]
)


@settings(max_examples=60)
@given(st.lists(st.tuples(KINDS, st.integers(1, 9_999_999_999)), min_size=1, max_size=40), st.sampled_from([0, 20, 60]))
def test_every_file_we_make_passes_the_strictest_reading(rows: list[tuple[dict[str, object], int]], lines_max: int) -> None:
    entries = [outgoing(str(at), **({"amount_cents": cents} | kind)) for at, (kind, cents) in enumerate(rows)]
    made = cut(ROUTE, entries, created=CREATED, limits=Limits(lines_max=lines_max), entries_per_batch=12)
    assert made.refused == ()
    assert len(made.sent) == len(entries)
    for file in made.files:
        data = write(file)
        assert preflight(data) == ()
        assert read(data).file == file
