"""TLS of the API: 1.2 or newer, its own certificate, and client certificates of the authorities that are trusted."""

import ssl
from pathlib import Path
from typing import Final

from api.auth.folder import IdentityFolder, SecretError, read_secret
from journal.settings import Settings

_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2; those of 1.3 are all good."""


def server_context(settings: Settings) -> ssl.SSLContext:
    """What the API listens with. Raises SecretError with the operator's sentence when a file is missing or not secret."""
    folder = IdentityFolder(settings.identity_folder())
    certificate, key = settings.tls_certificate or folder.server, settings.tls_key or folder.server_key
    authorities = settings.tls_client_ca or folder.ca
    read_secret(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    try:
        context.load_cert_chain(certificate, key)
        context.load_verify_locations(authorities)
    except (OSError, ssl.SSLError) as error:
        raise SecretError(f"{certificate}, {key}, {authorities}: {error.strerror or error}; `hms-ach pki init` makes all three") from error
    context.verify_mode = ssl.CERT_REQUIRED if settings.client_certificate == "required" else ssl.CERT_OPTIONAL
    return context


def client_context(authority: Path, certificate: Path | None = None, key: Path | None = None) -> ssl.SSLContext:
    """What a client of ours connects with. Raises SecretError as above."""
    try:
        context = ssl.create_default_context(cafile=authority)
        if certificate is not None:
            context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise SecretError(f"{authority}, {certificate}: {error.strerror or error}") from error
    return context
