"""How a patient is reached. The ledger knows patients by tokens alone; a contact is looked up at the last moment and kept nowhere."""

import re
import stat
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final, Protocol

import msgspec
from msgspec import Meta, Struct

from journal.keys.sealer import Sealer, Unopened

EVENT: Final = "consent.changed.v1"
FIELD: Final = "contact"


class ContactsError(Exception):
    """The contacts cannot be used; one sentence that says why, and holds none of them."""


class Contacts(Protocol):
    """Gives a number (E.164) for `sms` and an address for `email`."""

    def find(self, patient_id: str, channel: str, sealed: str) -> str | None:
        """The contact; None when none is known. `sealed` is what came with the consent, empty for nothing."""


class NoContacts:
    """Nobody is reached."""

    def find(self, _patient_id: str, _channel: str, _sealed: str) -> str | None:
        """None."""
        return None


class SandboxContacts:
    """Made up of the token: numbers that are kept free for fiction, addresses in a domain that is nobody's (RFC 2606)."""

    def find(self, patient_id: str, channel: str, _sealed: str) -> str | None:
        """A contact that reaches nobody."""
        digest = sha256(patient_id.encode()).hexdigest()
        return f"+1202555{100 + int(digest[:8], 16) % 100:04}" if channel == "sms" else f"{digest[:12]}@patients.example"


_NUMBER: Final = r"\+[1-9][0-9]{6,14}"
_ADDRESS: Final = r"[^@\s<>,;:\"]{1,64}@[A-Za-z0-9.-]{1,190}"


class _Line(Struct, forbid_unknown_fields=True):
    patient_id: str
    sms: Annotated[str, Meta(pattern=rf"^({_NUMBER})?\Z")] = ""
    email: Annotated[str, Meta(pattern=rf"^({_ADDRESS})?\Z")] = ""


_decode = msgspec.json.Decoder(_Line).decode


class SealedContacts:
    """What the patient gave with the consent, opened with the patient's own key; where nothing was given, what another source knows.

    Who was erased is not reached at all.
    """

    def __init__(self, sealer: Sealer, others: Contacts) -> None:
        self._sealer = sealer
        self._others = others

    def find(self, patient_id: str, channel: str, sealed: str) -> str | None:
        """The contact; None for one that cannot be opened or is none for this channel. Raises KeyAccessError without the master key."""
        if self._sealer.store.erasure(patient_id) is not None:
            return None
        if not sealed:
            return self._others.find(patient_id, channel, sealed)
        plain = self._sealer.open(sealed, EVENT, FIELD, patient_id)
        if plain is Unopened.KEY_MISSING:  # a message is due later than its key is made
            self._sealer.store.catch_up()
            plain = self._sealer.open(sealed, EVENT, FIELD, patient_id)
        if isinstance(plain, Unopened):
            return None
        text = plain.decode("ascii", "replace").strip()
        return text if re.fullmatch(_NUMBER if channel == "sms" else _ADDRESS, text) else None


class FileContacts:
    """A file of JSON lines: `{"patient_id": …, "sms": "+1…", "email": …}`; read again when it has changed."""

    def __init__(self, path: Path) -> None:
        """Raises ContactsError."""
        self._path = path
        self._changed_ns = -1
        self._known: dict[str, _Line] = {}
        self._read()

    def find(self, patient_id: str, channel: str, _sealed: str) -> str | None:
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
