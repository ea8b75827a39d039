"""Whether this process can do its work: Kafka, ClickHouse, the decision feed, the sink. Asked about once a second, answered from memory."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from api.feed import Feed
from api.metrics import Metrics
from api.recent import Recent
from api.store import Store
from journal import topics
from journal.reach import Complaint
from journal.settings import Settings

_EVERY_S: Final = 1.0
_BROKER_S: Final = 2.0
_STUCK_S: Final = 60.0
_FEED_LAG_MAX: Final = 1000
log = logging.getLogger(__name__)


class Check(NamedTuple):
    """One thing that must be well, and a sentence."""

    ok: bool
    text: str


class Health:
    """A thread that asks, from `start` to `stop`, and lets go of records that ClickHouse has. `sink` tells of a sink in this process."""

    def __init__(
        self, settings: Settings, store: Store, feed: Feed, recent: Recent, metrics: Metrics, sink: Callable[[], Check] | None = None
    ) -> None:
        self._complaint = Complaint()
        asked: dict[str, Any] = {**settings.kafka(), "log_level": 0, "error_cb": self._complaint}
        self._admin = AdminClient(asked)
        self._partitions = settings.partitions
        self._store = store
        self._feed = feed
        self._recent = recent
        self._metrics = metrics
        self._sink = sink
        self._stored: dict[int, int] = {}
        self._moved_s = time.monotonic()
        self._broker_due_s = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)
        self._checks: dict[str, Check] = {name: Check(False, "not asked yet") for name in ("kafka", "clickhouse", "decisions", "sink")}

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """End; a question that is under way is not waited for."""
        self._stop.set()

    def checks(self) -> Mapping[str, Check]:
        """The latest answers, by name."""
        return dict(self._checks)

    def _run(self) -> None:
        while not self._stop.is_set():
            if time.monotonic() >= self._broker_due_s:
                self._checks["kafka"] = self._ask_broker()
                self._broker_due_s = time.monotonic() + _BROKER_S
            self._checks["clickhouse"] = self._ask_store()
            self._checks["decisions"] = self._look_at_feed()
            self._checks["sink"] = self._look_at_sink()
            self._tell()
            self._stop.wait(_EVERY_S)

    def _ask_broker(self) -> Check:
        try:
            found = self._admin.list_topics(topics.JOURNAL, timeout=_BROKER_S).topics[topics.JOURNAL]
        except KafkaException as error:
            before = self._complaint.text
            self._admin.poll(0)
            if self._complaint.text != before:
                log.warning("Kafka does not answer: %s", self._complaint.text)  # not in what readiness says: it names brokers
            return Check(False, f"Kafka does not answer: {error.args[0].str()}")
        self._admin.poll(0)
        self._complaint.forget()
        if found.error is not None:
            return Check(False, f"the topic {topics.JOURNAL} is missing; `hms-ach topics apply` makes it")
        if len(found.partitions) != self._partitions:
            return Check(False, f"{topics.JOURNAL} has {len(found.partitions)} partitions, the settings say {self._partitions}")
        return Check(True, "answers")

    def _ask_store(self) -> Check:
        """Ask ClickHouse how far it is."""
        since = min(self._stored.values(), default=0) if len(self._stored) == self._partitions else 0
        try:
            rows = self._store.rows(
                "SELECT partition, max(sequence) FROM journal_records WHERE sequence >= {since:UInt64} GROUP BY partition", {"since": since}
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what readiness has to tell
            log.warning("ClickHouse does not answer: %s", error)
            return Check(False, f"ClickHouse does not answer: {type(error).__name__}")
        stored = {**self._stored, **{int(partition): int(sequence) for partition, sequence in rows}}
        if stored != self._stored or not self._behind():
            self._moved_s = time.monotonic()
        self._stored = stored
        self._recent.forget(stored)
        return Check(True, "answers")

    def _look_at_feed(self) -> Check:
        if self._feed.broken:
            return Check(False, self._feed.broken)
        if not self._feed.following:
            return Check(False, "the journal is not followed yet")
        lag = self._feed.lag()
        return Check(lag <= _FEED_LAG_MAX, f"{lag} journal records behind")

    def _look_at_sink(self) -> Check:
        """What the sink of this process says of its trouble; what the tables say when it knows of none."""
        tables = self._look_at_tables()
        if self._sink is None:
            return tables
        own = self._sink()
        return own if tables.ok or not own.ok else tables

    def _look_at_tables(self) -> Check:
        waiting_s = time.monotonic() - self._moved_s
        return Check(waiting_s <= _STUCK_S, f"{self._behind()} journal records behind" if self._behind() else "up to date")

    def _behind(self) -> int:
        """Journal records that the feed has read and ClickHouse does not have."""
        return sum(max(0, read - self._stored.get(partition, -1) - 1) for partition, read in self._feed.read().items())

    def _tell(self) -> None:
        self._metrics.broker_up.set(self._checks["kafka"].ok)
        self._metrics.store_up.set(self._checks["clickhouse"].ok)
        self._metrics.feed_lag.set(self._feed.lag())
        self._metrics.store_lag.set(self._behind())
        self._metrics.recent_bytes.set(self._recent.bytes)
