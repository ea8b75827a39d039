"""People who sign in with an OpenID provider: the way that works, and every way that must not."""

import base64
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from api.auth.layer import COOKIE
from api.auth.provider import metadata_of
from api.auth.roles import Grant, granted, grants
from api.auth.sign_in import CALLBACK
from api.routes.sign_in import ASKED
from journal.settings import Settings
from tests.api.auth.openid import CLIENT, SECRET, Provider, serving
from tests.api.auth.world import Secured

ROLES = {
    "ledger-finance": "finance",
    "ledger-h1": "viewer@hospital-1",
    "ledger-h2": "viewer@hospital-2",
    "ledger-approve": "approver",
}


class Met(NamedTuple):
    """Our application, and the provider that it knows."""

    secured: Secured
    provider: Provider

    def leave(self) -> tuple[TestClient, str]:
        """A browser that was sent to the provider, and where to."""
        browser = self.secured.connection()
        answer = browser.get("/login/provider", follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return browser, answer.headers["Location"]

    def answer(self, place: str) -> str:
        """Path and query with which the provider sends the browser back."""
        with httpx2.Client(verify=ssl.create_default_context(cafile=self.provider.authority)) as client:
            back = client.get(place, follow_redirects=False)
        assert back.status_code == 302, back.text
        parts = urlsplit(back.headers["Location"])
        return f"{parts.path}?{parts.query}"

    def sign_in(self) -> httpx2.Response:
        """The whole way."""
        browser, place = self.leave()
        return browser.get(self.answer(place), follow_redirects=False)


@pytest.fixture
def met(tmp_path: Path) -> Iterator[Met]:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    secret.write_text(f"{SECRET}\n")
    clock: list[Secured] = []
    callback = f"https://ledger.test{CALLBACK}"
    with serving(tmp_path, callback, lambda: clock[0].now_s) as provider:
        secured = Secured(
            tmp_path / "data",
            oidc_issuer=provider.url,
            oidc_client_id=CLIENT,
            oidc_secret_file=secret,
            oidc_ca=provider.authority,
            oidc_address="https://ledger.test",
            oidc_roles=ROLES,
        )
        clock.append(secured)
        assert secured.identity.sign_in is not None
        assert secured.connection().get("/login/provider", follow_redirects=False).status_code == 503, "it was not reached yet"
        secured.identity.sign_in.provider.refresh()
        yield Met(secured, provider)
        secured.identity.close()


def refused(met: Met, answer: httpx2.Response, why: str, status: int = 403) -> None:
    """It signs nobody in, says so on a page, and the trail says why."""
    assert answer.status_code == status, answer.text
    assert COOKIE not in [name.split("=")[0] for name in answer.headers.get_list("set-cookie")]
    assert "<p role=alert>" in answer.text
    assert why in met.secured.trail()[-1]


def test_a_person_with_a_role_is_signed_in_as_with_a_link(met: Met) -> None:
    browser, place = met.leave()
    assert "/login/provider" in browser.get("/login").text
    asked = parse_qs(urlsplit(place).query)
    assert (asked["code_challenge_method"], asked["client_id"]) == (["S256"], [CLIENT])
    begun = browser.get(met.answer(place), follow_redirects=False)
    assert (begun.status_code, begun.headers["Location"]) == (303, "/")
    session = next(line for line in begun.headers.get_list("set-cookie") if line.startswith(f"{COOKIE}="))
    assert all(word in session for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/", "Max-Age=28800"))
    said = browser.get("/api/v1/session").json()
    assert (said["name"], said["kind"], said["role"], said["hospitals"]) == ("ana", "person", "finance", None)
    assert browser.delete("/api/v1/session").status_code == 403, "without the session's token nothing is changed"
    line = json.loads(met.secured.trail()[-2])
    assert (line["who"], line["about"], line["route"], line["status"]) == ("person:ana", "finance", CALLBACK, 303)


def test_what_binds_a_sign_in_to_its_browser_is_kept_from_pages_and_from_the_folder(met: Met) -> None:
    browser = met.secured.connection()
    asked = browser.get("/login/provider", follow_redirects=False)
    cookie = asked.headers["Set-Cookie"]
    assert all(word in cookie for word in (f"{ASKED}=", "HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=600"))
    kept = "".join(file.name + file.read_text() for file in met.secured.identity.folder.root.rglob("*.json*"))
    assert browser.cookies[ASKED] not in kept


def test_hospitals_of_one_role_add_up_and_limit_what_is_seen(met: Met) -> None:
    met.provider.person = {"sub": "ben", "groups": ["ledger-h1", "ledger-h2", "everybody"]}
    browser, place = met.leave()
    browser.get(met.answer(place), follow_redirects=False)
    assert browser.get("/api/v1/session").json()["hospitals"] == ["hospital-1", "hospital-2"]
    assert json.loads(met.secured.trail()[-1])["about"] == "viewer@hospital-1,hospital-2"


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        ([], "no role is mapped"),
        (["everybody"], "no role is mapped"),
        ("finance", "no role is mapped"),
        ({"ledger-finance": 1}, "no role is mapped"),
        (["ledger-finance", "ledger-approve"], "more than one role: approver, finance"),
    ],
)
def test_who_has_not_exactly_one_role_is_turned_away_by_name(met: Met, groups: Any, why: str) -> None:
    met.provider.person = {"sub": "mallory", "groups": groups}
    answer = met.sign_in()
    refused(met, answer, why)
    assert "You are known as mallory" in answer.text
    assert json.loads(met.secured.trail()[-1])["who"] == "person:mallory"


