"""Our application and the OpenID provider that it knows, and a browser's way between them."""

import ssl
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx2
from fastapi.testclient import TestClient

from api.auth.layer import COOKIE
from tests.api.auth.openid import Provider
from tests.api.auth.world import Secured

ROLES = {
    "ledger-finance": "finance",
    "ledger-h1": "viewer@hospital-1",
    "ledger-h2": "viewer@hospital-2",
    "ledger-approve": "approver",
}


class Met(NamedTuple):
    """Our application, and the provider that it knows."""

    secured: Secured
    provider: Provider

    def leave(self) -> tuple[TestClient, str]:
        """A browser that was sent to the provider, and where to."""
        browser = self.secured.connection()
        answer = browser.get("/login/provider", follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return browser, answer.headers["Location"]

    def answer(self, place: str) -> str:
        """Path and query with which the provider sends the browser back."""
        with httpx2.Client(verify=ssl.create_default_context(cafile=self.provider.authority)) as client:
            back = client.get(place, follow_redirects=False)
        assert back.status_code == 302, back.text
        parts = urlsplit(back.headers["Location"])
        return f"{parts.path}?{parts.query}"

    def sign_in(self) -> httpx2.Response:
        """The whole way."""
        browser, place = self.leave()
        return browser.get(self.answer(place), follow_redirects=False)


def refused(met: Met, answer: httpx2.Response, why: str, status: int = 403) -> None:
    """It signs nobody in, says so on a page, and the trail says why."""
    assert answer.status_code == status, answer.text
    assert COOKIE not in [name.split("=")[0] for name in answer.headers.get_list("set-cookie")]
    assert "<p role=alert>" in answer.text
    assert why in met.secured.trail()[-1]
