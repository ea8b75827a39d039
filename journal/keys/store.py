"""The keys of subjects: made, given out, destroyed and wrapped anew. What is held in memory is made again from the topic.

Keys stay wrapped in memory as well: unwrapping one costs a few microseconds, and what is never kept need not be forgotten.
"""

import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, Protocol, Self

from confluent_kafka import KafkaException

from journal.keys import records
from journal.keys.jwe import KEY_BYTES
from journal.keys.log import KeyLog, Pair
from journal.keys.masters import KeyAccessError, Masters, masters_of
from journal.keys.records import Erasure, WrappedKey
from journal.keys.subjects import Subjects, Version
from journal.settings import Settings
from journal.topics import SUBJECT_KEYS
from ledger.seal import kid_of, subject_of

_QUIET_S: Final = 0.1
_RETRY_S: Final = 1.0
_STARTS_S: Final = 60.0
_PAGE: Final = 1000
BEAT: Final = b"beat"
"""key of a record that says nothing"""
log = logging.getLogger(__name__)


class SubjectErasedError(Exception):
    """The subject was erased: nothing is sealed for them any more."""


class DataKey(NamedTuple):
    """A data key in the clear, and its name. Not to be kept."""

    kid: str
    key: bytes


class Standing(NamedTuple):
    """What the store holds."""

    subjects: int
    keys: dict[str, int]
    """by the master key that wraps them"""
    erased: int
    strays: int
    """keys of erased subjects that are still to be destroyed"""
    master: str


class Log(Protocol):
    """What the store asks of a key topic: `journal.keys.log.KeyLog`, or one in memory."""

    @property
    def next_offset(self) -> int:
        """The offset behind what was read."""

    def read(self, seconds: float) -> list[Pair]:
        """The next records."""

    def end(self) -> int:
        """The offset behind the last record."""

    def write(self, records: Mapping[bytes, bytes | None]) -> None:
        """Write, durably."""

    def close(self) -> None:
        """Let go."""


