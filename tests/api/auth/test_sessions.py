"""People: links that sign in once, sessions, and the token that a page must show."""

import msgspec
import pytest

from api.auth.layer import COOKIE
from api.auth.sessions import NAME
from ledger.envelope import Token
from tests.api.auth.world import Secured


def test_a_link_signs_in_once(secured: Secured) -> None:
    link = secured.identity.sessions.invite("ana", "finance", None, secured.now_s)
    browser = secured.connection()
    shown = browser.get("/login", params={"link": link})
    assert "Sign in as <b>ana</b>, finance" in shown.text
    assert "form-action 'self'" in shown.headers["Content-Security-Policy"]
    begun = browser.post("/login", data={"link": link}, follow_redirects=False)
    assert (begun.status_code, begun.headers["Location"]) == (303, "/")
    cookie = begun.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/", "Max-Age=28800"))
    assert "Domain" not in cookie
    assert secured.connection().post("/login", data={"link": link}).status_code == 404
    said = browser.get("/api/v1/session").json()
    assert (said["name"], said["kind"], said["role"]) == ("ana", "person", "finance")


@pytest.mark.parametrize("name", ["ana", "ana@hospital.example", "a=b+c/d:e-f_g.h", "x" * 128, "auth0|123", "", "-ana", "ana\n", "x" * 129])
def test_whoever_may_have_a_session_can_be_named_in_an_event(name: str) -> None:
    try:
        msgspec.convert(name, Token)
    except msgspec.ValidationError:
        assert not NAME.fullmatch(name)
    else:
        assert NAME.fullmatch(name)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_page_signs_nobody_in(secured: Secured, site: str) -> None:
    link = secured.identity.sessions.invite("mallory", "finance", None, secured.now_s)
    browser = secured.connection()
    refused = browser.post("/login", data={"link": link}, headers={"Sec-Fetch-Site": site}, follow_redirects=False)
    assert refused.status_code == 403
    assert "Set-Cookie" not in refused.headers
    assert "sent by another site" in secured.trail()[-1]
    ours = browser.post("/login", data={"link": link}, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
    assert ours.status_code == 303, "the link was not used up"


@pytest.mark.parametrize("link", ["", "x", "../../clients", "A" * 43, "A" * 64])
def test_a_link_that_is_none_opens_nothing(secured: Secured, link: str) -> None:
    assert secured.connection().post("/login", data={"link": link}).status_code == 404
    assert secured.connection().get("/login", params={"link": link}).status_code == (404 if link else 200)


def test_links_and_sessions_end(secured: Secured) -> None:
    link = secured.identity.sessions.invite("ana", "finance", None, secured.now_s)
    secured.now_s += 601
    assert secured.connection().post("/login", data={"link": link}).status_code == 404
    browser = secured.person("finance")
    secured.now_s += 8 * 3600 - 1
    assert browser.get("/api/v1/session").status_code == 200
    secured.now_s += 2
    assert browser.get("/api/v1/session").status_code == 401


def test_signing_out_ends_the_session_wherever_its_cookie_is(secured: Secured) -> None:
    browser = secured.person("finance")
    elsewhere = secured.connection()
    elsewhere.cookies.set(COOKIE, browser.cookies[COOKIE])
    assert elsewhere.get("/api/v1/session").status_code == 200
    assert browser.delete("/api/v1/session").status_code == 204
    assert elsewhere.get("/api/v1/session").status_code == 401


def test_what_changes_something_must_come_from_our_page(secured: Secured) -> None:
    """CSRF: the cookie alone reads, and changes nothing."""
    browser = secured.person("finance")
    right = browser.headers.pop("X-CSRF-Token")
    assert browser.get("/api/v1/session").status_code == 200
    assert browser.delete("/api/v1/session").status_code == 403
    assert browser.delete("/api/v1/session", headers={"X-CSRF-Token": "guess"}).status_code == 403
    another = secured.person("finance", "ben").headers["X-CSRF-Token"]
    assert browser.delete("/api/v1/session", headers={"X-CSRF-Token": another}).status_code == 403
    assert browser.delete("/api/v1/session", headers={"X-CSRF-Token": right}).status_code == 204


def test_nothing_that_opens_a_door_is_kept(secured: Secured) -> None:
    browser = secured.person("finance")
    link = secured.identity.sessions.invite("ben", "risk", None, secured.now_s)
    kept = "".join(file.name + file.read_text() for file in secured.identity.folder.root.rglob("*.json*"))
    assert browser.cookies[COOKIE] not in kept
    assert link not in kept
    assert all(file.stat().st_mode & 0o077 == 0 for file in secured.identity.folder.root.rglob("*") if file.is_file())


def test_names_are_shown_as_text(secured: Secured) -> None:
    link = secured.identity.sessions.invite("<b>x", "finance", ("<script>",), secured.now_s)
    text = secured.connection().get("/login", params={"link": link}).text
    assert "&lt;b&gt;x" in text
    assert "<script" not in text


def test_two_authorization_headers_or_another_scheme_are_refused(secured: Secured) -> None:
    secured.add("credit")
    token = secured.token("credit")
    connection = secured.connection("credit")
    for headers in ([("Authorization", f"Bearer {token}")] * 2, [("Authorization", f"Basic {token}")], [("Authorization", "Bearer")]):
        assert connection.get("/api/v1/session", headers=headers).status_code == 401
    assert connection.get("/api/v1/session", headers=[("authorization", f"bearer {token}")]).status_code == 200
