"""From a trace number to its entry, and from an entry to what came of it: an index in SQLite beside the files.

It holds nothing that is not in Kafka or in the files: `outgoing` is made again from the cuts, `answers` from the archive.
"""

import sqlite3
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple, Self

_SCHEMA = """
CREATE TABLE IF NOT EXISTS cuts (number INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS entries (
  trace_number TEXT, cut INTEGER, file_id TEXT, batch INTEGER, account TEXT, transaction_id TEXT, attempt INTEGER, amount_cents INTEGER,
  is_debit INTEGER, sec TEXT, company TEXT, hospital_id TEXT, originated TEXT, effective TEXT,
  patient_id TEXT NOT NULL DEFAULT '', account_key TEXT NOT NULL DEFAULT '', PRIMARY KEY (trace_number, cut)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_transaction ON entries (transaction_id);
CREATE INDEX IF NOT EXISTS by_file ON entries (file_id);
CREATE INDEX IF NOT EXISTS by_day ON entries (originated);
CREATE TABLE IF NOT EXISTS answers (
  id TEXT PRIMARY KEY, trace_number TEXT, cut INTEGER, kind TEXT, code TEXT, day TEXT, file TEXT,
  bank_trace TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_by_trace ON answers (trace_number, cut);
CREATE TABLE IF NOT EXISTS levels (key TEXT PRIMARY KEY, level TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pulled (
  bank TEXT, name TEXT, size INTEGER, changed INTEGER, PRIMARY KEY (bank, name, size, changed)) WITHOUT ROWID;
"""
_COLUMNS = 16
_ADDED = (("entries", "patient_id"), ("entries", "account_key"), ("answers", "bank_trace"))
"""columns that an index of before has not; what it holds goes without them until it is made anew"""


class SentEntry(NamedTuple):
    """An entry that left in a file."""

    trace_number: str
    cut: int
    file_id: str
    batch: int
    account: str
    """credit reference"""
    transaction_id: str
    attempt: int
    amount_cents: int
    is_debit: bool
    sec: str
    company: str
    """company identification of the originator"""
    hospital_id: str
    originated: date
    effective: date
    patient_id: str = ""
    account_key: str = ""
    """see `sinks.ach.corrections`"""

    @property
    def is_prenote(self) -> bool:
        """Whether it moved no money."""
        return not self.amount_cents


class Answer(NamedTuple):
    """What the bank said of an entry. `cut` 0: the entry is not known."""

    id: str
    trace_number: str
    cut: int
    kind: str
    """settled, rejected, return, notice_of_change, dishonored or contested"""
    code: str
    day: date
    file: str
    """SHA-256 of the bank's file"""
    bank_trace: str = ""
    """trace number of the bank's own entry: of the return, the notice or the dispute"""


