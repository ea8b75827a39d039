"""Real failures of real connections, in words."""

import socket
import ssl

import httpcore2
import pytest

from sinks.outbox.unconnected import because


def test_a_port_without_a_listener_is_told_from_a_name_that_leads_nowhere() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for host, words in (("127.0.0.1", "nobody listens there"), ("nowhere.invalid", "the host cannot be resolved")):
        with httpcore2.ConnectionPool() as pool, pytest.raises(httpcore2.ConnectError) as failed:
            pool.request("GET", f"http://{host}:{port}/")
        assert because(failed.value) == words


def test_certificates_and_tls_are_named_and_the_rest_by_its_type() -> None:
    told = ssl.SSLCertVerificationError()
    told.verify_message = "certificate has expired"
    wrapped = httpcore2.ConnectError("wrapped")
    wrapped.__cause__ = told
    assert because(wrapped) == "certificate not accepted: certificate has expired"
    assert because(httpcore2.ReadError("gone")) == "ReadError"
