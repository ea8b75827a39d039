"""How a patient is reached. The ledger knows patients by tokens alone; a contact is looked up at the last moment and kept nowhere."""

import stat
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta, Struct


class ContactsError(Exception):
    """The contacts cannot be used; one sentence that says why, and holds none of them."""


class Contacts(Protocol):
    """Gives a number (E.164) for `sms` and an address for `email`."""

    def find(self, patient_id: str, channel: str) -> str | None:
        """The contact; None when none is known."""


class NoContacts:
    """Nobody is reached."""

    def find(self, _patient_id: str, _channel: str) -> str | None:
        """None."""
        return None


class SandboxContacts:
    """Made up of the token: numbers that are kept free for fiction, addresses in a domain that is nobody's (RFC 2606)."""

    def find(self, patient_id: str, channel: str) -> str | None:
        """A contact that reaches nobody."""
        digest = sha256(patient_id.encode()).hexdigest()
        return f"+1202555{100 + int(digest[:8], 16) % 100:04}" if channel == "sms" else f"{digest[:12]}@patients.example"


class _Line(Struct, forbid_unknown_fields=True):
    patient_id: str
    sms: Annotated[str, Meta(pattern=r"^(\+[1-9][0-9]{6,14})?$")] = ""
    email: Annotated[str, Meta(pattern=r"^([^@\s<>,;:\"]{1,64}@[A-Za-z0-9.-]{1,190})?$")] = ""


_decode = msgspec.json.Decoder(_Line).decode


class FileContacts:
    """A file of JSON lines: `{"patient_id": …, "sms": "+1…", "email": …}`; read again when it has changed."""

    def __init__(self, path: Path) -> None:
        """Raises ContactsError."""
        self._path = path
        self._changed_ns = -1
        self._known: dict[str, _Line] = {}
        self._read()

    def find(self, patient_id: str, channel: str) -> str | None:
        """The contact of the latest line of this patient. Raises ContactsError when the file became unusable."""
        self._read()
        line = self._known.get(patient_id)
        return (getattr(line, channel) or None) if line is not None else None

    def _read(self) -> None:
        try:
            found = self._path.stat()
            if found.st_mtime_ns == self._changed_ns:
                return
            if stat.S_IMODE(found.st_mode) & 0o077:
                raise ContactsError(f"{self._path} can be read by others; chmod 600 it")
            lines = self._path.read_bytes().splitlines()
        except OSError as error:
            raise ContactsError(f"{self._path} cannot be read: {type(error).__name__}") from None
        known = {}
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    contact = _decode(line)
                except msgspec.MsgspecError:
                    raise ContactsError(f"{self._path}, line {number} is no contact") from None
                known[contact.patient_id] = contact
        self._known, self._changed_ns = known, found.st_mtime_ns