class Lineage:
    """The index. One process writes; others may read meanwhile."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=10.0)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        for table, name in _ADDED:
            if name not in {row[1] for row in self._db.execute(f"PRAGMA table_info({table})")}:
                self._db.execute(f"ALTER TABLE {table} ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")

    def has_cut(self, number: int) -> bool:
        """Whether this cut's entries are in the index."""
        return self._db.execute("SELECT 1 FROM cuts WHERE number = ?", (number,)).fetchone() is not None

    def add_cut(self, number: int, entries: Iterable[SentEntry]) -> None:
        """Take in all entries of a cut, all or none; a cut that is there is made anew."""
        rows = ((*entry[:12], entry.originated.isoformat(), entry.effective.isoformat(), *entry[14:]) for entry in entries)
        self._db.execute("BEGIN")
        try:
            self._db.executemany(f"INSERT OR REPLACE INTO entries VALUES ({','.join('?' * _COLUMNS)})", rows)  # noqa: S608 - a constant
            self._db.execute("INSERT OR REPLACE INTO cuts VALUES (?)", (number,))
        except BaseException:  # an interrupt too leaves no open transaction behind
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def by_trace(self, trace_number: str, amount_cents: int | None = None) -> SentEntry | None:
        """The latest entry with this trace number (and amount): sequences begin again after ten million entries."""
        found = self._entries("trace_number = ? ORDER BY cut DESC", trace_number)
        return next((entry for entry in found if amount_cents in (None, entry.amount_cents)), None)

    def by_transaction(self, transaction_id: str) -> list[SentEntry]:
        """All entries of a payment, the first first."""
        return self._entries("transaction_id = ? ORDER BY cut, trace_number", transaction_id)

    def by_file(self, file_id: str) -> list[SentEntry]:
        """All entries of a file."""
        return self._entries("file_id = ? ORDER BY trace_number", file_id)

    def by_batch(self, file_id: str, batch: int) -> list[SentEntry]:
        """All entries of one batch of a file."""
        return [entry for entry in self.by_file(file_id) if entry.batch == batch]

    def by_answer(self, name: str) -> list[SentEntry]:
        """The entries that the bank spoke of: in the answer with this id or trace number, or in the file with this SHA-256."""
        query = "SELECT DISTINCT trace_number, cut FROM answers WHERE cut > 0 AND ? IN (id, bank_trace, file) ORDER BY cut, trace_number"
        spoken_of = [(trace, cut) for trace, cut in self._db.execute(query, (name,))] if name else []
        return [entry for trace, cut in spoken_of for entry in self._entries("trace_number = ?", trace) if entry.cut == cut]

    def add_answers(self, answers: Iterable[Answer]) -> None:
        """Note what the bank said; what is there already stays."""
        rows = [(*answer[:5], answer.day.isoformat(), *answer[6:]) for answer in answers]
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO answers VALUES (?,?,?,?,?,?,?,?)", rows)
        self._db.execute("COMMIT")

    def has_answer(self, identity: str) -> bool:
        """Whether this was heard before."""
        return self._db.execute("SELECT 1 FROM answers WHERE id = ?", (identity,)).fetchone() is not None

    def answers_to(self, entry: SentEntry) -> list[Answer]:
        """What the bank said of an entry, in the order of days."""
        query = "SELECT * FROM answers WHERE trace_number = ? AND cut = ? ORDER BY day, kind, id"
        rows = self._db.execute(query, (entry.trace_number, entry.cut))
        return [Answer._make((*row[:5], date.fromisoformat(row[5]), *row[6:])) for row in rows]

    def originated(self, since: date) -> list[tuple[str, str, str, str, int]]:
        """Hospital, company, SEC, origination date and number of the debits originated from this date on."""
        query = """SELECT hospital_id, company, sec, originated, count(*) FROM entries
                   WHERE is_debit AND originated >= ? GROUP BY 1, 2, 3, 4"""
        return list(self._db.execute(query, (since.isoformat(),)))

    def returned(self, since: date) -> list[tuple[str, str, str, str, str, int]]:
        """Hospital, company, SEC, date of the ORIGINAL entry, return code and number of the returns of such debits."""
        query = """SELECT hospital_id, company, sec, originated, code, count(DISTINCT a.id) FROM answers a
                   JOIN entries e ON e.trace_number = a.trace_number AND e.cut = a.cut
                   WHERE a.kind = 'return' AND e.is_debit AND e.originated >= ? GROUP BY 1, 2, 3, 4, 5"""
        return list(self._db.execute(query, (since.isoformat(),)))

    def levels(self) -> dict[str, str]:
        """The level of each return rate when it was last looked at."""
        return dict(self._db.execute("SELECT key, level FROM levels"))

    def set_level(self, key: str, level: str) -> None:
        """A return rate has reached another level."""
        self._db.execute("INSERT OR REPLACE INTO levels VALUES (?, ?)", (key, level))

    def was_pulled(self, bank: str, name: str, size: int, changed: int) -> bool:
        """Whether this file of a bank was fetched before."""
        query = "SELECT 1 FROM pulled WHERE bank = ? AND name = ? AND size = ? AND changed = ?"
        return self._db.execute(query, (bank, name, size, changed)).fetchone() is not None

    def add_pulled(self, bank: str, name: str, size: int, changed: int) -> None:
        """This file of a bank was fetched."""
        self._db.execute("INSERT OR IGNORE INTO pulled VALUES (?, ?, ?, ?)", (bank, name, size, changed))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _entries(self, condition: str, value: str) -> list[SentEntry]:
        rows = self._db.execute(f"SELECT * FROM entries WHERE {condition}", (value,))  # noqa: S608 - a constant of this module
        return [
            SentEntry._make(
                (*row[:8], bool(row[8]), *row[9:12], date.fromisoformat(row[12]), date.fromisoformat(row[13]), *row[14:]),
            )
            for row in rows
        ]