class KeyStore:
    """Follows the topic in a thread from `start` to `close`. It is read through one log and written through another."""

    def __init__(self, reading: Log, writing: Log, masters: Masters) -> None:
        self._log = reading
        self._out = writing
        self._masters = masters
        self._subjects = Subjects()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._reading = threading.Lock()
        self._thread = threading.Thread(target=self._follow, name="subject-keys", daemon=True)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The store of these settings, not started. Raises KeyAccessError without a master key."""
        return cls(KeyLog(settings, SUBJECT_KEYS), KeyLog(settings, SUBJECT_KEYS), masters_of(settings))

    def start(self) -> Self:
        """Read everything there is, then follow. Raises KafkaException, and KeyAccessError when the broker does not answer in time."""
        self.catch_up(_STARTS_S)
        self._thread.start()
        return self

    def follow(self) -> Self:
        """Follow without waiting for what there is; until that is read every question is answered with KeyAccessError."""
        self._thread.start()
        return self

    def close(self) -> None:
        """End within a second."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)
        self._log.close()
        self._out.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.close()

    def catch_up(self, seconds: float = 15.0) -> None:
        """Read up to where the topic ends now. Raises KeyAccessError when that takes longer."""
        with self._reading:
            end, deadline = self._log.end(), time.monotonic() + seconds
            while self._log.next_offset < end:
                self._take(_QUIET_S)
                if time.monotonic() > deadline:
                    raise KeyAccessError("The topic of keys cannot be read in time; is Kafka well?")
            self._ready.set()

    def erasure(self, subject: str) -> Erasure | None:
        """Who had the subject erased and when; None for everybody else."""
        return self._subjects.erasures.get(subject)

    def has(self, subject: str) -> bool:
        """Whether the subject has a key."""
        return bool(self._subjects.of(subject))

    def keys_of(self, subject: str) -> tuple[Version, ...]:
        """The subject's keys as they are stored: wrapped."""
        return self._known().of(subject)

    def newest(self, subject: str) -> DataKey | None:
        """The key that seals; None when the subject has none (any more). Raises KeyAccessError when the master key is not held."""
        versions = self._known().of(subject)
        return self._opened(versions[-1]) if versions else None

    def oldest(self, subject: str) -> DataKey | None:
        """The key that keyed digests are made with: it stays the same when newer ones are made."""
        versions = self._known().of(subject)
        return self._opened(versions[0]) if versions else None

    def named(self, kid: str) -> DataKey | None:
        """A key by its name; None when there is none of it (any more)."""
        found = self._known().named(kid)
        return self._opened(Version(kid, found)) if found is not None else None

    def make(self, subject: str) -> DataKey:
        """A new version of the subject's key, durable before it is used. Raises SubjectErasedError and KeyAccessError.

        Two processes may make one at the same time: both are good, the newer seals.
        """
        if subject in self._known().erasures:
            raise SubjectErasedError(subject)
        kid = kid_of(subject, secrets.token_hex(5))
        key = secrets.token_bytes(KEY_BYTES)
        others = self._subjects.of(subject)
        made_ms = max(time.time_ns() // 1_000_000, others[-1].key.made_ms + 1 if others else 0)
        value = records.encode(WrappedKey(*self._masters.wrap(key, kid), made_ms))
        self._write({records.name(records.KEY, kid): value})
        return DataKey(kid, key)

    def destroy(self, subject: str, by: str, ticket: str = "") -> Erasure:
        """Erase a subject: from here on nothing that was sealed for them can be opened. Done again it changes nothing.

        The word comes first, then the keys: after a crash in between every reader already knows, and another call finishes.
        """
        kids = [version.kid for version in self._known().of(subject)]
        erasure = self._subjects.erasures.get(subject)
        if erasure is None:
            erasure = Erasure(time.time_ns() // 1_000_000, by, ticket)
            self._write({records.name(records.ERASED, subject): records.encode(erasure)})
        kids += [kid for kid, owner in list(self._subjects.strays.items()) if owner == subject]
        self._write({records.name(records.KEY, kid): None for kid in kids})
        return erasure

    def beat(self, within_s: float) -> None:
        """Append to the topic when somebody was erased lately: Kafka compacts a segment only once a later record has closed it."""
        horizon_ms = time.time_ns() // 1_000_000 - int(within_s * 1000)
        if any(erasure.at_ms > horizon_ms for erasure in list(self._subjects.erasures.values())):
            self._write({BEAT: str(time.time_ns()).encode()})

    def rewrap(self, advance: Callable[[int, int], None] = lambda _done, _of: None) -> int:
        """Wrap with the current master key what older ones wrap; how many that were. What was sealed is not touched.

        It may be broken off and begun again at any time: each key is wholly under the one or the other.
        """
        waiting = [version for version in self._subjects.all() if version.key.master != self._masters.current]
        for start in range(0, len(waiting), _PAGE):
            page: dict[bytes, bytes | None] = {}
            for kid, wrapped in waiting[start : start + _PAGE]:
                # one that was destroyed meanwhile must not come back
                if subject_of(kid) in self._subjects.erasures:
                    continue
                key = self._opened(Version(kid, wrapped)).key
                page[records.name(records.KEY, kid)] = records.encode(WrappedKey(*self._masters.wrap(key, kid), wrapped.made_ms))
            self._write(page)
            advance(min(start + _PAGE, len(waiting)), len(waiting))
        return len(waiting)

    def standing(self) -> Standing:
        """What is held, counted."""
        masters = Counter(version.key.master for version in self._subjects.all())
        return Standing(len(self._subjects), dict(masters), len(self._subjects.erasures), len(self._subjects.strays), self._masters.current)

    def strays(self) -> dict[str, str]:
        """Keys of erased subjects that another process made before it knew: name to subject."""
        return dict(self._subjects.strays)

    def _known(self) -> Subjects:
        if not self._ready.is_set():
            raise KeyAccessError("The topic of keys is still being read.")
        return self._subjects

    def _opened(self, version: Version) -> DataKey:
        key = self._masters.unwrap(version.key.envelope(), version.kid)
        if key is None:
            raise KeyAccessError(f"A key is wrapped by master key {version.key.master}, which is not held here or is not the same one.")
        return DataKey(version.kid, key)

    def _write(self, page: dict[bytes, bytes | None]) -> None:
        self._out.write(page)
        with self._lock:
            for key, value in page.items():
                self._subjects.take(key, value)

    def _take(self, seconds: float) -> None:
        found = self._log.read(seconds)
        with self._lock:
            for key, value in found:
                self._subjects.take(key, value)

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                if not self._ready.is_set():
                    self.catch_up(_STARTS_S)
                with self._reading:
                    self._take(_QUIET_S)
            except (KafkaException, KeyAccessError) as error:
                log.warning("the topic of keys is read again: %s", error)
                self._stop.wait(_RETRY_S)
            self._stop.wait(0.02)  # catch_up may come in between
