"""Everything that lies in Kafka after a run, read once."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson

from bench.oracle import contract
from bench.oracle.journal import Chain, follow
from bench.oracle.kafka import Raw, read
from journal.letter_box import Content

Unseal = Callable[[bytes | None], Content | None]
Place = tuple[str, int, int]
"""topic, partition, offset"""


class Evidence(NamedTuple):
    """Inputs by their place, chains by partition, and what was told to the world. Transactions count when they were committed."""

    inputs: dict[Place, Raw]
    chains: dict[int, Chain]
    letters: list[Raw]
    public: list[Raw]
    checkpoints: list[Raw]


def gather(options: Mapping[str, Any], unseal: Unseal) -> Evidence:
    """Read all topics. `options` are librdkafka's, with the bootstrap servers; `unseal` opens the content of a dead letter."""
    inputs = {(raw.topic, raw.partition, raw.offset): raw for topic in contract.INPUTS for raw in read(options, topic)}
    return Evidence(
        inputs,
        follow(read(options, contract.JOURNAL, "read_uncommitted")),
        [opened(raw, unseal) for raw in read(options, contract.LETTERS)],
        [raw for topic in contract.PUBLIC for raw in read(options, topic)],
        list(read(options, contract.CHECKPOINTS)),
    )


def opened(letter: Raw, unseal: Unseal) -> Raw:
    """A dead letter as it would lie there unsealed. One that cannot be opened stays as it is, and differs from its original."""
    content = unseal(letter.value) if contract.SEALED in dict(letter.headers) else None
    if content is None:
        return letter
    own = tuple(header for header in letter.headers if header[0] != contract.SEALED)
    return letter._replace(key=content.key, value=content.value, headers=(*content.headers, *own))


def event_of(raw: Raw | None) -> dict[str, Any]:
    """The event in a message's JSON; empty for anything that is no JSON object."""
    try:
        event = orjson.loads(raw.value or b"") if raw is not None else {}
    except orjson.JSONDecodeError:
        return {}
    return event if isinstance(event, dict) else {}