@pytest.mark.parametrize("name", ["", "<script>", "x" * 129, 7.5, None])
def test_a_name_that_cannot_go_on_record_signs_nobody_in(met: Met, name: Any) -> None:
    met.provider.person = {"sub": name, "groups": ["ledger-finance"]}
    refused(met, met.sign_in(), " sub")


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


def test_an_answer_counts_once(met: Met) -> None:
    """State replay and code reuse: neither the same answer nor its code in another sign-in."""
    browser, place = met.leave()
    answer = met.answer(place)
    held = browser.cookies[ASKED]
    assert browser.get(answer, follow_redirects=False).status_code == 303
    replayed = met.secured.connection()
    replayed.cookies.set(ASKED, held)
    refused(met, replayed.get(answer, follow_redirects=False), "unknown, used or too old")
    code = parse_qs(urlsplit(answer).query)["code"][0]
    another, place = met.leave()
    fresh = met.answer(place)
    reused = fresh.replace(parse_qs(urlsplit(fresh).query)["code"][0], code)
    refused(met, another.get(reused, follow_redirects=False), "no ID token")
    assert met.provider.exchanged == 1


def test_a_code_of_another_sign_in_does_not_fit_our_verifier(met: Met) -> None:
    """PKCE: an unused code, put into somebody else's answer."""
    _, place = met.leave()
    stolen = parse_qs(urlsplit(met.answer(place)).query)["code"][0]
    browser, place = met.leave()
    fresh = met.answer(place)
    mixed = fresh.replace(parse_qs(urlsplit(fresh).query)["code"][0], stolen)
    refused(met, browser.get(mixed, follow_redirects=False), "no ID token")


def test_an_answer_signs_in_nobody_but_the_browser_that_asked(met: Met) -> None:
    """Login CSRF: an answer of the attacker's own sign-in, opened in the victim's browser."""
    _, place = met.leave()
    attackers = met.answer(place)
    refused(met, met.secured.connection().get(attackers, follow_redirects=False), "unknown, used or too old")
    victim, place = met.leave()
    refused(met, victim.get(attackers, follow_redirects=False), "did not begin")
    assert victim.get(met.answer(place), follow_redirects=False).status_code == 303, "the victim's own way is still open"


