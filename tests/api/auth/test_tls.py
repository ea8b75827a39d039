"""Mutual TLS by real handshakes. Faults, rows 35, 36, 37 and 61."""

import base64
import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from api.auth import pki
from api.auth.folder import SecretError
from api.auth.tls import server_context
from journal.settings import Settings
from tests.api.auth.served import NOW, Served, serving

WHO = "/api/v1/session"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served")) as served:
        served.add("credit")
        served.add("other")
        yield served


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("strict"), client_certificate="required") as served:
        served.add("credit")
        yield served


def der(pem: bytes) -> bytes:
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


def status(served: Served, thumbprint_of: str | None, token: str, headers: dict[str, str] | None = None) -> int:
    with served.connection(thumbprint_of) as client:
        return client.get(WHO, headers={"Authorization": f"Bearer {token}", **(headers or {})}).status_code


def test_a_certificate_gives_a_token_that_is_good_over_the_same_certificate_alone(served: Served) -> None:
    token = served.token("credit")
    assert status(served, "credit", token) == 200
    assert status(served, "other", token) == 401
    assert status(served, None, token) == 401


def test_a_forged_client_cert_header_is_nothing(served: Served) -> None:
    """Row 37: it counts from a proxy of the settings alone."""
    token = served.token("credit")
    forged = f":{base64.b64encode(der(served.folder.certificate('credit').read_bytes())).decode()}:"
    assert status(served, None, token, {"Client-Cert": forged}) == 401
    assert status(served, "other", token, {"Client-Cert": forged}) == 401


def test_a_trusted_proxy_tells_the_certificate_and_its_own_does_not_count(tmp_path: Path) -> None:
    with serving(tmp_path, trusted_proxies="127.0.0.1") as served:
        served.add("credit")
        served.add("proxy")
        told = f":{base64.b64encode(der(served.folder.certificate('credit').read_bytes())).decode()}:"
        with served.connection("proxy") as client:
            form = {"grant_type": "client_credentials", "client_id": "credit"}
            assert client.post("/oauth/token", data=form).status_code == 401
            token = client.post("/oauth/token", data=form, headers={"Client-Cert": told}).json()["access_token"]
            asked = {"Authorization": f"Bearer {token}"}
            assert client.get(WHO, headers={**asked, "Client-Cert": told}).status_code == 200
            assert client.get(WHO, headers=asked).status_code == 401
            for broken in (":!:", "::", told[:-1], ":" + "A" * 9000 + ":", ":AAAA:"):
                assert client.get(WHO, headers={**asked, "Client-Cert": broken}).status_code == 401


def refused(served: Served, context: ssl.SSLContext) -> bool:
    """Whether the connection is ended before an answer. With TLS 1.3 a client hears of it when it reads."""
    try:
        with served.connection(context=context) as client:
            client.get("/livez")
    except httpx2.TransportError:
        return True
    return False


def test_expired_and_foreign_certificates_end_the_handshake(served: Served, strict: Served) -> None:
    for each in (served, strict):
        each.certificate("late", days=1, made=NOW - dt.timedelta(days=3))
        assert refused(each, each.context("late"))
        each.certificate("foreign", ca=pki.authority("another", NOW))
        assert refused(each, each.context("foreign"))
        server_own = each.context()
        server_own.load_cert_chain(each.folder.server, each.folder.server_key)
        assert refused(each, server_own)  # it says that it is for servers


def test_a_revoked_certificate_ends_the_connection_and_the_others_stay(served: Served) -> None:
    client = served.add("leaving")
    token = served.token("leaving")
    assert status(served, "leaving", token) == 200
    clients = served.secured.identity.clients
    clients.put(type(client)(client.name, client.scopes, None, client.certificates, revoked=True))
    assert refused(served, served.context("leaving"))
    assert status(served, None, token) == 401
    assert status(served, "credit", served.token("credit")) == 200


def test_without_a_certificate_nothing_is_answered_where_one_is_required(served: Served, strict: Served) -> None:
    assert refused(strict, strict.context())
    assert not refused(strict, strict.context("credit"))
    assert not refused(served, served.context())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_and_plain_http_are_not_spoken(served: Served) -> None:
    old = served.context("credit")
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    assert refused(served, old)
    host, port = served.url.removeprefix("https://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as plain:
        plain.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200 OK" not in plain.recv(1000)


def test_the_server_is_known_by_its_own_authority(served: Served) -> None:
    with pytest.raises(httpx2.TransportError), httpx2.Client(base_url=served.url) as client:
        client.get("/livez")


def test_a_key_that_others_can_read_or_that_is_missing_is_told_in_one_line(tmp_path: Path) -> None:
    """Row 61."""
    settings = Settings(auth="on", data_dir=tmp_path)
    with pytest.raises(SecretError, match="cannot be read"):
        server_context(settings)
    key = settings.identity_folder() / "server.key"
    key.parent.mkdir()
    key.write_text("x")
    key.chmod(0o644)
    with pytest.raises(SecretError, match="mode 0644"):
        server_context(settings)
    key.chmod(0o600)
    with pytest.raises(SecretError, match="pki init"):
        server_context(settings)
