"""Keys of an issuer outside, as it publishes them: fetched ahead of need, kept when it is away, and never because a token says so."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from api.auth.folder import SecretError

ALGORITHMS: Final = ("ES256", "ES384", "PS256", "RS256", "EdDSA")
EVERY_S: Final = 300.0
_AGAIN_S: Final = 10.0
_BYTES_MAX: Final = 262_144
_ASYMMETRIC: Final = frozenset({"EC", "RSA", "OKP"})
log = logging.getLogger(__name__)


class OutsideKeys:
    """The key set at an HTTPS address, or in a file. `fetch` gives its bytes."""

    def __init__(self, place: str, fetch: "Callable[[str], bytes] | None" = None) -> None:
        self._place = place
        self._fetch = fetch or fetched
        self._keys: Mapping[str, Key] = {}

    def key(self, kid: str) -> Key | None:
        """The key of this id, as last fetched."""
        return self._keys.get(kid)

    def refresh(self) -> None:
        """Fetch the set now. Raises OSError or ValueError, and keeps what there was."""
        self._keys = keys_of(self._fetch(self._place))

    async def follow(self) -> None:
        """Fetch the set now and again, until canceled."""
        await keep_fetching(self.refresh, f"the keys at {self._place}")


async def keep_fetching(refresh: Callable[[], None], what: str) -> None:
    """Call `refresh` every five minutes, sooner after it failed, until canceled."""
    while True:
        pause_s = EVERY_S
        try:
            await asyncio.to_thread(refresh)
        except (OSError, ValueError, SecretError) as error:
            log.warning("%s cannot be fetched (%s); what there was is kept", what, error)
            pause_s = _AGAIN_S
        await asyncio.sleep(pause_s)


def keys_of(document: bytes) -> dict[str, Key]:
    """The public signing keys of a JWK set, by id; shared secrets and private parts are never taken. Raises ValueError."""
    try:
        listed = msgspec.json.decode(document, type=dict[str, Any])["keys"]
        return {jwk["kid"]: _public(jwk) for jwk in listed if _signs(jwk)}
    except (msgspec.MsgspecError, JoseError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a set of public keys: {type(error).__name__}") from error


def fetched(place: str, trust: ssl.SSLContext | None = None) -> bytes:
    """The document at an HTTPS address or in a file, at most 256 KiB. `trust` names the authorities; None: the system's. Raises OSError."""
    if not place.startswith("https://"):
        return Path(place).read_bytes()[:_BYTES_MAX]
    import httpx2

    try:
        answer = httpx2.get(place, timeout=5.0, follow_redirects=False, verify=trust or True)
        answer.raise_for_status()
    except httpx2.HTTPError as error:
        raise OSError(str(error)) from error
    return answer.content[:_BYTES_MAX]


def trusting(authorities: Path | None) -> ssl.SSLContext | None:
    """What checks a server's certificate by these authorities (PEM); None: by the system's. Raises SecretError."""
    if authorities is None:
        return None
    try:
        return ssl.create_default_context(cafile=authorities)
    except OSError as error:
        raise SecretError(f"{authorities}: {error.strerror or error}") from error


def _signs(jwk: Mapping[str, Any]) -> bool:
    return jwk.get("kty") in _ASYMMETRIC and jwk.get("use", "sig") == "sig" and isinstance(jwk.get("kid"), str)


def _public(jwk: Mapping[str, Any]) -> Key:
    found: Key = JWKRegistry.import_key({name: value for name, value in jwk.items() if name not in {"d", "p", "q", "dp", "dq", "qi"}})
    return found
