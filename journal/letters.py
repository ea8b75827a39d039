"""The dead-letter topic, read and answered: what lies there, sending it again, and noting that it was dealt with.

A letter is never taken out of the topic; dealing with it writes a note to the same partition, so that the history stays.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from journal.keys.masters import KeyAccessError
from journal.letter_box import SEALED, Content, opener
from journal.settings import Settings
from journal.topics import DEAD_LETTERS

NOTE = "hms_letter"
"""Header of a note: `partition:offset` of the letter that it is about."""
HANDLED = "hms_handled"
"""Header of a note: replayed, discarded, or shown: then the letter stays open, and the note says to whom and what for."""
_SHOWN = b"shown"
_REASON = "__connect.errors."
Headers = tuple[tuple[str, bytes | None], ...]


class Letter(NamedTuple):
    """One dead letter: where it lies, what came in, where from, and why it was no event."""

    partition: int
    offset: int
    at_ms: int
    code: str
    detail: str
    topic: str
    source_partition: int
    source_offset: int
    key: bytes | None
    value: bytes | None
    """the message's own, or, while `sealed`, what lies in the topic"""
    headers: Headers
    """the message's own headers"""
    sealed: bool


def open_letters(settings: Settings, *, unseal: bool = False) -> list[Letter]:
    """Letters that nobody has dealt with, oldest first; with `unseal` as the messages came. Raises KeyAccessError when that fails."""
    letters: dict[tuple[int, int], Letter] = {}
    open_ = opener(settings) if unseal else None
    for message in _messages(settings):
        headers = _headers(message)
        about = headers.get(NOTE)
        if about is not None:
            partition, _, offset = about.decode().partition(":")
            if headers.get(HANDLED) != _SHOWN:
                letters.pop((int(partition), int(offset)), None)
        else:
            letter = _letter(message, headers)
            letter = letter if open_ is None or not letter.sealed else _unsealed(letter, open_)
            letters[letter.partition, letter.offset] = letter
    return sorted(letters.values(), key=lambda letter: (letter.at_ms, letter.partition, letter.offset))


def replay(settings: Settings, letters: list[Letter]) -> None:
    """Send letters to their topic and partition again, each as it came, and note it. Raises KafkaException when the broker refuses."""
    _send(settings, [(letter.topic, letter.source_partition, letter.key, letter.value, letter.headers) for letter in letters])
    _note(settings, letters, b"replayed")


def shown(settings: Settings, letters: list[Letter], by: str, purpose: str) -> None:
    """Note who looks at what came in, and what for; before it is shown. Raises KafkaException when the broker refuses."""
    _note(settings, letters, _SHOWN, (("hms_by", by.encode()), ("hms_purpose", purpose.encode())))


def discard(settings: Settings, letters: list[Letter]) -> None:
    """Note that letters need no more attention."""
    _note(settings, letters, b"discarded")


def _note(settings: Settings, letters: list[Letter], how: bytes, more: Headers = ()) -> None:
    _send(
        settings,
        [
            (DEAD_LETTERS, letter.partition, None, b"", ((NOTE, f"{letter.partition}:{letter.offset}".encode()), (HANDLED, how), *more))
            for letter in letters
        ],
    )


def _send(settings: Settings, messages: list[tuple[str, int, bytes | None, bytes | None, Headers]]) -> None:
    errors: list[KafkaError] = []
    producer = Producer(settings.kafka(enable_idempotence=True, message_max_bytes=12_000_000))

    def report(error: KafkaError | None, _: Message) -> None:
        if error is not None:
            errors.append(error)

    for topic, partition, key, value, headers in messages:
        producer.produce(topic, value, key, partition, on_delivery=report, headers=list(headers) or None)
    left = producer.flush(60)
    if errors:
        raise KafkaException(errors[0])
    if left:
        raise TimeoutError(f"the broker did not take {left} messages")


def _messages(settings: Settings) -> Iterator[Message]:
    """Every message of the topic up to its present end."""
    consumer = Consumer(
        settings.kafka(group_id="hms-ach.dlq", enable_auto_commit=False, enable_partition_eof=True, fetch_message_max_bytes=13_000_000)
    )
    try:
        topic = consumer.list_topics(DEAD_LETTERS, 20).topics[DEAD_LETTERS]
        reading = set(topic.partitions)
        consumer.assign([TopicPartition(DEAD_LETTERS, number, 0) for number in reading])
        while reading:
            for message in consumer.consume(500, 0.2):
                error = message.error()
                if error is None:
                    yield message
                elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001
                    reading.discard(message.partition() or 0)
                elif not error.retriable():
                    raise KafkaException(error)
    finally:
        consumer.close()


def _headers(message: Message) -> dict[str, bytes]:
    pairs: Iterable[tuple[str, Any]] = message.headers() or ()  # type: ignore[assignment]
    return {name: value if isinstance(value, bytes) else (value or "").encode() for name, value in pairs}


def _letter(message: Message, headers: dict[str, bytes]) -> Letter:
    sealed = headers.get(SEALED[0]) == SEALED[1]
    ours = ("hms_error_code", SEALED[0])
    own = tuple((name, value) for name, value in headers.items() if not name.startswith(_REASON) and name not in ours)
    key, value = message.key(), message.value()
    return Letter(
        message.partition() or 0,
        message.offset() or 0,
        message.timestamp()[1],
        headers.get("hms_error_code", b"").decode(),
        headers.get(f"{_REASON}exception.message", b"").decode("utf-8", "replace"),
        headers.get(f"{_REASON}topic", b"").decode(),
        int(headers.get(f"{_REASON}partition", b"-1")),
        int(headers.get(f"{_REASON}offset", b"-1")),
        key.encode() if isinstance(key, str) else key,
        value.encode() if isinstance(value, str) else value,
        own,
        sealed,
    )


def _unsealed(letter: Letter, open_: Callable[[bytes | None], Content | None]) -> Letter:
    content = open_(letter.value)
    if content is None:
        place = f"{letter.partition}:{letter.offset}"
        raise KeyAccessError(f"The letter at {place} is sealed to a key that is not held here; its message lies in {letter.topic} as well.")
    headers = (*letter.headers, *content.headers)
    return letter._replace(key=content.key, value=content.value, headers=headers, sealed=False)
