"""A secured application behind a real socket, with real handshakes."""

import contextlib
import datetime as dt
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

from api.auth import pki
from api.auth.clients import Certificate, Client
from api.auth.folder import IdentityFolder, write_secret
from api.auth.peer import peer_protocol
from api.auth.scopes import CLIENTS
from api.auth.tls import client_context, server_context
from tests.api import socket_server
from tests.api.auth.world import Secured

NOW = dt.datetime.now(dt.UTC)


class Served:
    """The server, its authority, and certificates by name."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = IdentityFolder(folder / "identity")
        self.ca = pki.authority("test", NOW)
        pair = pki.server(self.ca, ["127.0.0.1", "localhost"], NOW)
        for path, content in (
            (self.folder.ca, self.ca.certificate),
            (self.folder.ca_key, self.ca.key),
            (self.folder.server, pair.certificate),
            (self.folder.server_key, pair.key),
        ):
            write_secret(path, content)
        self.secured = Secured(folder, api_names="127.0.0.1", **settings)
        self.secured.now_s = time.time()
        self.secured.identity.keys.rotate()
        self.url = ""

    def certificate(self, name: str, *, days: int = 30, ca: pki.Pair | None = None, made: dt.datetime = NOW) -> pki.Pair:
        """A client's certificate and key, kept as files as well."""
        pair = pki.client(ca or self.ca, name, made, days)
        write_secret(self.folder.certificate(name), pair.certificate)
        write_secret(self.folder.key(name), pair.key)
        return pair

    def add(self, name: str, kind: str = "credit") -> Client:
        """A registered client with a certificate of its own."""
        thumbprint, until = pki.described(self.certificate(name).certificate)
        client = Client(name, tuple(CLIENTS[kind]), None, (Certificate(thumbprint, until.isoformat()),))
        self.secured.identity.clients.put(client)
        return client

    def context(self, name: str | None = None) -> ssl.SSLContext:
        """A client's side of the connection."""
        if name is None:
            return client_context(self.folder.ca)
        return client_context(self.folder.ca, self.folder.certificate(name), self.folder.key(name))

    def connection(self, name: str | None = None, context: ssl.SSLContext | None = None) -> httpx2.Client:
        """A connection with this client's certificate, or with none."""
        return httpx2.Client(base_url=self.url, verify=context or self.context(name), timeout=10)

    def token(self, name: str) -> str:
        """The client's access token."""
        with self.connection(name) as client:
            answer = client.post("/oauth/token", data={"grant_type": "client_credentials", "client_id": name})
            assert answer.status_code == 200, answer.text
            return str(answer.json()["access_token"])


@contextlib.contextmanager
def serving(folder: Path, **settings: Any) -> Iterator[Served]:
    """The application until the block ends."""
    made = Served(folder, **settings)
    identity = made.secured.identity
    context = server_context(made.secured.settings)
    config = uvicorn.Config(
        _named(made.secured.app),
        http=peer_protocol(identity.clients.turned_away),
        ssl_context_factory=lambda _config, _default: context,
        lifespan="off",
        log_config=None,
        ws="none",
    )
    try:
        with socket_server.served(config, kind=socket_server.Ours) as port:
            made.url = f"https://127.0.0.1:{port}"
            yield made
    finally:
        identity.close()


def _named(app: Any) -> Any:
    """The application answers as `testserver`; what is tested here is what lies below HTTP."""

    async def asked(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope["headers"] = [(name, b"testserver" if name == b"host" else value) for name, value in scope["headers"]]
        await app(scope, receive, send)

    return asked
