"""What the bank, people and the clock say."""

from datetime import date

import pytest

from ledger import events
from simulator import hours, statements
from simulator.message import Entry
from tests.simulator.reading import SPAN, clock_event_of, event_of

AT_MS = SPAN.start_ms
DAY = date(2026, 3, 3)
ENTRY = Entry("CR-1", "3b367cfd", 2, "debit", 31_250, "H03", AT_MS)


def test_every_statement_names_its_payment_amount_and_day() -> None:
    settled = event_of(statements.settled(ENTRY, AT_MS, "091000010000001", DAY))
    assert isinstance(settled, events.PaymentSettled)
    assert (settled.data.transaction_id, settled.data.amount, settled.data.settlement_date) == ("3b367cfd", 31_250, DAY)
    returned = event_of(statements.returned(ENTRY, AT_MS, "091000010000001", DAY, "R01"))
    assert isinstance(returned, events.PaymentReturned)
    assert (returned.data.return_code, returned.data.amount, returned.data.return_date) == ("R01", 31_250, DAY)
    submitted = event_of(statements.submitted(ENTRY, AT_MS, "091000010000001", "F-1", DAY))
    assert isinstance(submitted, events.PaymentSubmitted)
    assert submitted.data.effective_date == DAY
    assert isinstance(event_of(statements.failed(ENTRY, AT_MS)), events.PaymentFailed)


def test_saying_it_again_is_the_same_event_but_of_another_attempt_another_one() -> None:
    first, again = (statements.failed(ENTRY, AT_MS) for _ in range(2))
    assert first == again
    assert event_of(first).id != event_of(statements.failed(ENTRY._replace(attempt=1), AT_MS)).id


def test_a_deposit_may_name_a_balance_or_nothing() -> None:
    event = event_of(statements.deposit("D-1", "CR-1", "H03", AT_MS, 12_345, DAY, ""))
    assert isinstance(event, events.DepositReceived)
    assert (event.data.amount, event.data.reference, event.data.balance_id) == (12_345, "", "")


@pytest.mark.parametrize("verdict", ["approve", "decline"])
def test_a_review_is_a_persons_click_on_the_operations_topic(verdict: str) -> None:
    sent = statements.reviewed("CR-1", "3b367cfd", AT_MS, verdict, "U-1", "checked")
    event = event_of(sent)
    assert isinstance(event, events.PaymentReviewed)
    assert (sent.topic, event.data.verdict, event.data.reviewer) == ("hms.operations.v1", verdict, "U-1")


def test_the_clock_tells_every_partition_by_its_number() -> None:
    told = statements.ticks(AT_MS + hours.HOUR_MS, 3)
    assert [message.partition for message in told] == [0, 1, 2]
    assert {message.key for message in told} == {b"clock"}
    assert len({clock_event_of(message).id for message in told}) == 3
