"""Makes what is missing of an identity folder, and clients in it. What is there stays, so all of it may be repeated."""

import datetime as dt
import time
from collections.abc import Collection, Mapping
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography import x509

from api.auth import pki
from api.auth.clients import NAME, Certificate, Client, Clients, new_secret
from api.auth.folder import IdentityFolder, SecretError, read_secret, write_secret
from api.auth.keys import KeyRing
from api.auth.scopes import CLIENTS
from journal.settings import Settings

LOCAL: Final = "local"
"""The client that is this machine's own command line."""
_RENEWED: Final = dt.timedelta(days=30)


def initialise(settings: Settings, now: dt.datetime) -> list[str]:
    """Authority, server certificate, signing key and the local client, as far as they are missing or about to end. One sentence for each
    that was made. Raises SecretError when something that is there cannot be used."""
    folder = IdentityFolder(settings.identity_folder())
    made: list[str] = []
    if not folder.ca.exists():
        _write(folder.ca, folder.ca_key, pki.authority("HMS-ACH development authority", now))
        made.append(f"A certificate authority of its own: {folder.ca}.")
    if settings.tls_certificate is None and not _fits(folder.server, _names(settings), now):
        _write(folder.server, folder.server_key, pki.server(_authority(folder), _names(settings), now))
        made.append(f"A server certificate for {', '.join(_names(settings))}: {folder.server}.")
    ring = KeyRing(folder, time.time)
    if not ring.turns():
        made.append(f"A signing key: {ring.rotate().kid}.")
    clients = Clients(folder)
    local = clients.all().get(LOCAL)
    if local is None:
        clients.put(with_certificate(folder, Client(LOCAL, tuple(sorted(CLIENTS["machine"]))), now))
        made.append(f"The client {LOCAL}, for this machine's command line: {folder.certificate(LOCAL)}.")
    elif not local.revoked and not _lasts(folder.certificate(LOCAL), now):
        clients.put(with_certificate(folder, local, now))
        made.append(f"A new certificate for {LOCAL}: {folder.certificate(LOCAL)}.")
    return made


def with_certificate(folder: IdentityFolder, client: Client, now: dt.datetime) -> Client:
    """The client with one more certificate, of our own authority; certificate and key are written for it. Those that have ended go."""
    pair = pki.client(_authority(folder), client.name, now)
    _write(folder.certificate(client.name), folder.key(client.name), pair)
    lines = {"cacert": folder.ca, "cert": folder.certificate(client.name), "key": folder.key(client.name)}
    write_secret(folder.curl(client.name), "".join(f'{name} = "{path.absolute()}"\n' for name, path in lines.items()).encode())
    return with_foreign(client, pair.certificate, now)


def with_foreign(client: Client, certificate: bytes, now: dt.datetime) -> Client:
    """The same with a certificate of whatever authority. Raises ValueError for what is no PEM certificate, or one that has ended."""
    thumbprint, until = pki.described(certificate)
    if until <= now:
        raise ValueError(f"the certificate ended on {until.date()}")
    kept = tuple(own for own in client.certificates if dt.datetime.fromisoformat(own.expires) > now and own.thumbprint != thumbprint)
    return msgspec.structs.replace(client, certificates=(*kept, Certificate(thumbprint, until.isoformat())))


def with_secret(client: Client) -> tuple[Client, str]:
    """The same with a new secret, and the secret."""
    secret, kept = new_secret()
    return msgspec.structs.replace(client, secret=kept), secret


def with_key(client: Client, jwk: Mapping[str, Any]) -> Client:
    """The same with one more public key for assertions. Raises ValueError for a key that is secret, or none."""
    if "d" in jwk or "k" in jwk or jwk.get("kty") not in {"EC", "RSA", "OKP"}:
        raise ValueError("only public keys of kind EC, RSA or OKP are kept here")
    return msgspec.structs.replace(client, jwks=(*client.jwks, dict(jwk)))


def named(name: str, scopes: Collection[str], hospitals: Collection[str]) -> Client:
    """A new client without any proof yet. Raises ValueError for a name that no client can have."""
    if not NAME.fullmatch(name):
        raise ValueError("a client's name is up to 64 small letters, digits or ._-")
    return Client(name, tuple(sorted(scopes)), tuple(sorted(hospitals)) or None)


_EVERY_ADDRESS = frozenset({str(IPv4Address(0)), str(IPv6Address(0))})
"""what a server binds to be reached under any name; it is none itself"""


def _names(settings: Settings) -> list[str]:
    own = () if settings.api_host in _EVERY_ADDRESS else (settings.api_host,)
    return list(dict.fromkeys(("localhost", "127.0.0.1", "::1", *own, *settings.names())))


def _authority(folder: IdentityFolder) -> pki.Pair:
    try:
        return pki.Pair(folder.ca.read_bytes(), read_secret(folder.ca_key))
    except OSError as error:
        raise SecretError(f"{folder.ca} cannot be read: {error.strerror}") from error


def _fits(path: Path, names: list[str], now: dt.datetime) -> bool:
    """Whether a server certificate has all these names and lasts."""
    if not _lasts(path, now):
        return False
    found = x509.load_pem_x509_certificate(path.read_bytes()).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    have = {str(name.value) for name in found}
    return set(names) <= have


def _lasts(path: Path, now: dt.datetime) -> bool:
    return path.exists() and pki.described(path.read_bytes())[1] > now + _RENEWED


def _write(certificate: Path, key: Path, pair: pki.Pair) -> None:
    """The key first: a certificate without its key would be taken for finished."""
    write_secret(key, pair.key)
    write_secret(certificate, pair.certificate)
