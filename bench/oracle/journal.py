"""The journal as a reader must see it: the chain of hashes followed from the first record, the first to extend it wins."""

import hashlib
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple

import orjson

from bench.oracle.contract import EFFECTS
from bench.oracle.kafka import Raw

GENESIS = "0" * 64
POSITION_BITS = 20


class Fact(NamedTuple):
    """One effect: which input brought it about, its number among that input's effects, and where it stands in the journal."""

    topic: str
    partition: int
    offset: int
    ordinal: int
    event_id: str
    type: str
    at_ms: int
    account: str
    kind: str
    values: dict[str, Any]
    position: int
    """record * 2^20 + number of the effect in the record, entries counting as one each"""

    @property
    def place(self) -> str:
        """The input it came from, for people."""
        return f"{self.topic}[{self.partition}]@{self.offset}#{self.ordinal}"


class Group(NamedTuple):
    """All entries of one input event; those of a tick may be spread over several records, with others in between after a crash."""

    topic: str
    partition: int
    offset: int
    position: int
    facts: list[Fact]
    whole: bool
    """whether the effects are numbered 0, 1, 2, … without a gap or a repeat"""

    @property
    def outcome(self) -> str:
        """posted, refused or dead: what became of the event."""
        first = self.facts[0].kind if self.facts else ""
        return first if first in {"refused", "dead"} else "posted"

    @property
    def place(self) -> str:
        """The input, for people."""
        return f"{self.topic}[{self.partition}]@{self.offset}"


class Sealed(NamedTuple):
    """One accepted record without its entries."""

    sequence: int
    offset: int
    previous: str
    hash: str
    sources: tuple[str, ...]
    next: tuple[int, ...]
    done: int


class Chain(NamedTuple):
    """One partition's accepted records, and the events in them, in order."""

    partition: int
    records: list[Sealed]
    groups: list[Group]
    latest: dict[tuple[str, int], int]
    """index of the last group of each input"""
    strays: int = 0
    """records that do not extend the chain: written by a worker that had lost the partition"""

    def facts(self) -> Iterator[Fact]:
        """Every effect in the order of the journal, also where other events stand between the entries of a tick."""
        yield from sorted((fact for group in self.groups for fact in group.facts), key=attrgetter("position"))


def follow(messages: Iterable[Raw]) -> dict[int, Chain]:
    """The chains of all partitions, by number. The messages of a partition come in the order of their offsets."""
    chains: dict[int, Chain] = {}
    for raw in messages:
        chain = chains.get(raw.partition)
        if chain is None:
            chain = chains[raw.partition] = Chain(raw.partition, [], [], {})
        record = _record(raw)
        if record is None or not _extends(chain, record):
            chains[raw.partition] = chain._replace(strays=chain.strays + 1)
            continue
        _version, _partition, sequence, previous, _at_ms, sources, next_, done, entries = record
        value = raw.value or b""
        sealed = Sealed(sequence, raw.offset, previous, hashlib.sha256(value).hexdigest(), tuple(sources), tuple(next_), done)
        chain.records.append(sealed)
        _read_entries(chain, sealed, entries)
    return chains


def _record(raw: Raw) -> list[Any] | None:
    try:
        record = orjson.loads(raw.value or b"")
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, list) and len(record) == 9 and record[1] == raw.partition else None


def _extends(chain: Chain, record: list[Any]) -> bool:
    last = chain.records[-1] if chain.records else None
    expected = (last.sequence + 1, last.hash) if last else (0, GENESIS)
    return (record[2], record[3]) == expected


def _read_entries(chain: Chain, record: Sealed, entries: list[list[Any]]) -> None:
    position = record.sequence << POSITION_BITS
    for source, offset, event_id, kind, at_ms, account, effects, ordinal in entries:
        topic = record.sources[source]
        facts = [
            Fact(
                topic,
                chain.partition,
                offset,
                ordinal + number,
                event_id,
                kind,
                at_ms,
                account,
                effect[0],
                dict(zip(EFFECTS[effect[0]], effect[1:], strict=True)),
                position + 1 + number,
            )
            for number, effect in enumerate(effects)
        ]
        _take(chain, Group(topic, chain.partition, offset, position, facts, ordinal == 0), ordinal)
        position += len(effects) + 1


def _take(chain: Chain, made: Group, ordinal: int) -> None:
    """Join the event's earlier entries if these go on where those ended; else a group of its own, which makes the event a repeat."""
    index = chain.latest.get((made.topic, made.offset))
    if index is None or ordinal == 0:
        chain.latest[made.topic, made.offset] = len(chain.groups)
        chain.groups.append(made)
        return
    before = chain.groups[index]
    goes_on = bool(before.facts) and before.facts[-1].ordinal + 1 == ordinal
    chain.groups[index] = before._replace(facts=[*before.facts, *made.facts], whole=before.whole and goes_on)
