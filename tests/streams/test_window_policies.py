"""Where a restart begins to count, and which book was in force there."""

import msgspec
import pytest

from ledger.hospital_events import HospitalPayment, HospitalPolicy
from streams.window_policies import FROM_THE_BEGINNING, Noted, Start, policy_in, reach_ms, start_of

WHOLE = Noted(0, FROM_THE_BEGINNING)
FIRST, SECOND, OTHER = Noted(0, 5, "first"), Noted(0, 90, "second"), Noted(1, 7, "other")

CASES = [
    ([], 100, Start()),
    ([FIRST, SECOND], 100, Start()),  # nobody has read this partition from the beginning
    ([OTHER, Noted(1, FROM_THE_BEGINNING)], 100, Start()),
    ([WHOLE], 100, Start(100, noted=True)),
    ([WHOLE, FIRST, OTHER], 100, Start(100, "first", noted=True)),
    ([WHOLE, SECOND, FIRST, FIRST], 100, Start(100, "second", noted=True)),
    ([WHOLE, FIRST, SECOND], 90, Start(90, "first", noted=True)),  # the second is read again as an event
    ([WHOLE, FIRST], 5, Start(5, noted=True)),
]


@pytest.mark.parametrize(("notes", "oldest", "start"), CASES)
def test_the_start(notes: list[Noted], oldest: int, start: Start) -> None:
    assert start_of(notes, 0, oldest) == start


def test_how_far_back_a_rebuild_reads() -> None:
    days = {span: reach_ms([("hospital", span)]) // 86_400_000 for span in ("1m", "7d", "30d", "90d")}
    assert days == {"1m": 9, "7d": 9, "30d": 32, "90d": 92}
    assert reach_ms([]) == 9 * 86_400_000


def test_a_note_is_read_as_it_was_written() -> None:
    assert msgspec.json.decode(msgspec.json.encode(FIRST), type=Noted) == FIRST


def test_the_last_book_of_a_message() -> None:
    payment = HospitalPayment("policy", "CR-1", 1, "H1", "P1", 5)
    assert policy_in(msgspec.json.encode([payment, HospitalPolicy("a"), HospitalPolicy("b")])) == "b"
    assert policy_in(msgspec.json.encode([payment])) == ""
    assert [policy_in(value) for value in (None, b"", b'{not "policy"', b'["policy"]')] == ["", "", "", ""]
