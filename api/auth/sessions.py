"""People: a link that signs in once, and the session that it begins. Both are files, so every process on the folder knows them.

Nothing that opens a door is kept: files are named by the SHA-256 of what the person's browser holds.
"""

import hashlib
import re
import secrets
from pathlib import Path
from typing import Final

import msgspec

from api.auth.folder import IdentityFolder, read_secret, write_secret
from api.auth.principal import Principal
from api.auth.scopes import ROLES

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/+=-]{0,127}")
LINK_S: Final = 600
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


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
        self._folder = folder
        self._seconds = hours * 3600

    def invite(self, name: str, role: str, hospitals: tuple[str, ...] | None, now_s: float) -> str:
        """The secret part of a link that signs this person in, once, within ten minutes."""
        assert role in ROLES, role
        token = secrets.token_urlsafe(32)
        _write(self._folder.links, token, Person(name, role, hospitals, now_s + LINK_S))
        return token

    def invited(self, token: str, now_s: float) -> Person | None:
        """Whom the link would sign in; it stays good."""
        return _read(self._folder.links, token, now_s)

    def begin(self, token: str, now_s: float) -> tuple[str, Person] | None:
        """Use a link up: the new session's secret and its person. None when the link is unknown, used or too old."""
        person = _read(self._folder.links, token, now_s)
        if person is None or not _take(self._folder.links, token):
            return None
        session = msgspec.structs.replace(person, until_s=now_s + self._seconds, csrf=secrets.token_urlsafe(24))
        held = secrets.token_urlsafe(32)
        self._sweep(now_s)
        _write(self._folder.sessions, held, session)
        return held, session

    def person(self, held: str, now_s: float) -> Person | None:
        """Whose session this is, while it lasts."""
        return _read(self._folder.sessions, held, now_s)

    def end(self, held: str) -> None:
        """Sign out. Harmless when repeated."""
        if _TOKEN.fullmatch(held):
            _take(self._folder.sessions, held)

    def _sweep(self, now_s: float) -> None:
        """Remove what has ended."""
        for folder in (self._folder.links, self._folder.sessions):
            for path in folder.glob("*.json"):
                found = _decoded(path)
                if found is not None and found.until_s < now_s:
                    path.unlink(missing_ok=True)


def _path(folder: Path, token: str) -> Path:
    return folder / f"{hashlib.sha256(token.encode()).hexdigest()}.json"


def _write(folder: Path, token: str, person: Person) -> None:
    write_secret(_path(folder, token), msgspec.json.encode(person))


def _read(folder: Path, token: str, now_s: float) -> Person | None:
    if not _TOKEN.fullmatch(token):
        return None
    found = _decoded(_path(folder, token))
    return found if found is not None and now_s < found.until_s else None


def _decoded(path: Path) -> Person | None:
    if not path.is_file():
        return None
    return msgspec.json.decode(read_secret(path), type=Person)


def _take(folder: Path, token: str) -> bool:
    """Whether it was this call that removed the file: of two that try at once, one succeeds."""
    try:
        _path(folder, token).unlink()
    except FileNotFoundError:
        return False
    return True
