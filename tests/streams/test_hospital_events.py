"""What the relay writes for the windows: packed by hospital, in order, and rule books to every partition."""

import msgspec

from journal import topics
from journal.partitioner import partition_of
from ledger import effects as fx
from ledger.hospital_events import AnyHospitalEvent, HospitalPayment, HospitalPolicy, HospitalReturn
from ledger.record import Entry
from streams.hospital_events import outputs, watcher_keys

KEYS = watcher_keys(4)
INITIATED = fx.PaymentInitiated("t-1", "repayment", 500, "H1", "P1")
RETURNED = fx.Moved("t-1", "returned", "R01", hospital_id="H1", patient_id="P1", amount_cents=500)


def entry(kind: str, *effects: fx.AnyEffect, account: str = "CR-1") -> Entry:
    return Entry(0, 1, "e", kind, 1_000, account, effects)


def decoded(partition: int, *entries: Entry) -> list[tuple[bytes, list[AnyHospitalEvent]]]:
    found = list(outputs(partition, entries, KEYS))
    assert {output.topic for output in found} <= {topics.HOSPITALS}
    assert all(not output.headers for output in found)
    return [(output.key, msgspec.json.decode(output.value, type=list[AnyHospitalEvent])) for output in found]


def test_payments_and_returns_of_a_record_are_one_message_a_hospital() -> None:
    other = fx.PaymentInitiated("t-2", "repayment", 700, "H2", "P2")
    found = decoded(
        1,
        entry("payment.initiated.v1", INITIATED, fx.Decided("t-1", "approved", "default@1")),
        entry("payment.initiated.v1", other),
        entry("payment.returned.v1", RETURNED, fx.Moved("t-1", "retry_scheduled")),
        entry("payment.settled.v1", fx.Moved("t-9", "settled")),
    )
    payment = HospitalPayment("t-1", "CR-1", 1_000, "H1", "P1", 500)
    came_back = HospitalReturn("t-1", "CR-1", 1_000, "H1", "P1", 500)
    assert found == [(b"H1", [payment, came_back]), (b"H2", [HospitalPayment("t-2", "CR-1", 1_000, "H2", "P2", 700)])]


def test_a_return_that_waited_for_its_payment_is_told_with_it() -> None:
    ((_, events),) = decoded(0, entry("payment.initiated.v1", INITIATED, RETURNED))
    assert [type(event) for event in events] == [HospitalPayment, HospitalReturn]


def test_a_refused_payment_is_not_counted() -> None:
    assert decoded(0, entry("payment.initiated.v1", fx.Refused("DUPLICATE", "t-1"))) == []


def test_a_rule_book_reaches_every_partition_once() -> None:
    told = entry("policy.activated.v1", fx.PolicyActivated("b@1", "text"), account="")
    assert decoded(1, told) == []
    found = decoded(0, told)
    assert {partition_of(key, 4) for key, _ in found} == {0, 1, 2, 3}
    assert all(events == [HospitalPolicy("text")] for _, events in found)
