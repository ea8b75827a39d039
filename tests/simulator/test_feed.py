"""What the bank and the reviewers hear: read from what the ledger really publishes."""

import msgspec
import pytest

from ledger import effects as fx
from ledger.record import Entry as JournalEntry
from simulator.feed import Decision, heard
from simulator.message import Entry
from streams.public import outputs

AT_MS = 1_782_939_661_007
SOURCES = ("credit.payments.v1",)


def published(effect: fx.AnyEffect) -> bytes:
    """The public message of an effect."""
    entry = JournalEntry(0, 5, "e-1", "payment.initiated.v1", AT_MS, "CR-1", (effect,), 0)
    (output,) = outputs(3, SOURCES, [entry])
    value = output.value
    assert isinstance(value, bytes)
    return value


def test_an_entry_that_is_due_is_an_entry_for_the_bank() -> None:
    due = fx.EntryDue("t-1", 2, "debit", 31_250, "WEB", "RETRY PYMT", "H03", "P-1")
    assert heard(published(due)) == Entry("CR-1", "t-1", 2, "debit", 31_250, "H03", AT_MS)


def test_decisions_and_moves_are_news_of_a_payment() -> None:
    assert heard(published(fx.Decided("t-1", "held", "default@1"))) == Decision("CR-1", "t-1", "held", AT_MS)
    barred = fx.Decided("t-1", "held", "default@1", reason="RETURNED_R10")
    assert heard(published(barred)) == Decision("CR-1", "t-1", "held", AT_MS, "RETURNED_R10")
    assert heard(published(fx.Moved("t-1", "canceled"))) == Decision("CR-1", "t-1", "canceled", AT_MS)


def test_an_applied_credit_concerns_neither() -> None:
    assert heard(published(fx.CreditApplied("t-1", "H01", "P-1", 100_000))) is None


def test_anything_else_on_these_topics_is_a_mistake() -> None:
    with pytest.raises(msgspec.MsgspecError):
        heard(b'{"type":"something.else.v1"}')
