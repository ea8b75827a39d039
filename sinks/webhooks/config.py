"""Where and how webhooks are sent, read from the settings and checked before anything else happens."""

import ssl
from collections.abc import Mapping
from typing import Final, NamedTuple

from journal.settings import Settings
from sinks.webhooks import secrets_file
from sinks.webhooks.guard import Network, TargetError, check_url, networks
from sinks.webhooks.secrets_file import SecretsError
from sinks.webhooks.signing import Secret

PATH: Final = "/webhooks/reconciliation"


class ConfigError(Exception):
    """The settings cannot be used; one sentence that says why."""


class Config(NamedTuple):
    """A receiver, and what it needs to trust us."""

    url: str
    endpoint: str
    """scheme, host and port: the receiver's name in the log"""
    allowed: tuple[Network, ...]
    secrets: list[Secret]
    tls: ssl.SSLContext
    codes: Mapping[str, str]
    concurrency: int


def load(settings: Settings) -> Config:
    """The configuration. Raises ConfigError."""
    path = settings.webhook_secrets_file
    try:
        allowed = networks(settings.webhook_networks)
        scheme, host, port, prefix = check_url(settings.webhook_url, allowed)
        secrets = secrets_file.load(path) if path else secrets_file.load_or_make(settings.data_dir / secrets_file.NAME)
        tls = tls_context(settings)
    except (TargetError, SecretsError) as error:
        raise ConfigError(f"HMS_WEBHOOK: {error}") from None
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"HMS_WEBHOOK: a certificate, its key or the trusted authorities cannot be used: {error}") from None
    name = f"[{host}]" if ":" in host else host
    endpoint = f"{scheme}://{name}:{port}"
    return Config(f"{endpoint}{prefix}{PATH}", endpoint, allowed, secrets, tls, settings.webhook_code_map, settings.webhook_concurrency)


def tls_context(settings: Settings) -> ssl.SSLContext:
    """TLS 1.2 or newer, the receiver's name checked, our certificate shown if there is one. Raises OSError and ssl.SSLError."""
    context = ssl.create_default_context(cafile=settings.webhook_trust)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.webhook_certificate is not None:
        context.load_cert_chain(settings.webhook_certificate, settings.webhook_certificate_key)
    return context
