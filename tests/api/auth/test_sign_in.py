"""People who sign in with an OpenID provider: the way that works, and every way that must not."""

import asyncio
import json
import threading
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from api.auth.layer import COOKIE
from api.auth.sessions import Person
from api.auth.sign_in import AT_A_TIME, CALLBACK, Turned
from api.routes.sign_in import ASKED
from tests.api.auth.openid import CLIENT
from tests.api.auth.signing_in import Met, refused
from tests.api.auth.world import Secured


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


def test_a_provider_that_hangs_keeps_nobody_else_waiting(met: Met, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many sign-ins as may wait do so in threads of their own; one more is told to come again, and then gets in."""
    sign_in, now_s = met.secured.identity.sign_in, met.secured.now_s
    assert sign_in is not None
    exchange, mended, threads = sign_in.provider.exchange, threading.Event(), set()

    def hang(*asked: str) -> str:
        threads.add(threading.current_thread().name.partition("_")[0])
        assert mended.wait(20)
        return exchange(*asked)

    monkeypatch.setattr(sign_in.provider, "exchange", hang)
    answers = []
    for _ in range(AT_A_TIME + 1):
        browser, place = met.leave()
        answers.append((browser.cookies[ASKED], dict(parse_qsl(urlsplit(met.answer(place)).query))))

    async def run() -> None:
        waiting = [asyncio.create_task(sign_in.finish(*answer, now_s)) for answer in answers]
        assert (await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED))[0] == {waiting[-1]}
        turned = await waiting[-1]
        assert isinstance(turned, Turned)
        assert turned.status == 503
        mended.set()
        assert {type(person) for person in await asyncio.gather(*waiting[:-1])} == {Person}
        assert isinstance(await sign_in.finish(*answers[-1], now_s), Person)

    asyncio.run(run())
    assert threads == {"sign-in"}


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
    assert f"You are known as mallory, but not let in ({why})." in answer.text
    assert json.loads(met.secured.trail()[-1])["who"] == "person:mallory"


@pytest.mark.parametrize("name", ["", "<script>", "auth0|123", "x" * 129, 7.5, None])
def test_a_name_that_cannot_go_on_record_signs_nobody_in(met: Met, name: Any) -> None:
    met.provider.person = {"sub": name, "groups": ["ledger-finance"]}
    refused(met, met.sign_in(), " sub")


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
