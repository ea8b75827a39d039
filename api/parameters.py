"""Query parameters that a route does not take are refused: who misspells a filter must not be shown everything instead."""

import difflib
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Final

from fastapi import Request
from fastapi.dependencies.models import Dependant

from api.problems import Finding, Kind, Problem

_NAME_MAX: Final = 100
_FINDINGS_MAX: Final = 20


def refuse_unknown(request: Request) -> None:
    """Raises Problem (422) that names what the route does not take, with the nearest that it does, and what is given twice."""
    if not request.query_params:
        return
    taken = set(_taken(request.scope["route"].dependant))
    given = Counter(name for name, _ in request.query_params.multi_items())
    found = [Finding(detail=_unknown(name, taken), parameter=name[:_NAME_MAX]) for name in given if name not in taken]
    found += [Finding(detail="is given more than once", parameter=name) for name in sorted(taken) if given[name] > 1]
    if found:
        several = "1 thing is" if len(found) == 1 else f"{len(found)} things are"
        raise Problem(Kind.INVALID, f"{several} wrong; see errors.", errors=found[:_FINDINGS_MAX])


def _taken(asked: Dependant) -> Iterator[str]:
    """The names that a route takes, those of what it depends on among them."""
    yield from (field.alias for field in asked.query_params)
    for each in asked.dependencies:
        yield from _taken(each)


def _unknown(name: str, taken: Collection[str]) -> str:
    near = difflib.get_close_matches(name.lower()[:_NAME_MAX], taken, n=2)
    if near:
        return f"there is no such parameter here; did you mean {' or '.join(near)}?"
    return f"there is no such parameter here; there are {', '.join(sorted(taken))}" if taken else "no parameter is taken here"
