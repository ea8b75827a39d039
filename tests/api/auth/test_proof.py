"""The token endpoint: how clients prove themselves, and what they get."""

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from api.auth.clients import new_secret
from api.auth.identity import Identity, TokenRefusal
from api.auth.peer import Peer
from api.auth.proof import ASSERTION
from api.auth.used import Used
from tests.api.auth.world import Secured

GRANT = {"grant_type": "client_credentials"}
KEY = ECKey.generate_key("P-256")
JWKS = ({name: str(value) for name, value in KEY.as_dict(private=False).items()},)


def ask(secured: Secured, thumbprint: str | None = "credit", headers: Any = None, **form: Any) -> tuple[int, dict[str, Any]]:
    answer = secured.connection(thumbprint).post("/oauth/token", data={**GRANT, **form}, headers=headers or {})
    return answer.status_code, answer.json()


def assertion(secured: Secured, key: ECKey = KEY, **changed: Any) -> dict[str, str]:
    claims = {
        "iss": "credit",
        "sub": "credit",
        "aud": secured.identity.name,
        "exp": int(secured.now_s) + 60,
        "jti": str(changed.get("jti", "a1")),
        **changed,
    }
    return {"client_assertion_type": ASSERTION, "client_assertion": jwt.encode({"alg": "ES256"}, claims, key)}


def test_a_certificate_is_enough_and_a_token_says_what_rfc_9068_wants(secured: Secured) -> None:
    secured.add("credit")
    status, said = ask(secured, client_id="credit")
    assert (status, said["token_type"], said["expires_in"]) == (200, "Bearer", 300)
    header = jwt.decode(said["access_token"], secured.identity.keys.signer()[1]).header
    claims = jwt.decode(said["access_token"], secured.identity.keys.signer()[1]).claims
    assert header["typ"] == "at+jwt"
    assert set(claims) == {"iss", "aud", "sub", "client_id", "iat", "exp", "jti", "scope", "cnf"}
    assert claims["cnf"] == {"x5t#S256": "credit"}


@pytest.mark.parametrize(
    ("thumbprint", "form", "status", "error"),
    [
        ("other", {"client_id": "credit"}, 401, "invalid_client"),
        (None, {"client_id": "credit"}, 401, "invalid_client"),
        ("credit", {"client_id": "nobody"}, 401, "invalid_client"),
        ("credit", {}, 401, "invalid_client"),
        ("credit", {"client_id": "credit", "grant_type": "password"}, 400, "unsupported_grant_type"),
        ("credit", {"client_id": "credit", "scope": "privacy:erase"}, 400, "invalid_scope"),
        ("credit", {"client_id": "credit", "scope": "everything"}, 400, "invalid_scope"),
        ("credit", {"client_id": "credit", "client_secret": "guess"}, 401, "invalid_client"),
    ],
)
def test_what_is_refused(secured: Secured, thumbprint: str | None, form: dict[str, str], status: int, error: str) -> None:
    secured.add("credit")
    secured.add("other")
    found, said = ask(secured, thumbprint, **form)
    assert (found, said["error"]) == (status, error)
    assert said.keys() == {"error", "error_description"}


def test_fewer_scopes_may_be_asked_for(secured: Secured) -> None:
    secured.add("credit")
    assert ask(secured, client_id="credit", scope="payments:read ledger:read")[1]["scope"] == "ledger:read payments:read"


def test_an_assertion_is_good_once(secured: Secured) -> None:
    secured.add("credit", jwks=JWKS)
    proof = assertion(secured)
    status, said = ask(secured, "any-certificate", **proof)
    assert status == 200
    assert jwt.decode(said["access_token"], secured.identity.keys.signer()[1]).claims["cnf"] == {"x5t#S256": "any-certificate"}
    assert ask(secured, "any-certificate", **proof)[0] == 401
    assert ask(secured, "any-certificate", **assertion(secured, jti="a2"))[0] == 200
    assert ask(secured, None, **assertion(secured, jti="a3"))[0] == 401  # there is nothing to bind the token to


