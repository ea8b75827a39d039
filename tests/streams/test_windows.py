"""A partition of the windows, and the windows worker's way to a secured broker."""

import faust
import msgspec
import pytest

from ledger import events
from ledger.hospital_events import HospitalPayment, HospitalPolicy
from ledger.wire import decode_account
from streams.window_alerts import exceeded_event
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
    event = decode_account(exceeded_event(alert))
    assert isinstance(event, events.WindowExceeded)
    assert (event.source, event.subject, event.id) == ("/hms-ach/windows", "H1", alert.id)
    assert (event.data.transaction_id, event.data.amount, event.data.credit_reference) == ("b", 12_345, "CR-1")


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