@pytest.mark.parametrize("iss", ["https://another.test", None])
def test_an_answer_of_another_issuer_never_sees_our_code(met: Met, iss: str | None) -> None:
    """Mix-up (RFC 9207)."""
    browser, place = met.leave()
    answer = urlsplit(met.answer(place))
    query = {name: values[0] for name, values in parse_qs(answer.query).items() if name != "iss"}
    given = query if iss is None else {**query, "iss": iss}
    refused(met, browser.get(answer.path, params=given, follow_redirects=False), "RFC 9207")
    assert met.provider.exchanged == 0


def test_what_took_too_long_or_was_declined_signs_nobody_in(met: Met) -> None:
    browser, place = met.leave()
    late = met.answer(place)
    met.secured.now_s += 601
    refused(met, browser.get(late, follow_redirects=False), "unknown, used or too old")
    browser, place = met.leave()
    state = parse_qs(urlsplit(place).query)["state"][0]
    declined = {"error": "access_denied<b>", "state": state, "iss": met.provider.url}
    answer = browser.get(CALLBACK, params=declined, follow_redirects=False)
    refused(met, answer, "access_denied")
    assert "access_denied" not in answer.text


def test_it_leads_nowhere_but_to_our_own_page(met: Met) -> None:
    browser, place = met.leave()
    answer = met.answer(place)
    begun = browser.get(f"{answer}&next=https://evil.test&redirect_uri=https://evil.test", follow_redirects=False)
    assert begun.headers["Location"] == "/"
    again = met.secured.connection().get("/login/provider?next=https://evil.test&redirect_uri=https://evil.test", follow_redirects=False)
    assert "evil" not in again.headers["Location"]


def test_fields_given_twice_are_refused(met: Met) -> None:
    browser, place = met.leave()
    assert browser.get(f"{met.answer(place)}&code=x", follow_redirects=False).status_code == 400


def test_without_a_provider_there_is_no_such_way(tmp_path: Path) -> None:
    secured = Secured(tmp_path)
    assert "/login/provider" not in secured.connection().get("/login").text
    assert secured.connection().get("/login/provider").status_code == 404
    assert secured.connection().get(CALLBACK).status_code == 404
    secured.identity.close()


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://another.test"},
        {"token_endpoint": "http://provider.test/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"code_challenge_methods_supported": ["plain"]},
        {"authorization_endpoint": 7},
    ],
)
def test_a_discovery_document_that_is_not_this_providers_is_refused(changed: dict[str, Any]) -> None:
    url = "https://provider.test"
    told = {"issuer": url, "authorization_endpoint": f"{url}/a", "token_endpoint": f"{url}/token", "jwks_uri": f"{url}/keys"}
    assert metadata_of(json.dumps(told).encode(), url).token_endpoint == f"{url}/token"
    with pytest.raises(ValueError, match=r"it |not a discovery"):
        metadata_of(json.dumps({**told, **changed}).encode(), url)


def test_the_table_of_roles() -> None:
    table = grants({"a": "viewer@H1, H2", "b": "viewer", "c": "finance"})
    assert table["a"] == Grant("viewer", ("H1", "H2"))
    assert granted("a", table) == Grant("viewer", ("H1", "H2"))
    assert granted(["a", "b", 7, None], table) == Grant("viewer", None)
    for wrong in ("king", "", "viewer@", "viewer@H1,,H2"):
        with pytest.raises(ValueError, match=r"role|hospital"):
            grants({"a": wrong})


@pytest.mark.parametrize(
    "given",
    [
        {"oidc_issuer": "https://provider.test"},
        {"oidc_issuer": "https://provider.test", "oidc_client_id": "x"},
        {"oidc_issuer": "http://provider.test", "oidc_client_id": "x", "oidc_roles": ROLES},
        {"oidc_issuer": "https://provider.test", "oidc_client_id": "x", "oidc_roles": ROLES, "oidc_address": "https://x/y"},
    ],
)
def test_half_a_provider_or_an_open_address_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="oidc_"):
        Settings(**given)
