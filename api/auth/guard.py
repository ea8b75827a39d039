"""What a route asks of its caller. Every route says one of three things: a scope, that it is enough to be known, or that it is open.

An application with a route that says nothing does not start.
"""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Depends, FastAPI, Request
from fastapi.routing import iter_route_contexts

from api.auth.principal import LOCAL, Principal
from api.auth.scopes import Scope
from api.parameters import refuse_unknown
from api.problems import Finding, Kind, Problem

PRINCIPAL: Final = "hms.principal"
DENIED: Final = "hms.denied"
_PARAMETER: Final = re.compile(r"\{(\w+)(:path)?\}")


class Needs:
    """A dependency that lets pass who holds the scope, or the other one where there is one; `everywhere` asks besides that no hospital
    is hidden from the caller. Nobody passes with a query parameter that the route does not take."""

    def __init__(self, scope: Scope | None, *, everywhere: bool = False, other: Scope | None = None) -> None:
        self.scope = scope
        self.everywhere = everywhere
        self.other = other

    def met_by(self, scopes: Collection[Scope]) -> bool:
        """Whether who holds these has what is needed."""
        return self.scope is None or self.scope in scopes or self.other in scopes

    async def __call__(self, request: Request) -> None:
        """Raises Problem (403, or 422 for a parameter)."""
        who = request.scope[PRINCIPAL]
        if not self.met_by(who.scopes):
            request.scope[DENIED] = f"no scope {self.scope}"
            challenge = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{self.scope}"'}
            raise Problem(Kind.FORBIDDEN, f"This needs the scope {self.scope}.", headers=challenge)
        if self.everywhere and who.hospitals is not None:
            request.scope[DENIED] = "concerns all hospitals"
            raise Problem(Kind.FORBIDDEN, "This concerns all hospitals; you may see some.")
        refuse_unknown(request)


class Open:
    """A dependency that asks nothing. Parameters that nobody reads are let be: providers of identity and links add their own
    (RFC 6749 section 4.1.2)."""

    async def __call__(self) -> None:
        """Everybody passes."""


def needs(scope: Scope, *, everywhere: bool = False, other: Scope | None = None) -> Any:
    """For a route's `dependencies`: the scope that it needs, or another one that is as good."""
    return Depends(Needs(scope, everywhere=everywhere, other=other))


def signed_in() -> Any:
    """For a route that everybody may use who is known at all."""
    return Depends(Needs(None))


def open_to_all() -> Any:
    """For a route that asks for no credentials: nothing about a payment, a person or a hospital may be behind it."""
    return Depends(Open())


async def caller(request: Request) -> Principal:
    """Whoever asks."""
    found = request.scope[PRINCIPAL]
    assert isinstance(found, Principal)
    return found


Caller = Annotated[Principal, Depends(caller)]


def person(who: Principal, named: str) -> str:
    """Who goes on record with an action: whoever asks. Raises Problem (422) when the request names somebody else.

    While authentication is off nobody is known, and the name in the request counts.
    """
    if who is LOCAL:
        if not named:
            raise Problem(Kind.INVALID, "Say who does it.", errors=[Finding(detail="nobody is signed in while authentication is off")])
        return named
    if named not in {"", who.name}:
        found = Finding(detail="is whoever is signed in; leave it out")
        raise Problem(Kind.INVALID, "An action cannot be done in another one's name.", errors=[found])
    return who.name


def hidden(request: Request, detail: str) -> Problem:
    """What belongs to another hospital is answered as if it were not there, and goes into the trail."""
    request.scope[DENIED] = "another hospital's"
    return Problem(Kind.NOT_FOUND, detail)


class Declared(NamedTuple):
    """A route and what it asks."""

    method: str
    path: str
    asks: Needs | Open | None


def declared(app: FastAPI) -> Iterator[Declared]:
    """Every route of the application; `asks` None where one says nothing, or says two things."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        said = [each.call for each in dependant.dependencies if isinstance(each.call, Needs | Open)] if dependant else []
        for method in sorted(route.methods or ()):
            yield Declared(method, route.path_format or "", said[0] if len(said) == 1 else None)


def opened(app: FastAPI) -> Callable[[str], bool]:
    """Whether a path needs no credentials. Raises RuntimeError for an application with a route that does not say what it asks."""
    routes = list(declared(app))
    silent = [f"{route.method} {route.path}" for route in routes if route.asks is None]
    if silent:
        raise RuntimeError(f"these routes do not say which scope they need: {', '.join(silent)}")
    free = {route.path for route in routes if isinstance(route.asks, Open)}
    return re.compile("|".join(_pattern(path) for path in sorted(free))).fullmatch  # type: ignore[return-value]


def _pattern(path: str) -> str:
    parts = _PARAMETER.split(path)
    return "".join(re.escape(parts[place]) + (".*" if place + 1 < len(parts) else "") for place in range(0, len(parts), 3))
