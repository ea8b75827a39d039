"""Tokens of an issuer outside: its keys, its name, and our own registry of who may what."""

import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from api.auth.folder import SecretError
from api.auth.issuer import OutsideKeys, keys_of
from journal.settings import Settings
from tests.api.auth.signing_in import Met
from tests.api.auth.world import Secured

THEIRS = "https://issuer.test"
KEY = RSAKey.generate_key(2048)


def key_set(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": keys}).encode()


def jwk(key: Any, kid: str, **more: Any) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": kid, **more}


def token(secured: Secured, algorithm: str = "RS256", key: Any = KEY, **changed: Any) -> str:
    now = int(secured.now_s)
    claims = {
        "iss": THEIRS,
        "aud": "hms-ach",
        "sub": "credit",
        "client_id": "credit",
        "iat": now,
        "exp": now + 300,
        "jti": "1",
        "scope": "payments:read privacy:erase",
        "cnf": {"x5t#S256": "credit"},
        **changed,
    }
    return jwt.encode({"typ": "at+jwt", "alg": algorithm, "kid": "theirs"}, claims, key, algorithms=[algorithm])


def asked(secured: Secured, text: str) -> Any:
    return secured.connection("credit").get("/api/v1/session", headers={"Authorization": f"Bearer {text}"})


def test_its_tokens_count_for_clients_that_are_known_here(tmp_path: Path) -> None:
    file = tmp_path / "theirs.json"
    file.write_bytes(key_set(jwk(KEY, "theirs"), jwk(ECKey.generate_key("P-256"), "other", use="enc")))
    secured = Secured(tmp_path, outside_issuer=THEIRS, outside_jwks=str(file))
    secured.add("credit")
    assert secured.identity.outside is not None
    assert asked(secured, token(secured)).status_code == 401  # its keys are not there yet
    secured.identity.outside.refresh()
    assert asked(secured, token(secured)).json()["scopes"] == ["payments:read"]  # never more than the registry gives
    assert asked(secured, token(secured, client_id="unknown")).status_code == 401
    assert asked(secured, token(secured, iss=secured.identity.name)).status_code == 401  # its key, our name
    assert asked(secured, token(secured, aud="another")).status_code == 401
    assert asked(secured, token(secured, cnf={})).status_code == 401
    ours = secured.token("credit")
    assert asked(secured, ours).status_code == 200
    secured.identity.close()


def test_its_keys_are_fetched_over_tls_from_whom_the_named_authority_vouches_for(met: Met, tmp_path: Path) -> None:
    address = f"{met.provider.url}/keys"
    with pytest.raises(OSError, match="certificate verify failed"):
        OutsideKeys(address).refresh()
    secured = Secured(tmp_path / "other", outside_issuer=THEIRS, outside_jwks=address, outside_ca=met.provider.authority)
    assert secured.identity.outside is not None
    secured.identity.outside.refresh()
    assert secured.identity.outside.key("first") is not None
    secured.identity.close()
    with pytest.raises(SecretError, match="No such file"):
        Secured(tmp_path / "third", outside_issuer=THEIRS, outside_jwks=address, outside_ca=tmp_path / "nowhere.pem")


def test_shared_secrets_private_parts_and_keys_for_sealing_are_never_taken() -> None:
    private = {**KEY.as_dict(private=True), "kid": "private"}
    found = keys_of(key_set(jwk(OctKey.generate_key(256), "shared"), private, jwk(KEY, "sealing", use="enc"), {"kty": "RSA"}))
    assert set(found) == {"private"}
    assert not found["private"].is_private


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"keys": 7}', b'{"keys": [7]}', b'{"keys": [{"kty": "EC", "kid": "x"}]}'])
def test_what_is_no_key_set_changes_nothing(document: bytes) -> None:
    answers = [key_set(jwk(KEY, "theirs")), document]
    keys = OutsideKeys("https://issuer.test/keys", lambda _place: answers.pop(0))
    keys.refresh()
    with pytest.raises(ValueError, match="not a set"):
        keys.refresh()
    assert keys.key("theirs") is not None


@pytest.mark.parametrize(
    "given",
    [{"outside_issuer": THEIRS}, {"outside_jwks": "x"}, {"outside_issuer": THEIRS, "outside_jwks": "http://issuer.test/keys"}],
)
def test_half_an_issuer_or_an_open_address_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="outside_jwks"):
        Settings(**given)  # type: ignore[arg-type]
