"""JSON bodies read strictly: UTF-8 alone, no duplicate keys, no NaN, no endless numbers, no deep nesting."""

import json
from typing import Any, Final

from fastapi import Request
from fastapi.routing import APIRoute

from api.problems import Kind, Problem

DEPTH_MAX: Final = 32
_DIGITS_MAX: Final = 18


class _RefusedError(ValueError):
    """Why a document is refused; holds nothing of its content."""


def parse(raw: bytes) -> Any:
    """The value of a JSON document. Raises Problem (400) that says what is wrong with it."""
    if _depth_over(raw, DEPTH_MAX):
        raise Problem(Kind.MALFORMED_JSON, f"The body is nested more than {DEPTH_MAX} levels deep.")
    try:
        return json.loads(
            raw.decode(),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
        )
    except UnicodeDecodeError:
        raise Problem(Kind.MALFORMED_JSON, "The body is not UTF-8.") from None
    except _RefusedError as why:
        raise Problem(Kind.MALFORMED_JSON, f"{why}.") from None
    except json.JSONDecodeError as error:
        raise Problem(Kind.MALFORMED_JSON, f"Not JSON: {error.msg.lower()} at line {error.lineno}, column {error.colno}.") from None


class StrictRequest(Request):
    """A request whose JSON is read by `parse`."""

    async def json(self) -> Any:
        """The body's value."""
        return parse(await self.body())


class StrictRoute(APIRoute):
    """A route that reads its body strictly and takes JSON alone."""

    def get_route_handler(self) -> Any:
        """The handler, given a StrictRequest."""
        handle = super().get_route_handler()

        async def strict(request: Request) -> Any:
            if self.body_field is not None:
                kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
                if kind != "application/json":
                    raise Problem(Kind.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json.")
            return await handle(StrictRequest(request.scope, request.receive, request._send))  # noqa: SLF001 - Starlette has no other way

        return strict


def _depth_over(raw: bytes, limit: int) -> bool:
    """Whether brackets are nested more than `limit` deep. Brackets inside strings do not count."""
    if raw.count(b"[") + raw.count(b"{") <= limit:
        return False
    depth, quoted, escaped = 0, False, False
    for byte in raw:
        if quoted:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                quoted = False
        elif byte == 0x22:
            quoted = True
        elif byte in b"[{":
            depth += 1
            if depth > limit:
                return True
        elif byte in b"]}":
            depth -= 1
    return False


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _RefusedError("An object names the same key twice")
    return made


def _constant(name: str) -> None:
    raise _RefusedError(f"{name} is not JSON")


def _integer(text: str) -> int:
    if len(text) > _DIGITS_MAX:
        raise _RefusedError(f"A number has more than {_DIGITS_MAX} digits")
    return int(text)