def test_an_assertion_is_good_once_for_all_processes_and_after_a_restart(secured: Secured) -> None:
    secured.add("credit", jwks=JWKS)
    form = {**GRANT, **assertion(secured)}
    peer = Peer("any-certificate", secured.now_s + 1000)
    others = [Identity(secured.identity.settings, lambda: secured.now_s) for _ in range(4)]
    try:
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(lambda identity: identity.grant(form, "", peer), others))
        assert sorted(type(answer).__name__ for answer in answers) == ["TokenAnswer", *["TokenRefusal"] * 3]
        assert {answer.why for answer in answers if isinstance(answer, TokenRefusal)} == {"assertion used twice"}
    finally:
        for identity in others:
            identity.close()


def test_what_was_used_is_forgotten_when_it_would_be_too_old_anyway(tmp_path: Path) -> None:
    used = Used(tmp_path / "used")
    assert used.first("a", 100.0, 50.0)
    assert not used.first("a", 100.0, 99.0)
    assert used.first("b", 500.0, 200.0)
    assert len(list((tmp_path / "used").iterdir())) == 1
    assert not used.first("b", 500.0, 499.0)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "other"},
        {"sub": "other"},
        {"aud": "https://elsewhere.test"},
        {"exp": 1},
        {"exp": 4_000_000_000},
        {"jti": None},
        {"nbf": 4_000_000_000},
    ],
    ids=str,
)
def test_an_assertion_that_is_not_right_is_refused(secured: Secured, changed: dict[str, Any]) -> None:
    secured.add("credit", jwks=JWKS)
    assert ask(secured, **assertion(secured, **changed))[0] == 401


def test_an_assertion_of_another_key_or_without_one_is_refused(secured: Secured) -> None:
    secured.add("credit", jwks=JWKS)
    assert ask(secured, **assertion(secured, ECKey.generate_key("P-256")))[0] == 401
    assert ask(secured, client_assertion_type=ASSERTION, client_assertion="a.b.c", client_id="credit")[0] == 401
    assert ask(secured, client_assertion_type=ASSERTION, client_assertion="x" * 10_000)[0] == 401
    assert ask(secured, **assertion(secured), client_secret="both")[0] == 401


def test_secrets_are_for_loopback_alone(tmp_path: Any) -> None:
    secret, kept = new_secret()
    basic = {"Authorization": f"Basic {base64.b64encode(f'credit:{secret}'.encode()).decode()}"}
    for host, expected in (("127.0.0.1", 200), ("0.0.0.0", 401)):
        secured = Secured(tmp_path / host, api_host=host)
        secured.add("credit", secret=kept)
        assert ask(secured, None, client_id="credit", client_secret=secret)[0] == expected
        assert ask(secured, None, headers=basic)[0] == expected
        assert ask(secured, None, headers={"Authorization": "Basic !"})[0] == 401
        assert ask(secured, None, client_id="credit", client_secret="wrong")[0] == 401
        secured.identity.close()


def test_a_form_is_read_strictly(secured: Secured) -> None:
    secured.add("credit")
    connection = secured.connection("credit")
    asked = {"Content-Type": "application/x-www-form-urlencoded"}
    twice = connection.post("/oauth/token", content="grant_type=client_credentials&client_id=credit&client_id=credit", headers=asked)
    assert (twice.status_code, twice.json()["error"]) == (400, "invalid_request")
    assert connection.post("/oauth/token", content="%ff%fe", headers=asked).status_code == 400
    assert connection.post("/oauth/token", json=GRANT).status_code == 415
    assert connection.post("/oauth/token", content="a=" + "x" * 70_000, headers=asked).status_code == 413
    assert connection.get("/oauth/token").status_code == 405


def test_the_metadata_name_what_there_is(secured: Secured) -> None:
    said = secured.connection().get("/.well-known/oauth-authorization-server").json()
    assert said["issuer"] == "https://ledger.test:8080"
    assert said["token_endpoint"] == "https://ledger.test:8080/oauth/token"
    assert said["tls_client_certificate_bound_access_tokens"] is True


def test_who_asks_for_tokens_too_often_waits(tmp_path: Any) -> None:
    secured = Secured(tmp_path, rate_strangers_per_s=1)
    secured.add("credit")
    answers = [secured.connection("credit").post("/oauth/token", data={**GRANT, "client_id": "credit"}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert answers[-1].headers["Retry-After"] == "2" or int(answers[-1].headers["Retry-After"]) >= 1
    secured.now_s += 2
    assert ask(secured, client_id="credit")[0] == 200
    secured.identity.close()
