"""Envelopes, instants and tokens."""

import re

import pytest

from simulator.message import CREDIT, Entry, iso, message, token
from tests.simulator.reading import event_of


@pytest.mark.parametrize(
    ("at_ms", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_782_939_661_007, "2026-07-01T21:01:01.007Z"),
        (951_782_399_999, "2000-02-28T23:59:59.999Z"),
    ],
)
def test_an_instant_is_told_in_utc_to_the_millisecond(at_ms: int, text: str) -> None:
    assert iso(at_ms) == text


def test_an_event_names_its_account_as_key_subject_and_reference() -> None:
    entry = Entry("CR-1", "t-1", 1, "debit", 100, "H01", 5)
    data = {"transaction_id": "t-1", "reason": "no longer wanted"}
    sent = message("credit.payments.v1", CREDIT, "payment.canceled.v1", "e-1", 1_782_939_661_007, "CR-1", dict(data), entry)
    event = event_of(sent)
    assert (sent.key, event.subject, event.data.credit_reference) == (b"CR-1", "CR-1", "CR-1")
    assert (sent.at_ms, sent.entry, sent.partition) == (1_782_939_661_007, entry, -1)


def test_a_token_is_the_same_for_the_same_parts_and_tells_nothing() -> None:
    assert token("P-", 1, "ann") == token("P-", 1, "ann") != token("P-", 1, "bob")
    assert re.fullmatch(r"P-[0-9a-f]{12}", token("P-", 1, "ann"))
