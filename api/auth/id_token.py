"""The ID token of an OpenID provider: who has signed in there (OpenID Connect Core 1.0, section 3.1.3.7). Pure, but for the keys."""

from collections.abc import Mapping
from typing import Any, Final

from joserfc import jwt

from api.auth.token import LEEWAY_S, Issuer, Refused, unverified, verified

BYTES_MAX: Final = 16_384
"""more than of an access token: providers put people's groups into it"""
_AGE_S_MAX: Final = 600
_TYPES: Final = frozenset({"", "jwt"})


def read(token: str, provider: Issuer, nonce: str, now_s: float) -> Mapping[str, Any] | Refused:
    """Its claims, or why they are nothing. `provider.audience` is our client id there; `nonce` is what we asked with."""
    parts = unverified(token, BYTES_MAX)
    if isinstance(parts, Refused):
        return parts
    if str(parts[0].get("typ", "")).lower() not in _TYPES:
        return Refused("it is no ID token (typ)")
    claims = verified(token, parts[0], provider, _claims(provider, nonce, now_s))
    if isinstance(claims, Refused):
        return claims
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    party = claims.get("azp", "" if len(audience) > 1 else provider.audience)
    if party != provider.audience:
        return Refused("it was given to another client (azp)")
    if claims["iat"] < now_s - _AGE_S_MAX:
        return Refused("it was given too long ago (iat)")
    return claims


def _claims(provider: Issuer, nonce: str, now_s: float) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now_s),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": provider.name},
        aud={"essential": True, "value": provider.audience},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
