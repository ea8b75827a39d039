"""TLS and passwords towards Kafka and ClickHouse, out of the settings."""

from pathlib import Path
from typing import Any

import pytest

from journal.secure import clickhouse_security, kafka_security
from journal.settings import Settings


def secret(folder: Path, mode: int = 0o600) -> Path:
    file = folder / "password"
    file.write_text("s3cret\n")
    file.chmod(mode)
    return file


def test_nothing_is_said_of_a_plain_connection() -> None:
    assert kafka_security(Settings()) == clickhouse_security(Settings()) == {}


def test_tls_with_certificate_and_user(tmp_path: Path) -> None:
    settings = Settings(
        kafka_tls=True,
        kafka_ca=Path("/ca.pem"),
        kafka_certificate=Path("/own.pem"),
        kafka_key=Path("/own.key"),
        kafka_user="hms-worker",
        kafka_password_file=secret(tmp_path),
        kafka_options={"ssl.endpoint.identification.algorithm": "https"},
    )
    assert settings.kafka(group_id="g") == {
        "bootstrap.servers": "127.0.0.1:19092",
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": "/ca.pem",
        "ssl.certificate.location": "/own.pem",
        "ssl.key.location": "/own.key",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "hms-worker",
        "sasl.password": "s3cret",
        "ssl.endpoint.identification.algorithm": "https",
        "group.id": "g",
    }
    assert "s3cret" not in repr(settings)


def test_a_password_file_that_others_can_read_or_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="chmod 600"):
        Settings(kafka_user="u", kafka_password_file=secret(tmp_path, 0o644)).kafka()
    with pytest.raises(ValueError, match="cannot be read"):
        Settings(kafka_user="u", kafka_password_file=tmp_path / "none").kafka()


@pytest.mark.parametrize(
    "given",
    [
        {"kafka_user": "u"},
        {"kafka_certificate": Path("/own.pem")},
        {"clickhouse_key": Path("/own.key")},
        {"tls_certificate": Path("/own.pem")},
    ],
    ids=lambda given: next(iter(given)),
)
def test_what_goes_together_comes_together(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="go together"):
        Settings(**given)


def test_a_password_is_never_sent_as_it_is(tmp_path: Path) -> None:
    given: dict[str, Any] = {"kafka_user": "u", "kafka_password_file": secret(tmp_path), "kafka_mechanism": "PLAIN"}
    with pytest.raises(ValueError, match="only with kafka_tls"):
        Settings(**given)
    assert Settings(**given, kafka_tls=True).kafka()["security.protocol"] == "SASL_SSL"


def test_clickhouse_gets_authorities_and_certificate() -> None:
    given: dict[str, Any] = {
        "clickhouse_ca": Path("/ca.pem"),
        "clickhouse_certificate": Path("/own.pem"),
        "clickhouse_key": Path("/own.key"),
    }
    assert clickhouse_security(Settings(clickhouse_dsn="https://c:9440/", **given)) == {
        "interface": "https",
        "ca_cert": "/ca.pem",
        "client_cert": "/own.pem",
        "client_cert_key": "/own.key",
        "tls_mode": "strict",
    }
    with pytest.raises(ValueError, match="begins with https://"):
        Settings(clickhouse_dsn="http://c:8123/", **given)
