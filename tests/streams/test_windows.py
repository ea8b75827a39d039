"""A partition of the windows, and the windows worker's way to a secured broker."""

import faust
import msgspec
import pytest

from ledger.hospital_events import HospitalPayment, HospitalPolicy
from streams.window_alerts import alert_event
from streams.windows import Partition, credentials

BOOK = '[book]\nname = "b"\nversion = 1\n[[watch]]\nname = "burst"\npayments = 1\n'


def value(*names: str) -> bytes:
    events = [HospitalPayment(name, "CR-1", 1_772_460_000_000, "H1", "P1", 12_345) for name in names]
    return msgspec.json.encode(events)


def test_a_message_counts_once_and_in_its_order() -> None:
    part = Partition()
    assert part.take(0, msgspec.json.encode([HospitalPolicy(BOOK)])) == []
    (alert,) = part.take(3, value("a", "b"))
    assert part.take(3, value("a", "b")) == []
    assert part.take(4, b"{not json") == []
    assert part.take(5, None) == []
    assert part.next == 6
    event = msgspec.json.decode(alert_event(alert))
    assert (event["source"], event["type"], event["subject"], event["id"]) == ("/hms-ach/windows", "alert.raised.v1", "H1", alert.id)
    assert event["data"]["amount"] == "123.45"
    assert event["data"]["trace"] == "/api/v1/payments/b/trace"


def test_credentials_follow_the_clients_options() -> None:
    assert credentials({}) is None
    plain = credentials(
        {"security.protocol": "SASL_PLAINTEXT", "sasl.username": "u", "sasl.password": "p", "sasl.mechanism": "SCRAM-SHA-512"}
    )
    assert isinstance(plain, faust.SASLCredentials)
    assert (plain.username, plain.mechanism.value, plain.ssl_context) == ("u", "SCRAM-SHA-512", None)
    assert isinstance(credentials({"security.protocol": "SSL"}), faust.SSLCredentials)
    with pytest.raises(ValueError, match="GSSAPI_TLS"):
        credentials({"security.protocol": "GSSAPI_TLS"})
