"""How a client proves who it is when it asks for a token: by its certificate, by a signed assertion, or, in development, by a secret."""

import base64
import binascii
import hmac
from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_plus

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from api.auth.clients import Client, Clients, secret_fits
from api.auth.peer import Peer
from api.auth.used import Used

ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS: Final = ("ES256", "PS256", "EdDSA")
METHODS: Final = ("self_signed_tls_client_auth", "private_key_jwt")
_ASSERTION_MAX: Final = 4096
_LIFE_S_MAX: Final = 300
_LEEWAY_S: Final = 5
_BASIC: Final = "basic "


class Told(NamedTuple):
    """What a request says about its client, by whatever way. `conflict` when it says it in two ways."""

    client_id: str = ""
    secret: str = ""
    assertion: str = ""
    conflict: bool = False


class Proofs:
    """Checks proofs. `audiences` are our own names; `used` are the assertions that were; secrets are taken only where `secrets_allowed`."""

    def __init__(self, clients: Clients, audiences: Collection[str], used: Used, *, secrets_allowed: bool) -> None:
        self._clients = clients
        self._audiences = frozenset(audiences)
        self._secrets_allowed = secrets_allowed
        self._used = used

    def client(self, told: Told, peer: Peer | None, now_s: float) -> Client | str:
        """The client that has proved itself, or why nobody has: a word for our log alone."""
        client = self._clients.get(told.client_id)
        if client is None:
            return "unknown or revoked client"
        if told.conflict:
            return "two ways of proof at once"
        if told.assertion:
            return self._asserted(client, told.assertion, now_s)
        if told.secret:
            return self._secret(client, told.secret)
        if peer is not None and client.comes_with(peer.thumbprint):
            return client
        return "no certificate of this client"

    def _secret(self, client: Client, secret: str) -> Client | str:
        if not self._secrets_allowed:
            return "secrets are for development alone"
        return client if client.secret and secret_fits(secret, client.secret) else "wrong secret"

    def _asserted(self, client: Client, assertion: str, now_s: float) -> Client | str:
        if len(assertion) > _ASSERTION_MAX:
            return "assertion too long"
        claims = _verified(client, assertion, now_s)
        if isinstance(claims, str):
            return claims
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if not self._audiences & {str(each) for each in audience}:
            return "assertion for somebody else"
        if claims["exp"] > now_s + _LIFE_S_MAX:
            return "assertion lives too long"
        if not self._used.first(f"{client.name}\n{claims['jti']}", claims["exp"] + _LEEWAY_S, now_s):
            return "assertion used twice"
        return client


def told(form: Mapping[str, str], authorization: str) -> Told:
    """What the form and the Authorization header say about the client (RFC 6749 section 2.3)."""
    basic = _basic(authorization) if authorization.lower().startswith(_BASIC) else None
    ways = (bool(form.get("client_secret")), bool(form.get("client_assertion")), bool(authorization))
    name, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
    assertion = form.get("client_assertion", "") if form.get("client_assertion_type") == ASSERTION else ""
    if assertion and not name:
        name = _claimed_subject(assertion)
    conflict = sum(ways) > 1 or bool(authorization and basic is None) or ("client_id" in form and form["client_id"] != name)
    return Told(name, secret, assertion, conflict)


def _basic(authorization: str) -> tuple[str, str] | None:
    try:
        name, _, secret = base64.b64decode(authorization[len(_BASIC) :].strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return unquote_plus(name), unquote_plus(secret)


def _verified(client: Client, assertion: str, now_s: float) -> dict[str, Any] | str:
    """The claims of an assertion that one of the client's keys has signed."""
    registry = jwt.JWTClaimsRegistry(
        now=int(now_s),
        leeway=_LEEWAY_S,
        iss={"essential": True, "value": client.name},
        sub={"essential": True, "value": client.name},
        aud={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )
    why = "no key registered"
    for jwk in client.jwks:
        try:
            key: Key = JWKRegistry.import_key(jwk)
            claims = jwt.decode(assertion, key, algorithms=list(ALGORITHMS)).claims
            registry.validate(claims)
        except (JoseError, ValueError, TypeError, binascii.Error) as error:
            why = f"assertion refused ({type(error).__name__})"
        else:
            return claims
    return why


def _claimed_subject(assertion: str) -> str:
    """Who the assertion says it is from, unproved: only to find the client whose keys must have signed it."""
    try:
        payload = assertion.split(".")[1]
        claims = msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=dict[str, Any])
    except (IndexError, binascii.Error, msgspec.MsgspecError, ValueError):
        return ""
    return str(claims.get("sub", ""))


def same(one: str, other: str) -> bool:
    """Whether two texts are equal, in the same time wherever they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
