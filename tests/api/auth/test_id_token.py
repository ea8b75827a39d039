"""ID tokens of an OpenID provider: what is not for this sign-in, not signed by its keys, or no ID token, signs nobody in."""

import base64
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from tests.api.auth.openid import CLIENT
from tests.api.auth.signing_in import Met, refused

CLAIMS = [
    ({"nonce": "guessed"}, "InvalidClaimError nonce"),
    ({"nonce": None}, "MissingClaimError nonce"),
    ({"iss": "https://another.test"}, "InvalidClaimError iss"),
    ({"aud": "another"}, "InvalidClaimError aud"),
    ({"aud": [CLIENT, "another"]}, "(azp)"),
    ({"aud": [CLIENT, "another"], "azp": "another"}, "(azp)"),
    ({"azp": "another"}, "(azp)"),
    ({"exp": -10}, "ExpiredTokenError"),
    ({"exp": None}, "MissingClaimError exp"),
    ({"iat": -601}, "(iat)"),
    ({"iat": 60}, "iat"),
    ({"iat": None}, "MissingClaimError iat"),
]


@pytest.mark.parametrize(("changed", "why"), CLAIMS, ids=[str(changed) for changed, _ in CLAIMS])
def test_an_id_token_that_is_not_for_this_sign_in_is_refused(met: Met, changed: dict[str, Any], why: str) -> None:
    now = int(met.secured.now_s)
    given = {name: now + value if isinstance(value, int) else value for name, value in changed.items()}
    met.provider.token = lambda header, claims: met.provider.signed(
        header, {name: value for name, value in {**claims, **given}.items() if value is not None}
    )
    refused(met, met.sign_in(), why)


def test_several_audiences_are_accepted_when_it_was_given_to_us(met: Met) -> None:
    met.provider.person |= {"aud": [CLIENT, "another"], "azp": CLIENT}
    assert met.sign_in().status_code == 303


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_other_algorithms_keys_and_types_are_refused(met: Met) -> None:
    shared = OctKey.import_key(json.dumps(met.provider.keys["first"].as_dict(private=False)))
    stranger = ECKey.generate_key("P-256")
    forged = {
        "(alg)": lambda header, claims: f"{part({**header, 'alg': 'none'})}.{part(claims)}.x",
        "no signed JWT": lambda header, claims: f"{part({**header, 'alg': 'none'})}.{part(claims)}.",
        "(alg) ": lambda header, claims: jwt.encode({**header, "alg": "HS256"}, claims, shared, algorithms=["HS256"]),
        "BadSignature": lambda header, claims: jwt.encode(header, claims, stranger),
        "(kid)": lambda header, claims: jwt.encode({**header, "kid": "unheard-of"}, claims, stranger),
        "brings keys": lambda header, claims: jwt.encode({**header, "jwk": stranger.as_dict(private=False)}, claims, stranger),
        "(typ)": lambda header, claims: met.provider.signed({**header, "typ": "at+jwt"}, claims),
        "too long": lambda header, claims: met.provider.signed(header, {**claims, "groups": ["x" * 100] * 300}),
    }
    for why, token in forged.items():
        met.provider.token = token
        refused(met, met.sign_in(), why.strip())


def test_keys_that_changed_are_fetched_when_a_token_needs_them(met: Met) -> None:
    met.provider.rotate("second")
    assert met.sign_in().status_code == 303
