"""The fold of the topic of subjects' keys: which keys a subject has, and who was erased. Pure of I/O, so it is tested without a broker."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from journal.keys import records
from journal.keys.records import Erasure, WrappedKey
from ledger.seal import subject_of


class Version(NamedTuple):
    """A version of a subject's data key: its name, and the wrapped key."""

    kid: str
    key: WrappedKey


class Subjects:
    """Keys by subject, the oldest first. Who was erased has none, whatever comes later."""

    def __init__(self) -> None:
        self._keys: dict[str, tuple[Version, ...]] = {}
        self.erasures: dict[str, Erasure] = {}
        self.strays: dict[str, str] = {}
        """keys of erased subjects that still lie in the topic: their name to the subject's; they are to be destroyed as well"""
        self.unreadable = 0

    def take(self, key: bytes, value: bytes | None) -> None:
        """Take in one record. One that cannot be read is counted and left alone."""
        kind, about = records.named(key)
        try:
            if kind == records.ERASED and value is not None:
                self.erasures[about] = records.decode_erasure(value)
                self.strays |= dict.fromkeys((version.kid for version in self._keys.pop(about, ())), about)
            elif kind == records.KEY:
                self._key(about, None if value is None else records.decode_key(value))
        except msgspec.MsgspecError:
            self.unreadable += 1

    def of(self, subject: str) -> tuple[Version, ...]:
        """The subject's keys, the oldest first."""
        return self._keys.get(subject, ())

    def named(self, kid: str) -> WrappedKey | None:
        """One key by its name."""
        return next((version.key for version in self.of(subject_of(kid)) if version.kid == kid), None)

    def all(self) -> Iterator[Version]:
        """Every key, as of now."""
        for versions in list(self._keys.values()):
            yield from versions

    def __len__(self) -> int:
        return len(self._keys)

    def _key(self, kid: str, key: WrappedKey | None) -> None:
        subject = subject_of(kid)
        if subject in self.erasures:
            if key is None:
                self.strays.pop(kid, None)
            else:
                self.strays[kid] = subject
            return
        others = [version for version in self._keys.get(subject, ()) if version.kid != kid]
        if key is not None:
            others.append(Version(kid, key))
        if others:
            self._keys[subject] = tuple(sorted(others, key=lambda version: (version.key.made_ms, version.kid)))
        else:
            self._keys.pop(subject, None)
