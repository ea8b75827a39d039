"""I5: what recovery rebuilds equals a replay from the beginning, byte for byte. The one check that runs the ledger's own fold.

Every checkpoint ever written must be the very bytes that a full replay gives at its record; and the product's recovery (checkpoints and
the journal's tail) must end in the same accounts, rule book, positions and deadlines as the full replay.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import msgspec

from bench.oracle import contract
from bench.oracle.evidence import Evidence
from bench.oracle.kafka import Raw, read
from bench.oracle.report import Finding, Violations
from journal.settings import Settings
from ledger.book import Book, Position
from ledger.events import Tick, TickData
from ledger.record import Entry, Record, encode
from streams.engine.recovery import MARK_KEY, Reader, recover
from streams.poster import POLICY, Poster

_decode = msgspec.json.Decoder(Record[Entry]).decode
_FAR_MS = 4_000_000_000_000
"""in the year 2096: everything is due by then"""


def check(evidence: Evidence, bootstrap: str) -> Finding:
    """The finding."""
    settings = Settings(kafka_bootstrap=bootstrap, partitions=max(len(evidence.chains), 1))
    journal = read(settings.kafka(), contract.JOURNAL, "read_uncommitted")
    return compare(evidence, settings, Poster(settings), journal, lambda: Reader(settings, "oracle"))


def compare(
    evidence: Evidence, settings: Settings, poster: Poster, journal: Iterable[Raw], reading: Callable[[], AbstractContextManager[Reader]]
) -> Finding:
    """The finding. `journal` are all messages of the journal, `reading` opens what recovery reads with."""
    bad = Violations("I5", "checkpoints and recovery equal a replay from the beginning, byte for byte")
    values: dict[int, dict[int, bytes]] = defaultdict(dict)
    for raw in journal:
        values[raw.partition][raw.offset] = raw.value or b""
    written = _checkpoints(evidence.checkpoints)
    accounts = 0
    for partition, chain in evidence.chains.items():
        book = poster.open(partition)
        due = written.get(partition, {})
        for record in chain.records:
            for entry in _decode(values[partition][record.offset]).entries:
                book.replay(entry)
            for raw in due.pop(record.sequence, ()):
                _check_checkpoint(raw, record.sequence, book, bad)
        bad.add_if(bool(due), f"partition {partition} has checkpoints of records {sorted(due)[:5]}, which are not on the chain")
        with reading() as reader:
            recovered = recover(settings, poster, reader, partition, None, lambda: None).log.state
        _check_recovery(partition, book, recovered, bad)
        accounts += len(book.accounts)
    bad.counted = {"accounts": accounts, "checkpoints": len(evidence.checkpoints)}
    return bad.finding()


def _checkpoints(raws: list[Raw]) -> dict[int, dict[int, list[Raw]]]:
    """Checkpoints by partition and the record that they include."""
    found: dict[int, dict[int, list[Raw]]] = defaultdict(lambda: defaultdict(list))
    for raw in raws:
        if raw.value is not None and raw.key != MARK_KEY:
            sequence = msgspec.json.decode(raw.value)[0]
            found[raw.partition][sequence].append(raw)
    return found


def _check_checkpoint(raw: Raw, sequence: int, book: Book, bad: Violations) -> None:
    key = (raw.key or b"").decode()
    state = book.governance if key == POLICY else book.accounts.get(key)
    bad.add_if(
        state is None or encode((sequence, state)) != raw.value, f"{raw.place}: the checkpoint of {key!r} at record {sequence} differs"
    )


def _check_recovery(partition: int, book: Book, recovered: Book, bad: Violations) -> None:
    for key in book.accounts.keys() | recovered.accounts.keys():
        mine, theirs = book.accounts.get(key), recovered.accounts.get(key)
        bad.add_if(mine is None or theirs is None or encode(mine) != encode(theirs), f"partition {partition}: recovery gives another {key}")
    bad.add_if(encode(book.governance) != encode(recovered.governance), f"partition {partition}: recovery gives another rule book")
    bad.add_if(_everything_due(book) != _everything_due(recovered), f"partition {partition}: other deadlines after recovery")


def _everything_due(book: Book) -> dict[str, bytes]:
    """What the next tick would do if everything were due. Changes the book."""
    tick = Tick(
        id="oracle",
        source="/oracle",
        time=datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=_FAR_MS),
        specversion="1.0",
        data=TickData(),
    )
    return {entry.account: encode(entry.effects) for entry in book.tick(tick, Position(3, 0, _FAR_MS), 0)}
