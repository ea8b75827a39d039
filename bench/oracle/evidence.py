"""Everything that lies in Kafka after a run, read once."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from bench.oracle import contract
from bench.oracle.journal import Chain, follow
from bench.oracle.kafka import Raw, read

Place = tuple[str, int, int]
"""topic, partition, offset"""


class Evidence(NamedTuple):
    """Inputs by their place, chains by partition, and what was told to the world. Transactions count when they were committed."""

    inputs: dict[Place, Raw]
    chains: dict[int, Chain]
    letters: list[Raw]
    public: list[Raw]
    checkpoints: list[Raw]


def gather(options: Mapping[str, Any]) -> Evidence:
    """Read all topics. `options` are librdkafka's, with the bootstrap servers."""
    inputs = {(raw.topic, raw.partition, raw.offset): raw for topic in contract.INPUTS for raw in read(options, topic)}
    return Evidence(
        inputs,
        follow(read(options, contract.JOURNAL, "read_uncommitted")),
        list(read(options, contract.LETTERS)),
        [raw for topic in contract.PUBLIC for raw in read(options, topic)],
        list(read(options, contract.CHECKPOINTS)),
    )


def event_of(raw: Raw | None) -> dict[str, Any]:
    """The event in a message's JSON; empty for anything that is no JSON object."""
    try:
        event = orjson.loads(raw.value or b"") if raw is not None else {}
    except orjson.JSONDecodeError:
        return {}
    return event if isinstance(event, dict) else {}
