"""A broker of its own, workers as processes, and eyes on every topic, for the tests of the engine."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from confluent_kafka import Consumer, KafkaException, Message, Producer, TopicPartition

from cli.environment import to_environment
from cli.stack.broker import Broker
from journal import topics
from journal.chain import Place
from journal.reader import read_to_end
from journal.settings import Settings
from ledger.record import Entry

PARTITIONS = 2
WAIT_S = 40.0


class Placed(NamedTuple):
    """A journal entry with the partition it stands in."""

    partition: int
    entry: Entry

    @property
    def position(self) -> tuple[str, int, int]:
        """Topic, partition and offset of the event."""
        return topics.INPUTS[self.entry.source], self.partition, self.entry.offset


class World:
    """One broker; any number of workers, by index."""

    def __init__(self, bootstrap: str, folder: Path, **options: Any) -> None:
        self.folder = folder
        base = {"partitions": PARTITIONS, "tick_interval_ms": 0, "checkpoint_interval_ms": 300, "log_level": "INFO", **options}
        self.settings = Settings.model_validate({"data_dir": folder, "kafka_bootstrap": bootstrap, **base})
        self.workers: dict[int, subprocess.Popen[bytes]] = {}
        self._producers: dict[str, Producer] = {}
        topics.apply(self.settings)
        self._until_led()

    # -- workers ----------------------------------------------------------------------------------------------------

    def start(self, index: int = 0, **options: Any) -> None:
        """Start a worker; options are settings of its own."""
        settings = self.settings.model_copy(update={"worker_index": index, **options})
        with self.log(index).open("ab") as log:
            self.workers[index] = subprocess.Popen(
                [sys.executable, "-m", "streams.worker"], env=to_environment(settings), stdout=log, stderr=log
            )

    def log(self, index: int = 0) -> Path:
        """The log of a worker, of all its lives."""
        return self.folder / f"worker-{index}.log"

    def kill(self, index: int = 0) -> None:
        """SIGKILL."""
        self.workers[index].kill()
        self.workers[index].wait(10)

    def stop(self, index: int = 0) -> int:
        """SIGTERM; the exit code."""
        self.workers[index].terminate()
        return self.workers[index].wait(20)

    def died(self, index: int = 0) -> int:
        """Wait until a worker ends by itself; the exit code."""
        return self.workers[index].wait(WAIT_S)

    def assigned(self, index: int = 0) -> str:
        """The last assignment in a worker's log."""
        lines = [line for line in self.log(index).read_text().splitlines() if "assigned partitions" in line]
        return lines[-1].partition("assigned partitions ")[2] if lines else ""

    # -- input ------------------------------------------------------------------------------------------------------

    def send(
        self,
        topic: str,
        value: bytes | None,
        key: bytes | None = None,
        partition: int = -1,
        headers: list[tuple[str, bytes | None]] | None = None,
        codec: str = "none",
    ) -> tuple[str, int, int]:
        """One message, acknowledged: topic, partition, offset."""
        return self.send_all([(topic, key, value, partition)], headers, codec)[0]

    def send_all(
        self,
        messages: Iterable[tuple[str, bytes | None, bytes | None, int]],
        headers: list[tuple[str, bytes | None]] | None = None,
        codec: str = "none",
    ) -> list[tuple[str, int, int]]:
        """Messages in order, acknowledged: where each of them stands."""
        producer = self._producer(codec)
        placed: list[tuple[str, int, int]] = []

        def report(error: object, message: Message) -> None:
            assert error is None, error
            placed.append((str(message.topic()), int(message.partition() or 0), int(message.offset() or 0)))

        for topic, key, value, partition in messages:
            producer.produce(topic, value, key, partition, on_delivery=report, headers=headers)  # type: ignore[arg-type]
            producer.poll(0)
        assert producer.flush(20) == 0
        return placed

    def tick(self, at_ms: int, partitions: Iterable[int] = range(PARTITIONS)) -> list[tuple[str, int, int]]:
        """The clock says that it is this instant."""
        value = _tick(at_ms)
        return self.send_all((topics.CLOCK, b"clock", value, partition) for partition in partitions)

    def _producer(self, codec: str) -> Producer:
        if codec not in self._producers:
            self._producers[codec] = Producer(
                {
                    "bootstrap.servers": self.settings.kafka_bootstrap,
                    "partitioner": "murmur2_random",
                    "compression.type": codec,
                    "message.max.bytes": 100_000_000,
                    "enable.idempotence": True,
                    "linger.ms": 2,
                    "log_level": 0,
                }
            )
        return self._producers[codec]

    # -- output -----------------------------------------------------------------------------------------------------

    def entries(self) -> list[Placed]:
        """Every entry of the accepted journal."""
        places = dict.fromkeys(range(PARTITIONS), Place())
        return [Placed(found.partition, entry) for found in read_to_end(self.settings, places) for entry in found.record().entries]

    def until_journalled(self, positions: Iterable[tuple[str, int, int]]) -> list[Placed]:
        """Wait until the journal has an entry for each of these positions; the entries of the journal."""
        wanted = set(positions)
        found: list[Placed] = []

        def there() -> bool:
            found[:] = self.entries()
            return wanted <= {placed.position for placed in found}

        self.until(there, f"the journal lacks some of {len(wanted)} events")
        return found

    def until(self, condition: Callable[[], bool], complaint: str) -> None:
        """Wait for a condition, as long as the workers live."""
        deadline = time.monotonic() + WAIT_S
        while not condition():
            assert time.monotonic() < deadline, complaint
            for index, worker in self.workers.items():
                assert worker.poll() is None, f"worker {index} ended with {worker.poll()}:\n{self.log(index).read_text()[-3000:]}"
            time.sleep(0.1)

    def messages(self, topic: str) -> list[Message]:
        """All committed messages of a topic, by partition and offset."""
        with closing(self._consumer()) as consumer:
            return list(_to_end(consumer, topic))

    def _consumer(self) -> Consumer:
        return Consumer(
            {
                "bootstrap.servers": self.settings.kafka_bootstrap,
                "group.id": "eyes",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "enable.partition.eof": True,
                "log_level": 0,
                "fetch.message.max.bytes": 100_000_000,
            }
        )

    def events(self, topic: str) -> list[dict[str, Any]]:
        """The CloudEvents of a public topic."""
        return [json.loads(message.value() or b"") for message in self.messages(topic)]

    def until_published(self, count: int, topic: str, about: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        """Wait until a public topic has so many events of this kind; those events."""
        found: list[dict[str, Any]] = []

        def there() -> bool:
            found[:] = [event for event in self.events(topic) if about(event)]
            return len(found) >= count

        self.until(there, f"{topic} lacks some of {count} events")
        return found

    def _until_led(self) -> None:
        """New topics have no leader for a moment, which a reader is told as an error."""
        with closing(self._consumer()) as consumer:
            for partition in range(PARTITIONS):
                journal = TopicPartition(topics.JOURNAL, partition)
                self.until(lambda journal=journal: _is_led(consumer, journal), "the journal has no leader")  # type: ignore[misc]

    def close(self) -> None:
        """End every worker."""
        for worker in self.workers.values():
            worker.kill()
            worker.wait(10)


def _to_end(consumer: Consumer, topic: str) -> Iterator[Message]:
    consumer.assign([TopicPartition(topic, partition, 0) for partition in range(PARTITIONS)])
    left = PARTITIONS
    while left:
        message = consumer.poll(20)
        assert message is not None, topic
        if message.error() is None:
            yield message
        else:
            left -= 1


def _is_led(consumer: Consumer, partition: TopicPartition) -> bool:
    try:
        return bool(consumer.get_watermark_offsets(partition, 10))
    except KafkaException:
        return False


def _tick(at_ms: int) -> bytes:
    seconds, milliseconds = divmod(at_ms, 1000)
    text = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{milliseconds:03d}Z"
    value = {"specversion": "1.0", "id": f"tick-{at_ms}", "source": "/test", "type": "tick.v1", "time": text, "data": {}}
    return json.dumps(value).encode()


@contextmanager
def world(**options: Any) -> Iterator[World]:
    """A broker with all topics in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hms-ach-live-") as folder, Broker(Path(folder)) as broker:
        made = World(broker.bootstrap, Path(folder), **options)
        try:
            yield made
        finally:
            made.close()
