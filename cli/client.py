"""The command line as a client of the API: TLS, its own certificate, and an access token when one is needed."""

import time
from collections.abc import Generator
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx2

from cli.errors import UserError

if TYPE_CHECKING:
    import ssl

    from journal.settings import Settings

CLIENT = "local"
"""The client that `pki init` makes for this machine's own command line."""
_EARLY_S = 20.0


class TokenAuth(httpx2.Auth):
    """Asks for an access token when there is none, or when it is about to end; over the same connection, whose certificate it fits."""

    def __init__(self, name: str = CLIENT) -> None:
        self._name = name
        self._token = ""
        self._until_s = 0.0

    def sync_auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        """The request with a token. Raises UserError when the API gives none."""
        if time.monotonic() > self._until_s:
            form = {"grant_type": "client_credentials", "client_id": self._name}
            answer = yield httpx2.Request("POST", request.url.copy_with(raw_path=b"/oauth/token"), data=form)
            answer.read()
            if answer.status_code != HTTPStatus.OK:
                raise UserError(f"The API gives the client {self._name} no access token: {answer.status_code}; see `hms-ach clients list`.")
            said = answer.json()
            self._token = said["access_token"]
            self._until_s = time.monotonic() + said["expires_in"] - _EARLY_S
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def connect(settings: "Settings", timeout_s: float, name: str = CLIENT) -> httpx2.Client:
    """A client of the API at its address. Raises SecretError when the certificate files are not there."""
    if settings.auth == "off":
        return httpx2.Client(base_url=settings.api_url(), timeout=timeout_s)
    return httpx2.Client(base_url=settings.api_url(), timeout=timeout_s, verify=tls(settings, name), auth=TokenAuth(name))


def tls(settings: "Settings", name: str = CLIENT) -> "ssl.SSLContext":
    """Our side of the connection, with the certificate of this client."""
    from api.auth.folder import IdentityFolder
    from api.auth.tls import client_context

    folder = IdentityFolder(settings.identity_folder())
    return client_context(folder.ca, folder.certificate(name), folder.key(name))


def access_token(settings: "Settings", name: str = CLIENT) -> str:
    """An access token of the client. Raises UserError when the API gives none or does not answer."""
    form = {"grant_type": "client_credentials", "client_id": name}
    try:
        with httpx2.Client(base_url=settings.api_url(), timeout=10.0, verify=tls(settings, name)) as client:
            answer = client.post("/oauth/token", data=form)
    except httpx2.TransportError as error:
        raise UserError(f"The API at {settings.api_url()} does not answer ({type(error).__name__}); `hms-ach up` starts it.") from error
    if answer.status_code != HTTPStatus.OK:
        raise UserError(f"The API gives the client {name} no access token: {answer.status_code}; see `hms-ach clients list`.")
    return str(answer.json()["access_token"])
