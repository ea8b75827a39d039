"""Windows of hospitals and patients, and the alerts of their watches."""

import random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.hospital_events import AnyHospitalEvent, HospitalPayment, HospitalPolicy, HospitalReturn
from rules.hospital import LATE_MS, SPANS_MS, HospitalWindows, kinds_of
from tests.rules.examples import a_book, problems

HOUR_MS = 3_600_000
AT_MS = 1_772_460_000_000 // (24 * HOUR_MS) * 24 * HOUR_MS


def watch(name: str, **more: object) -> str:
    """One `[[watch]]` table."""
    return "\n".join(["[[watch]]", f'name = "{name}"', *(f"{key} = {msgspec.json.encode(value).decode()}" for key, value in more.items())])


BOOK = a_book(
    watch("burst", payments=2), watch("patient-money", of="patient", span="1d", amount="500.00"), watch("back", span="7d", returns=1)
)


def paid(name: str, minute: int = 0, hospital: str = "H1", patient: str = "P1", cents: int = 10_000) -> HospitalPayment:
    return HospitalPayment(name, "CR-1", AT_MS + minute * 60_000, hospital, patient, cents)


def back(name: str, minute: int = 0) -> HospitalReturn:
    return HospitalReturn(name, "CR-1", AT_MS + minute * 60_000, "H1", "P1", 10_000)


def told(book: str, *events: AnyHospitalEvent) -> list[tuple[str, str]]:
    """Watch and subject of every alert."""
    windows = HospitalWindows(book)
    return [(alert.watch.name, alert.subject) for event in events for alert in windows.take(event)]


def test_the_payment_beyond_the_usual_raises_the_alert_and_no_other_does() -> None:
    assert told(BOOK, paid("a"), paid("b")) == []
    assert told(BOOK, paid("a"), paid("b"), paid("c"), paid("d"), paid("e")) == [("burst", "H1")]
    assert told(BOOK, paid("a"), paid("b"), paid("c", 61), paid("d", 62)) == []  # two hours
    assert told(BOOK, paid("a"), paid("b"), paid("c", hospital="H2")) == []  # two hospitals


def test_money_and_returns_are_watched_too() -> None:
    assert told(BOOK, paid("a", cents=50_000), paid("b", 90, cents=1)) == [("patient-money", "P1")]
    assert told(BOOK, paid("a", cents=50_000), paid("b", 90, cents=1, patient="P2")) == []
    assert told(BOOK, back("a"), back("b", 600)) == [("back", "H1")]


def test_the_largest_payment_and_different_accounts_are_watched() -> None:
    book = a_book(watch("large", largest="200.00"), watch("many", of="patient", span="1d", accounts=2))
    of = [replace(paid(name), account=account) for name, account in zip("abcd", ("CR-1", "CR-2", "CR-1", "CR-2"), strict=True)]
    assert told(book, *of) == []
    assert told(book, *of, paid("e", cents=20_000), paid("f", cents=20_001)) == [("large", "H1")]
    assert told(book, *of, replace(paid("e"), account="CR-3"), replace(paid("f"), account="CR-4")) == [("many", "P1")]
    windows = HospitalWindows(book)
    (alert,) = [alert for event in (*of, replace(paid("e"), account="CR-3")) for alert in windows.take(event)]
    assert alert.explanation.startswith("Patient P1 at hospital H1 had payments of 3 accounts; more than 2 is unusual in the day")


def test_a_sentence_says_who_what_and_when() -> None:
    windows = HospitalWindows(BOOK)
    (alert,) = [alert for name in "abc" for alert in windows.take(paid(name))]
    assert alert.explanation == "Hospital H1 had 3 payments; more than 2 is unusual in the hour from 2026-03-02 00:00 UTC."
    assert (alert.policy, alert.start_ms, alert.event.transaction_id) == ("test@1", AT_MS, "c")


def test_an_event_that_is_repeated_counts_once() -> None:
    assert told(BOOK, paid("a"), paid("a"), paid("b"), paid("b")) == []
    assert told(BOOK, back("a"), back("a")) == []
    assert told(BOOK, back("a"), back("a", 2000)) == [("back", "H1")]  # presented again and returned again


