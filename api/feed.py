"""The thread that follows the journal from where ClickHouse stands: it keeps the latest records and answers those who wait."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

from clickhouse_connect.driver.exceptions import Error as ClickHouseError
from confluent_kafka import KafkaException

from api.broken_rules import broken_rules
from api.decisions import Decisions
from api.metrics import Metrics
from api.recent import Recent
from journal.chain import Place
from journal.reader import ChainReader
from journal.settings import Settings

_QUIET_S: Final = 0.2
_RETRY_S: Final = 1.0
_MEASURE_S: Final = 0.5
log = logging.getLogger(__name__)


class Feed:
    """Follows every partition of the journal from the places that `start_places` gives when asked."""

    def __init__(
        self,
        settings: Settings,
        decisions: Decisions,
        recent: Recent,
        start_places: Callable[[], Mapping[int, Place]],
        metrics: Metrics,
    ) -> None:
        self._settings = settings
        self._decisions = decisions
        self._recent = recent
        self._start_places = start_places
        self._metrics = metrics
        self._places: dict[int, Place] = {}
        self._ends: dict[int, int] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal-feed", daemon=True)
        self.broken = ""
        """why the feed has ended for good, or empty"""

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """End within a second."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def lag(self) -> int:
        """Journal messages behind the ends of the partitions as of the last fetch; 0 before the first one."""
        places, ends = self._places, self._ends
        return sum(max(0, end - places[partition].offset) for partition, end in ends.items() if partition in places)

    def read(self) -> dict[int, int]:
        """How many records of each partition's chain were read, those before the start included."""
        return {partition: place.link.sequence for partition, place in self._places.items()}

    @property
    def following(self) -> bool:
        """Whether it reads."""
        return bool(self._places) and self._thread.is_alive()

    def _run(self) -> None:
        """What went away comes back. A broken chain ends it: then no answer may be given that rests on the journal."""
        while not self._stop.is_set():
            try:
                self._follow()
            except (KafkaException, ClickHouseError, OSError) as error:
                log.warning("the decision feed begins again: %s", error)
                self._stop.wait(_RETRY_S)
            except Exception as error:  # whatever it is, the thread must not end without `broken` saying so
                self.broken = str(error)
                log.critical("the decision feed stops: %s", error, exc_info=error)
                return

    def _follow(self) -> None:
        with ChainReader(self._settings, "hms-api-feed", fetch_wait_max_ms=100) as reader:
            self._places = self._places or dict(self._start_places())
            reader.start(self._places)
            measured = 0.0
            while not self._stop.is_set():
                # one message as soon as it is there, then whatever else has come: `consume` would wait for the rest
                accepted = reader.read(_QUIET_S, most=1)
                accepted += reader.read(0, most=500)
                for record in accepted:
                    self._recent.add(record)
                    self._decisions.take(record)
                    for rule, policy in broken_rules(record.value):
                        self._metrics.rules_broken.labels(rule, policy).inc()
                self._places = dict(reader.places)
                if time.monotonic() > measured + _MEASURE_S:
                    self._ends, measured = reader.known_ends(), time.monotonic()
