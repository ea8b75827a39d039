"""Writes the checkpoint topic anew from the journal, for `hms-ach rebuild`; the workers are stopped meanwhile."""

from collections.abc import Callable

import msgspec
from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition

from journal.chain import Accepted, Place
from journal.reader import ChainReader, read_to_end
from journal.settings import Settings
from streams.engine.recovery import MARK_KEY, Mark
from streams.poster import Poster

Advance = Callable[[int, int], None]


def rewrite(settings: Settings, advance: Advance = lambda _done, _of: None) -> int:
    """Fold the whole journal and write every account's state as its checkpoint; what the journal doesn't know is taken out.

    Returns the number of checkpoints. Raises ChainError and KafkaException.
    """
    machine = Poster(settings)
    partitions = range(settings.partitions)
    states = {number: machine.open(number) for number in partitions}
    keys: dict[int, set[str]] = {number: set() for number in partitions}
    last: dict[int, Accepted] = {}
    with ChainReader(settings) as reader:
        whole = sum(reader.ends(partitions).values())
    for done, accepted in enumerate(read_to_end(settings, {number: Place() for number in partitions}), 1):
        for entry in accepted.record().entries:
            machine.replay(states[accepted.partition], entry)
            keys[accepted.partition].add(machine.account(entry))
        last[accepted.partition] = accepted
        advance(done, whole)
    producer = Producer(settings.kafka(enable_idempotence=True, compression_type="lz4", queue_buffering_max_messages=1_000_000))
    written = 0
    for number, accepted in last.items():
        written += _write(producer, machine, number, states[number], keys[number], accepted, _known(settings, machine, number))
    return written


def _write(producer: Producer, machine: Poster, number: int, state: object, keys: set[str], accepted: Accepted, known: set[bytes]) -> int:
    """Checkpoints first, then, once the broker has them all, the mark that makes them count."""
    record = accepted.record()
    values = machine.snapshot(state, keys)  # type: ignore[arg-type]
    for key, value in values.items():
        _produce(producer, machine.checkpoints, number, key.encode(), machine.dump(record.sequence, value))
    for stale in known - {name.encode() for name in values} - {MARK_KEY}:
        _produce(producer, machine.checkpoints, number, stale, None)
    _must_flush(producer)
    link = accepted.place.link
    mark = Mark(link.sequence, link.previous, accepted.offset + 1, record.sources, record.next, record.done)
    _produce(producer, machine.checkpoints, number, MARK_KEY, msgspec.json.encode(mark))
    _must_flush(producer)
    return len(values)


def _produce(producer: Producer, topic: str, partition: int, key: bytes, value: bytes | None) -> None:
    while True:
        try:
            producer.produce(topic, value, key, partition)
        except BufferError:
            producer.poll(0.1)
        else:
            return


def _must_flush(producer: Producer) -> None:
    left = producer.flush(120)
    if left:
        raise TimeoutError(f"the broker did not take {left} checkpoints")


def _known(settings: Settings, machine: Poster, number: int) -> set[bytes]:
    """Keys that the topic holds now."""
    found: set[bytes] = set()
    consumer = Consumer(
        settings.kafka(group_id="hms-ach.rebuild", enable_auto_commit=False, enable_partition_eof=True, isolation_level="read_committed")
    )
    consumer.assign([TopicPartition(machine.checkpoints, number, 0)])
    try:
        while True:
            for message in consumer.consume(1000, 0.2):
                error = message.error()
                if error is not None and error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001
                    return found
                key = message.key()
                if error is None and isinstance(key, bytes):
                    found.add(key)
    finally:
        consumer.close()
