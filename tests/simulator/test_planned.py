"""The diary."""

from simulator import statements
from simulator.bank import Bank
from simulator.message import Entry, Message
from simulator.outcomes import SETTLED
from simulator.planned import Diary
from tests.simulator.reading import SPAN

ENTRY = Entry("CR-1", "t-1", 1, "debit", 100, "H01", SPAN.start_ms)


def note(at_ms: int, value: bytes = b"") -> Message:
    """A message at an instant."""
    return Message(at_ms, "t", b"k", value)


def test_messages_come_out_by_time_and_ties_in_the_order_of_planning() -> None:
    diary = Diary()
    diary.plan([note(5, b"b"), note(3, b"a"), note(5, b"c")])
    assert diary.next_ms() == 3
    assert [diary.take().value for _ in range(3)] == [b"a", b"b", b"c"]
    assert diary.next_ms() is None


def test_it_goes_on_from_what_was_planned_before() -> None:
    diary = Diary()
    diary.plan([note(5, b"a"), note(5, b"b")], "t-1")
    again = Diary(diary.planned())
    again.plan([note(5, b"c")])
    assert [again.take().value for _ in range(3)] == [b"a", b"b", b"c"]


def test_what_is_said_of_a_withdrawn_payment_is_forgotten() -> None:
    diary = Diary()
    diary.plan([note(1), note(2)], "t-1")
    diary.plan([note(3)], "t-2")
    diary.forget("t-1")
    assert diary.next_ms() == 3
    diary.forget("t-9")
    assert len(diary.planned()) == 1


def test_a_payment_that_the_bank_has_submitted_is_too_late_to_withdraw() -> None:
    for taken, left in ((0, 0), (1, 1)):
        diary = Diary()
        diary.plan(Bank(7, SPAN, {("t-1", 1): SETTLED}).answers(ENTRY), "t-1")
        for _ in range(taken):
            diary.take()
        diary.withdraw("t-1")
        assert len(diary.planned()) == left


def test_answers_are_no_requests() -> None:
    diary = Diary()
    request = statements.failed(ENTRY, 5)._replace(entry=ENTRY)
    diary.plan([request])
    diary.plan([request], "t-1")
    assert [diary.take().entry for _ in range(2)] == [ENTRY, None]
