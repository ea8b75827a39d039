"""One question to the API on behalf of a person at the terminal."""

import getpass
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx2

from cli.client import CLIENT, connect
from cli.errors import UserError

if TYPE_CHECKING:
    from journal.settings import Settings

_TIMEOUT_S = 30.0


def ask(
    settings: "Settings",
    method: str,
    path: str,
    *,
    body: Mapping[str, Any] | None = None,
    query: Mapping[str, str] | None = None,
    raw: bool = False,
    name: str = CLIENT,
) -> Any:
    """The API's answer to this client. Raises UserError with what it says is wrong."""
    if settings.auth != "off" and name != CLIENT:
        must_be_here(settings, name)
    try:
        with connect(settings, _TIMEOUT_S, name) as client:
            answer = client.request(method, path, json=body, params=query)
    except httpx2.TransportError as error:
        raise UserError(f"The API at {settings.api_url()} does not answer ({type(error).__name__}); `hms-ach up` starts it.") from error
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        raise UserError(_why(answer))
    return answer.text if raw else answer.json()


def must_be_here(settings: "Settings", name: str) -> None:
    """Raises UserError unless the client's certificate and key are in the identity folder."""
    from api.auth.clients import NAME
    from api.auth.folder import IdentityFolder

    folder = IdentityFolder(settings.identity_folder())
    if not (NAME.fullmatch(name) and folder.certificate(name).exists() and folder.key(name).exists()):
        raise UserError(f"--by {name}: no client of this name has its certificate here; `hms-ach clients add` makes one.")


def named(settings: "Settings") -> dict[str, str]:
    """Who goes on record: this machine's user while authentication is off, else whoever the API knows us as."""
    return {"requested_by": getpass.getuser()} if settings.auth == "off" else {}


def _why(answer: httpx2.Response) -> str:
    try:
        problem = json.loads(answer.content)
    except ValueError:
        return f"The API answered {answer.status_code}."
    findings = "; ".join(_finding(found) for found in problem.get("errors", []))
    return f"The API refused: {problem.get('detail', answer.status_code)}{f' [{findings}]' if findings else ''}"


def _finding(found: Mapping[str, str]) -> str:
    where = found.get("parameter") or found.get("pointer")
    return f"{where}: {found['detail']}" if where else found["detail"]
