"""Everything about identity that a process of the API has, put together from its settings."""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from api.auth import token
from api.auth.clients import Client, Clients
from api.auth.folder import IdentityFolder
from api.auth.issuer import ALGORITHMS, OutsideKeys, fetched, trusting
from api.auth.keys import ALGORITHM, KeyRing
from api.auth.peer import Peer
from api.auth.principal import Principal
from api.auth.proof import Proofs, same, told
from api.auth.rate import Rates
from api.auth.scopes import known, words
from api.auth.sessions import Sessions
from api.auth.sign_in import SignIn
from api.auth.trail import Trail
from api.auth.used import Used
from journal.settings import Settings

AUDIENCE: Final = "hms-ach"
_KEPT_MAX: Final = 4096


class TokenAnswer(NamedTuple):
    """What the token endpoint gives (RFC 6749 section 5.1)."""

    access_token: str
    expires_in: int
    scope: str


class TokenRefusal(NamedTuple):
    """What it says instead (section 5.2); `why` is for the trail."""

    error: str
    description: str
    client: str
    why: str


class Identity:
    """Clients, keys, sessions and the trail. `now_s` is the clock. Raises ValueError and SecretError for settings that cannot be used."""

    def __init__(self, settings: Settings, now_s: Callable[[], float]) -> None:
        self.settings = settings
        self.now_s = now_s
        self.folder = IdentityFolder(settings.identity_folder())
        self.clients = Clients(self.folder)
        self.keys = KeyRing(self.folder, now_s)
        self.sessions = Sessions(self.folder, settings.session_hours)
        self.trail = Trail(self.folder.trail, now_s)
        self.rates = Rates(settings.rate_per_s)
        self.strangers = Rates(settings.rate_strangers_per_s, burst_s=5.0)
        self.proxies = settings.proxies()
        self.name = settings.issuer_name()
        self.outside = _outside(settings) if settings.outside_issuer else None
        self.issuers = {self.name: token.Issuer(self.name, AUDIENCE, (ALGORITHM,), self.keys.public)}
        if self.outside is not None:
            self.issuers[settings.outside_issuer] = token.Issuer(settings.outside_issuer, AUDIENCE, ALGORITHMS, self.outside.key)
        self.sign_in = SignIn(settings, self.folder) if settings.oidc_issuer else None
        self._loopback = settings.loopback_only()
        self._proofs = Proofs(self.clients, (self.name, f"{self.name}/oauth/token"), Used(self.folder.used), secrets_allowed=self._loopback)
        self._kept: OrderedDict[str, token.Grant] = OrderedDict()

    def grant(self, form: Mapping[str, str], authorization: str, peer: Peer | None) -> TokenAnswer | TokenRefusal:
        """An access token for a client that proves itself. May take 50 ms: not for the event loop."""
        told_of = told(form, authorization)
        client = self._proofs.client(told_of, peer, self.now_s())
        if isinstance(client, str):
            return TokenRefusal("invalid_client", "The client is not known, or did not prove itself.", told_of.client_id[:64], client)
        if form.get("grant_type") != "client_credentials":
            return TokenRefusal("unsupported_grant_type", "Only client_credentials is given.", client.name, "grant type")
        if peer is None and not self._loopback:
            return TokenRefusal("invalid_client", "Ask over mutual TLS: tokens are bound to a certificate.", client.name, "no certificate")
        held = client.principal().scopes
        asked = known(form["scope"]) if "scope" in form else held
        if not asked or not asked <= held:
            return TokenRefusal("invalid_scope", f"This client may have: {words(held)}.", client.name, "scope")
        return self._issued(client, words(asked), peer)

    def bearer(self, text: str, peer: Peer | None) -> Principal | str:
        """Whose token this is and what it allows here and now; or why it allows nothing."""
        found = self._kept.get(text) or token.read(text, self.issuers, self.now_s())
        if isinstance(found, token.Refused):
            return found.why
        if found.expires_s + token.LEEWAY_S <= self.now_s():
            self._kept.pop(text, None)
            return "ExpiredTokenError"
        if found.thumbprint and (peer is None or not same(found.thumbprint, peer.thumbprint)):
            return "it is bound to another certificate"
        if not found.thumbprint and not self._loopback:
            return "it is bound to no certificate"
        client = self.clients.get(found.client)
        if client is None:
            return "its client is unknown or revoked"
        self._keep(text, found)
        held = client.principal()
        return held._replace(scopes=held.scopes & known(found.scopes))

    def close(self) -> None:
        """Close the trail."""
        self.trail.close()

    def _issued(self, client: Client, scope: str, peer: Peer | None) -> TokenAnswer:
        kid, key = self.keys.signer()
        now_s, lives_s = int(self.now_s()), self.settings.token_seconds
        claims: dict[str, Any] = {
            "iss": self.name,
            "aud": AUDIENCE,
            "sub": client.name,
            "client_id": client.name,
            "iat": now_s,
            "exp": now_s + lives_s,
            "jti": secrets.token_urlsafe(16),
            "scope": scope,
        }
        if peer is not None:
            claims["cnf"] = {"x5t#S256": peer.thumbprint}
        return TokenAnswer(token.issued(kid, key, claims, ALGORITHM), lives_s, scope)

    def _keep(self, text: str, found: token.Grant) -> None:
        """A signature is checked once; all that can change is looked at every time."""
        self._kept[text] = found
        if len(self._kept) > _KEPT_MAX:
            self._kept.popitem(last=False)


def _outside(settings: Settings) -> OutsideKeys:
    trust = trusting(settings.outside_ca)
    return OutsideKeys(settings.outside_jwks, lambda place: fetched(place, trust))
