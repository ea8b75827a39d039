"""The other end of the connection: the certificate that it came with, and where that certificate was seen.

Over TLS it is the certificate of the handshake. From a proxy that the settings name, it is the one in the header `Client-Cert` (RFC 9440);
from anybody else that header means nothing.
"""

import base64
import binascii
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, NamedTuple

from cryptography import x509

from api.auth.pki import thumbprint
from api.patience import PatientProtocol

STATE: Final = "hms.peer"
_HEADER: Final = b"client-cert"
_HEADER_MAX: Final = 8192


class Peer(NamedTuple):
    """A certificate that was proved. `expires_s` is its last Unix second."""

    thumbprint: str
    expires_s: float


def peer_protocol(turned_away: Callable[[str], bool]) -> type[PatientProtocol]:
    """uvicorn's protocol, which tells the application who is at the other end. Certificates that are turned away end the connection."""

    class PeerProtocol(PatientProtocol):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            tls = transport.get_extra_info("ssl_object")
            der = tls.getpeercert(binary_form=True) if tls is not None else None
            if der is None:
                return
            peer = of_certificate(der)
            if turned_away(peer.thumbprint):
                transport.abort()
                return
            self.app_state = {**self.app_state, STATE: peer}  # uvicorn gives every request of the connection a copy

    return PeerProtocol


def peer_of(scope: Mapping[str, Any], proxies: Collection[str], headers: Mapping[bytes, bytes], now_s: float) -> Peer | None:
    """Whose certificate a request came with; None without one, or with one that has expired since the connection was made."""
    address = (scope.get("client") or ("", 0))[0]
    found = _forwarded(headers.get(_HEADER, b"")) if address in proxies else scope.get("state", {}).get(STATE)
    if not isinstance(found, Peer) or found.expires_s < now_s:
        return None
    return found


def of_certificate(der: bytes) -> Peer:
    """What is remembered of a certificate. Raises ValueError for what is none."""
    return Peer(thumbprint(der), x509.load_der_x509_certificate(der).not_valid_after_utc.timestamp())


def _forwarded(value: bytes) -> Peer | None:
    """The certificate in a `Client-Cert` header: a byte sequence between colons."""
    if not (len(value) <= _HEADER_MAX and value.startswith(b":") and value.endswith(b":")):
        return None
    try:
        return of_certificate(base64.b64decode(value[1:-1], validate=True))
    except (binascii.Error, ValueError):
        return None
