"""TLS and passwords towards Kafka and ClickHouse, out of the settings."""

import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from journal.settings import Settings


def kafka_security(settings: "Settings") -> dict[str, str]:
    """librdkafka's options for TLS and SASL; nothing for a plain connection. Raises ValueError for a password file that is not secret."""
    if not settings.kafka_tls and not settings.kafka_user:
        return {}
    options = {"security.protocol": f"{'SASL_' if settings.kafka_user else ''}{'SSL' if settings.kafka_tls else 'PLAINTEXT'}"}
    for name, path in (
        ("ssl.ca.location", settings.kafka_ca),
        ("ssl.certificate.location", settings.kafka_certificate),
        ("ssl.key.location", settings.kafka_key),
    ):
        if path is not None:
            options[name] = str(path)
    if settings.kafka_user:
        assert settings.kafka_password_file is not None, "the settings go together"
        options["sasl.mechanism"] = settings.kafka_mechanism
        options["sasl.username"] = settings.kafka_user
        options["sasl.password"] = _secret(settings.kafka_password_file)
    return options


def clickhouse_security(settings: "Settings") -> dict[str, Any]:
    """clickhouse-connect's options for TLS: our authorities, our certificate. Certificates are always checked. Nothing for a plain DSN."""
    if not settings.clickhouse_dsn.startswith("https://"):
        return {}
    options: dict[str, Any] = {"interface": "https"}  # of a DSN the library takes the port for the word, and speaks plainly on most
    if settings.clickhouse_ca is not None:
        options["ca_cert"] = str(settings.clickhouse_ca)
    if settings.clickhouse_certificate is not None:
        options["client_cert"] = str(settings.clickhouse_certificate)
        options["client_cert_key"] = str(settings.clickhouse_key)
        options["tls_mode"] = "strict"  # the certificate opens the connection; who it is, the DSN's user and password say
    return options


def _secret(path: Path) -> str:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ValueError(f"{path} can be read by others: chmod 600 it")
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
