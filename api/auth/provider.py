"""The OpenID provider that people may sign in with: what it publishes, fetched ahead of need, and its ID token for a code."""

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

import msgspec
from joserfc.jwk import Key

from api.auth import id_token
from api.auth.folder import read_secret
from api.auth.issuer import ALGORITHMS, OutsideKeys, fetched, keep_fetching, trusting
from api.auth.token import Issuer
from journal.settings import Settings

_WELL_KNOWN: Final = "/.well-known/openid-configuration"
_TIMEOUT_S: Final = 5.0
Fetch = Callable[[str], bytes]


class Metadata(msgspec.Struct, frozen=True):
    """What we need of the provider's discovery document (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    code_challenge_methods_supported: tuple[str, ...] = ("S256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class _Given(msgspec.Struct, frozen=True):
    id_token: str


class Provider:
    """The provider of the settings. Nobody can sign in with it before it was reached once; nothing else waits for it."""

    def __init__(self, settings: Settings) -> None:
        self.issuer = settings.oidc_issuer
        self._client_id = settings.oidc_client_id
        self._secret = settings.oidc_secret_file
        self._trust = trusting(settings.oidc_ca)
        self._keys = OutsideKeys("")
        self.metadata: Metadata | None = None

    def accepted(self) -> Issuer:
        """Whose ID tokens count, for whom they must be, and by which keys."""
        return Issuer(self.issuer, self._client_id, ALGORITHMS, self._key)

    def refresh(self) -> None:
        """Fetch document and keys now. Raises OSError or ValueError, and keeps what there was."""
        metadata = metadata_of(self._fetch(self.issuer.rstrip("/") + _WELL_KNOWN), self.issuer)
        keys = OutsideKeys(metadata.jwks_uri, self._fetch)
        keys.refresh()
        self.metadata, self._keys = metadata, keys

    async def follow(self) -> None:
        """Fetch them now and again, until canceled."""
        await keep_fetching(self.refresh, f"the OpenID provider {self.issuer}")

    def exchange(self, code: str, verifier: str, callback: str) -> str:
        """The ID token for a code (RFC 6749 section 4.1.3 with RFC 7636). Raises OSError when the provider does not answer with one."""
        import httpx2

        assert self.metadata is not None
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": verifier}
        basic: tuple[str, str] | None = None
        if self._secret is None:
            form["client_id"] = self._client_id
        elif "client_secret_basic" in self.metadata.token_endpoint_auth_methods_supported:
            basic = (quote(self._client_id, safe=""), quote(self._its_secret(), safe=""))
        else:
            form |= {"client_id": self._client_id, "client_secret": self._its_secret()}
        try:
            with httpx2.Client(verify=self._trust or True, auth=basic, timeout=_TIMEOUT_S, follow_redirects=False) as client:
                answer = client.post(self.metadata.token_endpoint, data=form, headers={"Accept": "application/json"})
            answer.raise_for_status()
            return msgspec.json.decode(answer.content[: 4 * id_token.BYTES_MAX], type=_Given).id_token
        except (httpx2.HTTPError, msgspec.MsgspecError) as error:
            raise OSError(f"no ID token from {self.metadata.token_endpoint}: {type(error).__name__}") from error

    def _key(self, kid: str) -> Key | None:
        """A key that is new to us is looked for once: the provider may have changed it since the set was fetched."""
        if self._keys.key(kid) is None:
            try:
                self._keys.refresh()
            except (OSError, ValueError):
                return None
        return self._keys.key(kid)

    def _its_secret(self) -> str:
        assert self._secret is not None
        return read_secret(self._secret).decode().strip()

    def _fetch(self, place: str) -> bytes:
        return fetched(place, self._trust)


def metadata_of(document: bytes, issuer: str) -> Metadata:
    """The discovery document of this issuer. Raises ValueError for another one's, for open addresses, and for one without S256."""
    try:
        found = msgspec.json.decode(document, type=Metadata)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a discovery document: {error}") from error
    if found.issuer != issuer:
        raise ValueError(f"it is of {found.issuer}")
    if not all(place.startswith("https://") for place in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)):
        raise ValueError("it names an address that is not https")
    if "S256" not in found.code_challenge_methods_supported:
        raise ValueError("it does not offer S256 (RFC 7636)")
    return found
