"""Access tokens, read strictly. Faults, rows 34 and 35."""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey

from api.auth.identity import AUDIENCE
from tests.api.auth.world import Secured

Claims = dict[str, Any]
Header = dict[str, Any]
STRANGER = ECKey.generate_key("P-256")


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def good(secured: Secured) -> tuple[Header, Claims, ECKey]:
    """What our own issuer would sign."""
    kid, key = secured.identity.keys.signer()
    now = int(secured.now_s)
    claims = {
        "iss": secured.identity.name,
        "aud": AUDIENCE,
        "sub": "credit",
        "client_id": "credit",
        "iat": now,
        "exp": now + 300,
        "jti": "one",
        "scope": "payments:read",
        "cnf": {"x5t#S256": "credit"},
    }
    return {"typ": "at+jwt", "alg": "ES256", "kid": kid}, claims, key


def signed(header: Header, claims: Claims, key: Any) -> str:
    registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
    return jwt.encode(header, claims, key, registry=registry)


def answer(secured: Secured, token: str, thumbprint: str | None = "credit") -> tuple[int, str]:
    asked = secured.connection(thumbprint).get("/api/v1/session", headers={"Authorization": f"Bearer {token}"})
    return asked.status_code, asked.headers.get("WWW-Authenticate", "")


CLAIMS: dict[str, Claims] = {
    "another issuer": {"iss": "https://elsewhere.test"},
    "no issuer": {"iss": None},
    "for somebody else": {"aud": "another-api"},
    "for somebody else too": {"aud": ["another-api", "a-third"]},
    "for nobody": {"aud": None},
    "expired": {"exp": -60},
    "without an end": {"exp": None},
    "an end that is no number": {"exp": "tomorrow"},
    "not valid yet": {"nbf": 600},
    "issued in the future": {"iat": 600},
    "of an unknown client": {"client_id": "nobody"},
    "of no client": {"client_id": None},
    "without an id": {"jti": None},
    "bound to another certificate": {"cnf": {"x5t#S256": "other"}},
    "bound to a key instead": {"cnf": {"jkt": "other"}},
    "bound to nothing": {"cnf": None},
    "a scope that is a list": {"scope": ["payments:read"]},
}


@pytest.mark.parametrize("name", CLAIMS)
def test_claims_that_are_not_right_are_refused(secured: Secured, name: str) -> None:
    secured.add("credit")
    header, claims, key = good(secured)
    changed = {
        field: int(secured.now_s) + value if field in {"exp", "nbf", "iat"} and isinstance(value, int) else value
        for field, value in CLAIMS[name].items()
    }
    token = signed(header, {field: value for field, value in {**claims, **changed}.items() if value is not None}, key)
    status, challenge = answer(secured, token)
    assert (status, 'error="invalid_token"' in challenge) == (401, True)


HEADERS: dict[str, Header] = {
    "no type": {"typ": None},
    "an ID token": {"typ": "JWT"},
    "a key's address": {"jku": "https://127.0.0.1:1/keys"},
    "a key brought along": {"jwk": STRANGER.as_dict(private=False)},
    "a certificate's address": {"x5u": "https://127.0.0.1:1/keys"},
    "an extension": {"crit": ["exp"], "exp": 1},
    "a path as key id": {"kid": "../../server"},
    "a number as key id": {"kid": 7},
    "an unknown key id": {"kid": "unknown"},
    "no key id": {"kid": None},
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_that_are_not_right_are_refused_and_nothing_is_fetched(secured: Secured, name: str) -> None:
    secured.add("credit")
    header, claims, key = good(secured)
    changed = {field: value for field, value in {**header, **HEADERS[name]}.items() if value is not None}
    head, payload = part(changed), part(claims)
    whole = signed(header, claims, key)
    signature = whole.rpartition(".")[2]
    assert answer(secured, f"{head}.{payload}.{signature}")[0] == 401
    if "crit" not in changed and isinstance(changed.get("kid", ""), str):
        assert answer(secured, signed(changed, claims, key))[0] == 401


def test_other_algorithms_and_keys_are_refused(secured: Secured) -> None:
    secured.add("credit")
    header, claims, key = good(secured)
    public = key.as_pem(private=False)
    head, payload = part({**header, "alg": "none"}), part(claims)
    confused = f"{part({**header, 'alg': 'HS256'})}.{payload}"
    mac = base64.urlsafe_b64encode(hmac.new(public, confused.encode(), hashlib.sha256).digest()).decode().rstrip("=")
    whole = signed(header, claims, key).split(".")
    rsa = RSAKey.generate_key(2048)
    tokens = {
        "alg none": f"{head}.{payload}.",
        "alg none with a signature": f"{head}.{payload}.{whole[2]}",
        "HS256 with the public key": f"{confused}.{mac}",
        "another key": signed(header, claims, STRANGER),
        "another algorithm": signed({**header, "alg": "RS256"}, claims, rsa),
        "a changed payload": ".".join((whole[0], part({**claims, "scope": "privacy:erase"}), whole[2])),
        "a cut signature": ".".join(whole)[:-4],
        "encrypted": "a.b.c.d.e",
        "nothing": "",
    }
    assert {name: answer(secured, token)[0] for name, token in tokens.items()} == dict.fromkeys(tokens, 401)
    assert answer(secured, signed(header, claims, key))[0] == 200


def test_a_token_of_a_megabyte_is_refused_without_being_read(secured: Secured, caplog: pytest.LogCaptureFixture) -> None:
    secured.add("credit")
    with caplog.at_level(logging.DEBUG):
        assert answer(secured, "x" * 1_000_000)[0] == 401
    assert sum(len(record.getMessage()) for record in caplog.records if record.name.startswith("api")) < 500
    assert max(len(line) for line in secured.trail()) < 500


@pytest.mark.parametrize(
    ("thumbprint", "status"), [("credit", 200), ("other", 401), (None, 401)], ids=["its own certificate", "another one", "none"]
)
def test_a_token_is_good_for_its_certificate_alone(secured: Secured, thumbprint: str | None, status: int) -> None:
    """Faults, row 35."""
    secured.add("credit")
    secured.add("other")
    assert answer(secured, secured.token("credit"), thumbprint)[0] == status


def test_a_certificate_that_expires_while_the_connection_lives_ends_the_token(secured: Secured) -> None:
    secured.add("credit")
    token = secured.token("credit")
    connection = secured.connection("credit", secured.now_s + 60)
    asked: Callable[[], int] = lambda: connection.get("/api/v1/session", headers={"Authorization": f"Bearer {token}"}).status_code  # noqa: E731
    assert asked() == 200
    secured.now_s += 61
    assert asked() == 401


def test_a_revoked_client_is_out_at_its_next_request(secured: Secured) -> None:
    client = secured.add("credit")
    connection = secured.client("credit")
    assert connection.get("/api/v1/session").status_code == 200
    secured.identity.clients.put(type(client)(client.name, client.scopes, None, client.certificates, revoked=True))
    assert connection.get("/api/v1/session").status_code == 401
    assert secured.identity.clients.turned_away("credit")


def test_scopes_that_a_client_has_lost_are_lost_to_its_tokens(secured: Secured) -> None:
    secured.add("credit")
    connection = secured.client("credit")
    assert "payments:write" in connection.get("/api/v1/session").json()["scopes"]
    secured.add("credit", "prometheus")
    assert connection.get("/api/v1/session").json()["scopes"] == []
