"""An application with identity on: clients of two hospitals, people of every role, a clock that stands still until it is moved."""

import datetime as dt
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth.clients import Certificate, Client
from api.auth.identity import Identity
from api.auth.peer import STATE, Peer
from api.auth.scopes import CLIENTS, ROLES
from journal.settings import Settings
from tests.api.ledger_fake import World

BASE = "https://testserver"
FAR_S = 4e9
OWN, OTHER = "hospital-1", "hospital-2"


class Connection:
    """An application behind a connection with this client certificate, or without one."""

    def __init__(self, app: ASGIApp, thumbprint: str | None, expires_s: float = FAR_S) -> None:
        self._app = app
        self._peer = Peer(thumbprint, expires_s) if thumbprint else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._peer is not None:
            scope.setdefault("state", {})[STATE] = self._peer
        await self._app(scope, receive, send)


class Secured:
    """The world. `now_s` is its time."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.now_s = dt.datetime(2026, 3, 2, 14, tzinfo=dt.UTC).timestamp()
        given = {"auth": "on", "data_dir": folder, "rate_strangers_per_s": 10_000, "api_host": "0.0.0.0", "api_names": "ledger.test"}
        self.settings = Settings(**{**given, **settings})
        self.identity = Identity(self.settings, lambda: self.now_s)
        self.identity.keys.rotate()
        self.world = World(identity=self.identity)
        self.app: FastAPI = self.world.app

    def add(self, name: str, kind: str = "credit", hospitals: tuple[str, ...] | None = None, **more: Any) -> Client:
        """A client whose certificate's thumbprint is its name."""
        client = Client(name, tuple(CLIENTS[kind]), hospitals, (Certificate(name, "2030-01-01"),), **more)
        self.identity.clients.put(client)
        return client

    def connection(self, thumbprint: str | None = None, expires_s: float = FAR_S) -> TestClient:
        """A connection with or without a certificate."""
        return TestClient(Connection(self.app, thumbprint, expires_s), base_url=BASE, raise_server_exceptions=False)

    def token(self, name: str, **form: str) -> str:
        """A client's access token."""
        asked = {"grant_type": "client_credentials", "client_id": name, **form}
        answer = self.connection(name).post("/oauth/token", data=asked)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def client(self, name: str, token: str | None = None) -> TestClient:
        """A connection of a client that sends its token."""
        connection = self.connection(name)
        connection.headers["Authorization"] = f"Bearer {token or self.token(name)}"
        return connection

    def person(self, role: str, name: str = "ana", hospitals: tuple[str, ...] | None = None) -> TestClient:
        """A browser in which somebody has signed in, and whose page sends the session's token."""
        assert role in ROLES
        link = self.identity.sessions.invite(name, role, hospitals, self.now_s)
        browser = self.connection()
        answer: httpx2.Response = browser.post("/login", data={"link": link}, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        browser.headers["X-CSRF-Token"] = browser.get("/api/v1/session").json()["csrf_token"]
        return browser

    def trail(self) -> list[str]:
        """The lines of the trail."""
        return [line for file in sorted(self.identity.folder.trail.glob("*.jsonl")) for line in file.read_text().splitlines()]
