"""The web page: files of the package `dashboards.web`, sent under a policy that allows nothing but them."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Path, Request, Response

from api.auth.guard import open_to_all
from api.problems import Kind, Problem

router = APIRouter(include_in_schema=False, dependencies=[open_to_all()])
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TYPES: Final = {".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_SENT: Final = frozenset({".html", ".js", ".mjs", ".css", ".svg", ".txt"})
_SMALL_BYTES: Final = 1_000


class Asset(NamedTuple):
    """A file as it is sent. `packed` is it again after gzip, empty where that gains nothing."""

    media_type: str
    tag: str
    body: bytes
    packed: bytes


@cache
def assets() -> dict[str, Asset]:
    """Every file by its path below the folder; read once, when the page is first asked for."""
    return {path: _asset(path, file.read_bytes()) for path, file in _files(resources.files("dashboards") / "web", "")}


@router.get("/")
async def index(request: Request) -> Response:
    """The page; its views are behind the `#`."""
    return _answer(request, "index.html")


@router.get("/web/{path:path}")
async def file(request: Request, path: Annotated[str, Path(max_length=200)]) -> Response:
    """A file of the page."""
    return _answer(request, path)


def _answer(request: Request, path: str) -> Response:
    asset = assets().get(path)
    if asset is None:
        raise Problem(Kind.NOT_FOUND, "The page has no such file.")
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "ETag": asset.tag, "Vary": "Accept-Encoding"}
    if asset.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if asset.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.body, headers=headers, media_type=asset.media_type)


def _files(folder: Traversable, above: str) -> Iterator[tuple[str, Traversable]]:
    for file in folder.iterdir():
        if file.is_dir():
            yield from _files(file, f"{above}{file.name}/")
        elif any(file.name.endswith(suffix) for suffix in _SENT):
            yield f"{above}{file.name}", file


def _asset(path: str, body: bytes) -> Asset:
    suffix = path[path.rfind(".") :]
    media_type = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    packed = gzip.compress(body, 6, mtime=0) if len(body) > _SMALL_BYTES else b""
    return Asset(media_type, f'"{hashlib.sha256(body).hexdigest()[:32]}"', body, packed)
