"""Signing in with an OpenID provider: authorization code with PKCE, state and nonce, bound to the browser that began it.

What was asked is a file that the browser's cookie leads to and that is taken when the answer comes: an answer counts once, in the
browser that asked, within ten minutes.
"""

import asyncio
import base64
import hashlib
import secrets
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import msgspec

from api.auth import id_token
from api.auth.folder import IdentityFolder, SecretError
from api.auth.held import Held
from api.auth.proof import same
from api.auth.provider import Provider
from api.auth.roles import granted, grants
from api.auth.sessions import LINK_S, NAME, Person
from api.auth.token import Refused
from journal.settings import Settings

CALLBACK: Final = "/login/provider/callback"
AT_A_TIME: Final = 8
"""answers that may wait for the provider at once, some ten seconds each while it hangs"""
_SCOPES: Final = "openid profile email"


class Asked(msgspec.Struct, frozen=True):
    """One question to the provider, good until a Unix second."""

    state: str
    nonce: str
    verifier: str
    until_s: float


class Turned(NamedTuple):
    """Why somebody is not signed in: the page's words with its status, the trail's, and who it is as far as that is proved."""

    status: int
    words: str
    why: str
    who: str = ""


_UNKNOWN: Final = "This sign-in is not known in this browser, was used, or took longer than ten minutes. Begin again."
_AWAY: Final = Turned(503, "Your organisation's sign-in does not answer. Try again in a moment.", "the provider does not answer")
_BUSY: Final = Turned(503, "Many people are signing in. Load this page again in a moment.", "too many sign-ins wait for the provider")


class SignIn:
    """The way through the provider of the settings. Raises ValueError for a table of roles that says nothing."""

    def __init__(self, settings: Settings, folder: IdentityFolder) -> None:
        self.provider = Provider(settings)
        self._asked = Held(folder.asked, Asked)
        self._client_id = settings.oidc_client_id
        self._callback = f"{(settings.oidc_address or settings.issuer_name()).rstrip('/')}{CALLBACK}"
        self._role_claim = settings.oidc_role_claim
        self._name_claim = settings.oidc_name_claim
        self._threads = ThreadPoolExecutor(AT_A_TIME, "sign-in")
        self._room = threading.BoundedSemaphore(AT_A_TIME)
        try:
            self._table = grants(settings.oidc_roles)
        except ValueError as error:
            raise ValueError(f"HMS_OIDC_ROLES: {error}") from error

    def begin(self, now_s: float) -> tuple[str, str] | Turned:
        """Where the browser goes, and what it holds meanwhile. Writes a file: not for the event loop."""
        if self.provider.metadata is None:
            return _AWAY
        asked = Asked(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), now_s + LINK_S)
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._callback,
            "scope": _SCOPES,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": challenge(asked.verifier),
            "code_challenge_method": "S256",
        }
        place = self.provider.metadata.authorization_endpoint
        return f"{place}{'&' if '?' in place else '?'}{urlencode(query)}", self._asked.put(asked, now_s)

    async def finish(self, held: str, answer: Mapping[str, str], now_s: float) -> Person | Turned:
        """Whom the provider's answer signs in.

        Asks the provider, in threads of its own: while it hangs, nothing else waits. Whoever is turned away because they are all taken
        may come again with the same answer.
        """
        if not self._room.acquire(blocking=False):
            return _BUSY
        asking = self._threads.submit(self._finish, held, answer, now_s)
        asking.add_done_callback(lambda _: self._room.release())
        return await asyncio.wrap_future(asking)

    def _finish(self, held: str, answer: Mapping[str, str], now_s: float) -> Person | Turned:
        asked, metadata = self._asked.get(held, now_s), self.provider.metadata
        if asked is None or not same(asked.state, answer.get("state", "")):
            return Turned(403, _UNKNOWN, "sign-in that this browser did not begin" if asked else "sign-in unknown, used or too old")
        if metadata is None:
            return _AWAY
        if (
            answer.get("iss", "" if metadata.authorization_response_iss_parameter_supported else self.provider.issuer)
            != self.provider.issuer
        ):
            return Turned(403, "The answer is not from your organisation's sign-in.", "the answer names another issuer (RFC 9207)")
        if not self._asked.take(held):
            return Turned(403, _UNKNOWN, "sign-in used twice at once")
        if not answer.get("code"):
            return Turned(
                403, "Your organisation's sign-in did not let you in.", f"the provider said {answer.get('error', 'nothing')[:64]}"
            )
        try:
            token = self.provider.exchange(answer["code"], asked.verifier, self._callback)
        except (OSError, SecretError) as error:
            return Turned(403, "Your organisation's sign-in did not confirm it. Begin again.", str(error))
        claims = id_token.read(token, self.provider.accepted(), asked.nonce, now_s)
        if isinstance(claims, Refused):
            return Turned(403, "What your organisation's sign-in said cannot be accepted.", f"ID token refused: {claims.why}")
        return self._person(claims, now_s)

    def _person(self, claims: Mapping[str, Any], now_s: float) -> Person | Turned:
        name = str(claims.get(self._name_claim, ""))
        if not NAME.fullmatch(name) or (self._name_claim == "email" and claims.get("email_verified") is not True):
            words = "Your organisation's sign-in gives no name that can go on record. Ask whoever runs the ledger."
            return Turned(403, words, f"no proper {self._name_claim}")
        grant = granted(claims.get(self._role_claim), self._table)
        if isinstance(grant, str):
            words = f"You are known as {name}, but not let in ({grant}). Ask whoever runs the ledger."
            return Turned(403, words, grant, f"person:{name}")
        return Person(name, grant.role, grant.hospitals, now_s)


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636 section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