def test_what_comes_late_counts_in_its_window_for_a_day() -> None:
    late = [paid("a"), paid("b"), paid("x", 25 * 60 - 1), paid("c")]
    assert told(BOOK, *late) == [("burst", "H1")]
    windows = HospitalWindows(BOOK)
    for event in (paid("a"), paid("x", (HOUR_MS + LATE_MS) // 60_000), paid("b")):
        windows.take(event)
    assert windows.counts("H1", "1h", AT_MS).payments == 0  # forgotten
    assert windows.counts("H1", "1d", AT_MS).payments == 2


def test_a_rule_book_counts_from_its_place_on_and_an_unreadable_one_changes_nothing() -> None:
    strict = HospitalPolicy(BOOK.replace("payments = 2", "payments = 1").replace("version = 1", "version = 2"))
    assert told(BOOK, paid("a"), paid("b"), strict, paid("c")) == [("burst", "H1")]
    assert told(BOOK, strict, paid("a"), paid("b")) == [("burst", "H1")]
    assert told(BOOK, HospitalPolicy("no book"), paid("a"), paid("b")) == []


EVENTS = st.lists(
    st.builds(
        paid,
        st.sampled_from("abcdefgh"),
        st.integers(0, 20 * 60),
        st.sampled_from(["H1", "H2"]),
        st.sampled_from(["P1", "P2"]),
        st.integers(1, 60_000),
    ),
    max_size=40,
    unique_by=lambda event: (event.transaction_id, event.at_ms),
)


@given(EVENTS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_counts_are_those_of_a_list_and_do_not_depend_on_order(events: list[HospitalPayment], chance: random.Random) -> None:
    shuffled = events[:]
    chance.shuffle(shuffled)
    book = a_book(*(watch(f"every-{span}", span=span, payments=5) for span in SPANS_MS))
    first, second = HospitalWindows(book), HospitalWindows(book)
    ids = {alert.id for event in events for alert in first.take(event)}
    again = {alert.id for event in shuffled for alert in second.take(event)}
    assert ids == again
    for event in events:
        for span, span_ms in SPANS_MS.items():
            same = [each for each in events if each.hospital_id == event.hospital_id and each.at_ms // span_ms == event.at_ms // span_ms]
            for windows in (first, second):
                found = windows.counts(event.hospital_id, span, event.at_ms)
                assert (found.payments, found.cents) == (len(same), sum(each.cents for each in same))


def test_the_shortest_and_the_longest_spans_are_counted_when_a_watch_asks_for_them() -> None:
    book = a_book(watch("minute", span="1m", payments=1), watch("quarter", of="patient", span="90d", payments=2))
    assert told(book, paid("a"), paid("b", 1), paid("c", 40 * 1440, patient="P2")) == []
    assert told(book, paid("a"), paid("b")) == [("minute", "H1")]
    assert told(book, paid("a"), paid("b", 1440), paid("c", 2880)) == [("quarter", "P1")]
    windows = HospitalWindows(book)
    for event in (paid("a"), paid("b", 1440)):
        windows.take(event)
    assert (windows.counts("H1", "90d", AT_MS).payments, windows.counts("H1", "90d", AT_MS, "P1").payments) == (0, 2)


def test_windows_know_what_they_have_not_counted_from_the_first() -> None:
    quarter = a_book(watch("quarter", span="90d", payments=2), watch("hour", payments=2))
    windows = HospitalWindows(BOOK)
    assert windows.lacks == kinds_of(()) == frozenset()
    windows.take(HospitalPolicy(quarter))
    assert windows.lacks == {("hospital", "90d")}
    whole = HospitalWindows(BOOK, windows.lacks)
    for event in (paid("a"), paid("b"), HospitalPolicy(quarter)):
        whole.take(event)
    assert whole.lacks == frozenset()
    assert [alert.watch.name for alert in whole.take(paid("c"))] == ["quarter", "hour"]


def test_the_lint_knows_watches() -> None:
    wrong = a_book(watch("one"), watch("two", payments=1, span="2h"), watch("two", returns=1, of="city"))
    assert [message for _, message in problems(wrong)] == [
        "watch one: it watches nothing",
        "watch two, span: Invalid enum value '2h'",
        "watch two, name: a second watch is named `two`",
        "watch two, of: Invalid enum value 'city'",
    ]
