"""Headers of what is sent; the sending itself is tested on a broker in `test_live`."""

from simulator import statements
from simulator.sender import CONTENT_TYPE, headers
from tests.simulator.reading import SPAN


def test_an_events_attributes_are_repeated_as_headers() -> None:
    value = statements.reviewed("CR-1", "t-1", SPAN.start_ms, "approve", "U-1", "").value
    assert dict(headers(value)) == {
        "content-type": b"application/cloudevents+json; charset=UTF-8",
        "ce_specversion": b"1.0",
        "ce_id": b"review:t-1",
        "ce_source": b"/hospital-finance",
        "ce_type": b"payment.reviewed.v1",
        "ce_time": b"2026-03-02T05:00:00.000Z",
        "ce_subject": b"CR-1",
    }


def test_what_is_no_event_has_a_content_type_alone() -> None:
    for value in (b"", b"{", b"\xff\xfe{}", b'{"id":1}'):
        assert headers(value) == [CONTENT_TYPE]
