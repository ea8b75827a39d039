"""People: the page behind a sign-in link, the session it begins, and its end."""

from datetime import UTC, datetime
from html import escape
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.auth.form import form_of
from api.auth.guard import DENIED, Caller, open_to_all, signed_in
from api.auth.identity import Identity
from api.auth.layer import ABOUT, COOKIE, WHO, cookie
from api.auth.sessions import Person
from api.models.common import Answer, Instant
from api.plain import plain
from api.problems import Kind
from api.responses import problems
from api.routes.oauth import Known

pages = APIRouter(include_in_schema=False, dependencies=[open_to_all()])
router = APIRouter(prefix="/api/v1/session", tags=["identity"], dependencies=[signed_in()])
_OUR_OWN: Final = frozenset({"same-origin", "none"})
"""what a browser says of a form that our own page sends (Fetch Metadata); other clients say nothing"""
_PROVIDER: Final = "<p><a href=/login/provider>Sign in with your organisation's account</a></p>"
_HOW: Final = (
    "<p>On the machine that runs the ledger, ask for a link and open it here:</p>"
    "<p><code>hms-ach login --name ana --role finance</code></p><p>A link signs in once, within ten minutes.</p>"
)


class Session(Answer):
    """Who is signed in. Send `csrf_token` in X-CSRF-Token with every request that changes something."""

    name: str
    kind: str
    role: str
    scopes: list[str]
    hospitals: list[str] | None
    csrf_token: str
    until: Instant | None


@pages.get("/login")
async def login(identity: Known, link: Annotated[str, Query(max_length=64)] = "") -> Response:
    """Who the link is for, and a button: the link is used up by pressing it, not by whoever previews it."""
    person = identity.sessions.invited(link, identity.now_s())
    if person is None:
        said = "<p>This link is not known, was used, or is too old.</p>" if link else ""
        return plain("Sign in", said + (_PROVIDER if identity.sign_in else "") + _HOW, 200 if not link else 404)
    form = (
        f"<p>Sign in as <b>{escape(person.name)}</b>, {escape(person.role)}{_where(person.hospitals)}.</p>"
        f"<form method=post action=/login><input type=hidden name=link value='{escape(link)}'><button>Sign in</button></form>"
    )
    return plain("Sign in", form)


@pages.post("/login")
async def begin(identity: Known, request: Request) -> Response:
    """Use the link up and begin the session. Another site's page does not sign anybody in: who works here unknowingly as somebody else
    leaves acts on the wrong record."""
    if request.headers.get("sec-fetch-site", "same-origin") not in _OUR_OWN:
        request.scope[DENIED] = "sign-in sent by another site"
        return plain("Sign in", "<p>Open the link itself: another site may not sign you in.</p>", 403)
    form = await form_of(request)
    found = identity.sessions.begin(form.get("link", ""), identity.now_s())
    if found is None:
        request.scope[DENIED] = "sign-in link unknown, used or too old"
        return plain("Sign in", "<p>This link is not known, was used, or is too old.</p>" + _HOW, 404)
    return begun(identity, request, found)


def begun(identity: Identity, request: Request, opened: tuple[str, Person]) -> Response:
    """The answer that begins a session: its cookie, and the way to the page. The trail says whose it is."""
    held, person = opened
    request.scope[WHO] = person.principal().subject
    request.scope[ABOUT] = person.role if person.hospitals is None else f"{person.role}@{','.join(person.hospitals)}"
    answer = RedirectResponse("/", 303)
    seconds = int(identity.sessions.seconds)
    answer.set_cookie(COOKIE, held, max_age=seconds, path="/", secure=True, httponly=True, samesite="strict")
    return answer


@router.get("", summary="Who am I?")
async def session(request: Request, who: Caller) -> Session:
    """The caller, a client or a person."""
    until = None
    identity = request.app.state.identity
    if identity is not None and who.kind == "person":
        person = identity.sessions.person(cookie(dict(request.scope["headers"])), identity.now_s())
        until = datetime.fromtimestamp(person.until_s, UTC) if person else None
    return Session(
        name=who.name,
        kind=who.kind,
        role=who.role,
        scopes=sorted(who.scopes),
        hospitals=None if who.hospitals is None else sorted(who.hospitals),
        csrf_token=who.csrf,
        until=until,
    )


@router.delete("", status_code=204, summary="Sign out", responses=problems(Kind.NOT_FOUND))
async def end(identity: Known, request: Request) -> Response:
    """The session is over, wherever its cookie still is."""
    identity.sessions.end(cookie(dict(request.scope["headers"])))
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    return answer


def _where(hospitals: tuple[str, ...] | None) -> str:
    return "" if hospitals is None else f", for {escape(', '.join(hospitals))}"
