"""What travels over the channels: fetched batches to the poster, journalled batches to the relay."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from confluent_kafka import Message

from ledger.record import Link


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages of one partition out of one fetch, under one assignment."""

    epoch: int
    """number of the assignment; a batch of an earlier one is dropped"""
    partition: int
    continues: Mapping[int, int]
    """for each source in the batch the position that the fetcher handed on before: a gap between the two is a loss"""
    messages: Sequence[tuple[int, Message]]
    """(source, message); within a source in the order of its offsets"""


@dataclass(frozen=True, slots=True)
class Journalled:
    """One journal record on its way: publish it when it is acknowledged at the expected offset."""

    epoch: int
    partition: int
    offset: int
    """where the chain expects the record"""
    acked: "asyncio.Future[int] | None"
    """the offset in the delivery report; None for a record read back from the journal"""
    sources: tuple[str, ...]
    entries: Sequence[Any]
    after: Link
    """the chain behind this record"""
    next: tuple[int, ...]
    done: int
    checkpoint: Mapping[str, Any] | None = None
    """parts of the state to write as checkpoints, as they are behind this record"""
