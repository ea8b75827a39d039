"""What is said of a broker that does not answer. That of a real one, with TLS and passwords, is in `tests/live/test_secured_kafka.py`."""

import socket

from confluent_kafka import KafkaError

from journal.reach import Complaint, unanswered


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert "Connection refused" in unanswered({"bootstrap.servers": f"127.0.0.1:{port}"}, 0)


def test_a_refusal_outlasts_what_is_said_after_it_until_a_broker_answers() -> None:
    complaint = Complaint()
    for code, final in (
        (KafkaError._TRANSPORT, False),
        (KafkaError._AUTHENTICATION, True),
        (KafkaError._ALL_BROKERS_DOWN, True),
        (KafkaError._TRANSPORT, True),
    ):
        complaint(KafkaError(code))
        assert complaint.final is final
    assert complaint.text == KafkaError(KafkaError._AUTHENTICATION).str()
    complaint.forget()
    complaint(KafkaError(KafkaError._TRANSPORT))
    assert (complaint.text, complaint.final) == (KafkaError(KafkaError._TRANSPORT).str(), False)
