"""Bodies of HTML forms and of OAuth: small, and every name once."""

from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from api.problems import Kind, Problem

_MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
_FIELDS_MAX: Final = 20


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form. Raises Problem (400, 415); a name given twice is refused (RFC 6749 section 3.2)."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _MEDIA_TYPE:
        raise Problem(Kind.UNSUPPORTED_MEDIA_TYPE, f"Send {_MEDIA_TYPE}.")
    try:
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=_FIELDS_MAX)
    except ValueError:
        raise Problem(Kind.BAD_REQUEST, "The form cannot be read.") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise Problem(Kind.BAD_REQUEST, "The form names a field twice.")
    return dict(pairs)
