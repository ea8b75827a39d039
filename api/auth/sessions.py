"""People: a link that signs in once, and the session that a link or a provider's word begins. Every process on the folder knows them."""

import re
import secrets
from typing import Final

import msgspec

from api.auth.folder import IdentityFolder
from api.auth.held import Held
from api.auth.principal import Principal
from api.auth.scopes import ROLES

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/+=-]{0,127}")
"""of a person, as events carry it (`ledger.envelope.Token`): with other characters somebody could sign in, and do nothing"""
LINK_S: Final = 600


class Person(msgspec.Struct, frozen=True):
    """Who signs in, as what, for which hospitals (None: all), and until when, as a Unix second."""

    name: str
    role: str
    hospitals: tuple[str, ...] | None
    until_s: float
    csrf: str = ""

    def principal(self) -> Principal:
        """What this person may do."""
        hospitals = None if self.hospitals is None else frozenset(self.hospitals)
        return Principal("person", self.name, ROLES.get(self.role, frozenset()), hospitals, self.role, self.csrf)


class Sessions:
    """Links and sessions of one folder. `hours` is how long a session lasts."""

    def __init__(self, folder: IdentityFolder, hours: float) -> None:
        self._links = Held(folder.links, Person)
        self._sessions = Held(folder.sessions, Person)
        self.seconds = hours * 3600

    def invite(self, name: str, role: str, hospitals: tuple[str, ...] | None, now_s: float) -> str:
        """The secret part of a link that signs this person in, once, within ten minutes."""
        assert role in ROLES, role
        return self._links.put(Person(name, role, hospitals, now_s + LINK_S), now_s)

    def invited(self, token: str, now_s: float) -> Person | None:
        """Whom the link would sign in; it stays good."""
        return self._links.get(token, now_s)

    def begin(self, token: str, now_s: float) -> tuple[str, Person] | None:
        """Use a link up: the new session's secret and its person. None when the link is unknown, used or too old."""
        person = self._links.get(token, now_s)
        if person is None or not self._links.take(token):
            return None
        return self.open(person, now_s)

    def open(self, person: Person, now_s: float) -> tuple[str, Person]:
        """A new session of somebody who has proved who they are: its secret, and the person in it."""
        session = msgspec.structs.replace(person, until_s=now_s + self.seconds, csrf=secrets.token_urlsafe(24))
        return self._sessions.put(session, now_s), session

    def person(self, held: str, now_s: float) -> Person | None:
        """Whose session this is, while it lasts."""
        return self._sessions.get(held, now_s)

    def end(self, held: str) -> None:
        """Sign out. Harmless when repeated."""
        self._sessions.take(held)
