"""Evidence of a run without Kafka: the chaos load through the poster's own machine, and what it would have written."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any

import orjson

from bench.chaos.load import load
from bench.chaos.stories import Sent
from bench.oracle import contract
from bench.oracle.evidence import Evidence
from bench.oracle.journal import follow
from bench.oracle.kafka import Raw
from journal import topics
from journal.settings import Settings
from ledger.record import GENESIS, Link
from streams.engine.letters import letter
from streams.engine.log import PartitionLog
from streams.engine.machine import Bad, Position
from streams.poster import Poster
from tests.streams.messages import NOW_MS, message

EVENTS = 900
IN_RECORD = 12


@cache
def written(events: int = EVENTS) -> tuple[tuple[Raw, ...], tuple[Raw, ...], tuple[Raw, ...], tuple[Raw, ...]]:
    """Inputs, journal, letters and public events of one partition, with a tick now and then."""
    poster = Poster(Settings(partitions=1))
    log = PartitionLog(0, poster.open(0), poster.sources)
    inputs: list[Raw] = []
    journal: list[Raw] = []
    letters: list[Raw] = []
    public: list[Raw] = []
    entries: list[Any] = []
    for number, sent in enumerate(islice(_with_ticks(poster), events)):
        source = topics.INPUTS.index(sent.topic)
        raw = Raw(sent.topic, 0, max(log.next[source], 0), NOW_MS, sent.key, sent.value, ())
        inputs.append(raw)
        came = message(sent.value, key=sent.key, topic=sent.topic, offset=raw.offset)
        event = poster.decode(log.state, source, came)
        position = Position(source, raw.offset, NOW_MS)
        made = event if type(event) is Bad else poster.apply(log.state, event, position, 0)
        if isinstance(made, Bad):
            dead = letter(came, sent.topic, made)
            letters.append(Raw(contract.LETTERS, 0, len(letters), NOW_MS, dead.key, dead.value, tuple(dead.headers)))
            made = (poster.dead(position, made),)
        entries += made
        log.next[source] = raw.offset + 1
        if (number % IN_RECORD == 0 and entries) or number == events - 1:
            value = log.seal(entries, [poster.encode(entry) for entry in entries], NOW_MS).value
            journal.append(Raw(contract.JOURNAL, 0, len(journal), NOW_MS, None, value, ()))
            for told in poster.outputs(0, poster.sources, entries):
                if told.topic in contract.PUBLIC:
                    public.append(Raw(told.topic, 0, len(public), NOW_MS, told.key, told.value, told.headers))
            entries = []
    return tuple(inputs), tuple(journal), tuple(letters), tuple(public)


def evidence(
    journal: Callable[[list[Any]], None] | None = None,
    letters: Callable[[list[Raw]], None] | None = None,
    public: Callable[[list[Raw]], None] | None = None,
) -> Evidence:
    """The evidence of a good run, with something done to one part of it.

    `journal` changes the decoded records, which are then chained anew, as by a program that is wrong and believes itself right.
    """
    inputs, chain, sent_letters, told = (list(part) for part in written())
    if journal is not None:
        records = [orjson.loads(raw.value or b"") for raw in chain]
        journal(records)
        chain = list(chained(records))
    if letters is not None:
        letters(sent_letters)
    if public is not None:
        public(told)
    return Evidence({(raw.topic, raw.partition, raw.offset): raw for raw in inputs}, follow(chain), sent_letters, told, [])


def chained(records: list[Any]) -> Iterator[Raw]:
    """Records with sequence numbers and hashes put right."""
    link = Link(0, GENESIS)
    for offset, record in enumerate(records):
        value = orjson.dumps([*record[:2], link.sequence, link.previous, *record[4:]])
        link = link.after(value)
        yield Raw(contract.JOURNAL, 0, offset, NOW_MS, None, value, ())


def _with_ticks(poster: Poster) -> Iterator[Sent]:
    for number, sent in enumerate(load(5, 24, 1)):
        yield sent
        if number % 90 == 89:
            topic, key, value = poster.tick(NOW_MS)
            yield Sent(topic, key, value, 0)
