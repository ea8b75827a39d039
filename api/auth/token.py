"""Access tokens: JWTs after RFC 9068, bound to the certificate they were given for (RFC 8705). Pure, but for the keys it is given.

What is refused is refused before any key is looked for, and no address that a token names is ever asked: keys come from our own set
or from the configured issuer's.
"""

import binascii
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, NamedTuple

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key
from joserfc.util import urlsafe_b64decode

TYPE: Final = "at+jwt"
BYTES_MAX: Final = 4096
LEEWAY_S: Final = 5
_TYPES: Final = frozenset({TYPE, f"application/{TYPE}"})
_KID: Final = re.compile(r"[A-Za-z0-9_.=-]{1,128}")
_FORBIDDEN: Final = frozenset({"jku", "jwk", "x5u", "x5c", "crit", "zip", "b64"})
_header = msgspec.json.Decoder(dict[str, Any]).decode


class Grant(NamedTuple):
    """What a valid token says. `thumbprint` is empty for a token that is bound to no certificate."""

    issuer: str
    client: str
    scopes: str
    expires_s: float
    thumbprint: str


class Refused(NamedTuple):
    """Why a token is not accepted: for our log, never for the caller."""

    why: str


class Issuer(NamedTuple):
    """Somebody whose tokens are accepted: who it is, for whom its tokens must be, its algorithms, and its keys by id."""

    name: str
    audience: str
    algorithms: Collection[str]
    key: Callable[[str], Key | None]


def issued(kid: str, key: ECKey, claims: Mapping[str, Any], algorithm: str) -> str:
    """A signed token."""
    return jwt.encode({"typ": TYPE, "alg": algorithm, "kid": kid}, dict(claims), key, algorithms=[algorithm])


def read(token: str, issuers: Mapping[str, Issuer], now_s: float) -> Grant | Refused:
    """What the token grants, or why it grants nothing."""
    parts = unverified(token)
    if isinstance(parts, Refused):
        return parts
    header, payload = parts
    if str(header.get("typ", "")).lower() not in _TYPES:
        return Refused("it is no access token (typ)")
    issuer = issuers.get(str(payload.get("iss", "")))
    if issuer is None:
        return Refused("its issuer is not ours (iss)")
    claims = verified(token, header, issuer, _claims(issuer, now_s))
    return claims if isinstance(claims, Refused) else _grant(issuer, claims)


def unverified(token: str, bytes_max: int = BYTES_MAX) -> tuple[dict[str, Any], dict[str, Any]] | Refused:
    """Header and payload of a signed JWT as they stand there, or why it is none. Nothing in them is proved."""
    if len(token) > bytes_max:
        return Refused("it is too long")
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        return Refused("it is no signed JWT")
    header, payload = _object(parts[0]), _object(parts[1])
    if header is None or payload is None:
        return Refused("it cannot be read")
    if _FORBIDDEN & header.keys():
        return Refused("its header brings keys or extensions along")
    return header, payload


def verified(token: str, header: Mapping[str, Any], issuer: Issuer, registry: jwt.JWTClaimsRegistry) -> dict[str, Any] | Refused:
    """The claims of a token that one of the issuer's keys has signed and that hold before the registry, or why there are none."""
    if header.get("alg") not in issuer.algorithms:
        return Refused("its algorithm is not one of the issuer's (alg)")
    kid = header.get("kid")
    if not isinstance(kid, str) or not _KID.fullmatch(kid):
        return Refused("its key has no proper name (kid)")
    key = issuer.key(kid)
    if key is None:
        return Refused("its key is not known (kid)")
    try:
        claims = jwt.decode(token, key, algorithms=list(issuer.algorithms)).claims
        registry.validate(claims)
    except (JoseError, ValueError, TypeError, binascii.Error) as error:
        return Refused(f"{type(error).__name__} {getattr(error, 'claim', '')}".strip())
    return claims


def _claims(issuer: Issuer, now_s: float) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now_s),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": issuer.name},
        aud={"essential": True, "value": issuer.audience},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        client_id={"essential": True},
        jti={"essential": True},
    )


def _grant(issuer: Issuer, claims: Mapping[str, Any]) -> Grant | Refused:
    client, scope, confirmation = claims["client_id"], claims.get("scope", ""), claims.get("cnf", {})
    if not isinstance(client, str) or not isinstance(scope, str) or not isinstance(confirmation, dict):
        return Refused("a claim has the wrong type")
    thumbprint = confirmation.get("x5t#S256", "")
    if not isinstance(thumbprint, str) or (confirmation and not thumbprint):
        return Refused("it is bound to something else than a certificate (cnf)")
    return Grant(issuer.name, client, scope, float(claims["exp"]), thumbprint)


def _object(part: str) -> dict[str, Any] | None:
    try:
        return _header(urlsafe_b64decode(part.encode()))
    except (msgspec.MsgspecError, ValueError, binascii.Error, RecursionError):
        return None
