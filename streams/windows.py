"""Windows of hospitals and patients: a second Faust agent, over the events that the relay keys by hospital.

Advisory and rebuildable: its state is made again from the last days of the topic, nine or as many as the longest watch needs, so that a
restart forgets nothing and raises nothing twice. Where a rule book comes that watches a span which was not counted before, the windows are
made again too. The position lives with the state. Faust's committed offset only says where to read on: what is older is counted without
raising alerts again.
"""

import asyncio
import logging
import os
import ssl
from collections.abc import Callable
from typing import Any, Final

import faust
import msgspec

from journal import topics
from journal.settings import Settings
from ledger.hospital_events import AnyHospitalEvent
from rules.default import default_book_text
from rules.hospital import HospitalWindows, Kind, WindowAlert
from streams.engine.outside import EXIT_ENGINE
from streams.engine.recovery import Reader
from streams.window_alerts import ExceededWriter
from streams.window_policies import BEGINNING, FROM_THE_BEGINNING, Noted, PolicyNotes, Start, policy_in, reach_ms

GROUP: Final = "hms-ach.windows"
log = logging.getLogger(__name__)
_decode = msgspec.json.Decoder(list[AnyHospitalEvent]).decode


class Partition:
    """The windows of one partition, and the offset behind the last message in them."""

    def __init__(self, start: Start = BEGINNING, whole: frozenset[Kind] = frozenset()) -> None:
        self.windows = HospitalWindows(start.text or default_book_text(), whole)
        self.next = start.offset

    def take(self, offset: int, value: bytes | None) -> list[WindowAlert]:
        """Count one message; the alerts that it raises. A message that was counted before changes nothing."""
        if offset < self.next:
            return []
        self.next = offset + 1
        try:
            events = _decode(value or b"")
        except msgspec.MsgspecError as error:
            log.warning("%s offset %d is no list of events and is left out: %s", topics.HOSPITALS, offset, error)
            return []
        return [alert for event in events for alert in self.windows.take(event)]


class Windows:
    """All partitions of this worker."""

    def __init__(self, settings: Settings, write: Callable[[str, list[WindowAlert]], None], notes: PolicyNotes) -> None:
        self._settings = settings
        self._write = write
        self._notes = notes
        self._partitions: dict[int, Partition] = {}

    async def take(self, partition: int, offset: int, value: bytes | None) -> None:
        """One message of the stream; returns when what it takes beyond the usual is told."""
        held = self._partitions.get(partition)
        if held is None:
            held = self._partitions[partition] = await asyncio.to_thread(self._rebuilt, partition, offset)
        if text := policy_in(value):
            await asyncio.to_thread(self._notes.write, Noted(partition, offset, text))
        alerts = held.take(offset, value)
        if held.windows.lacks:
            wanted = held.windows.whole | held.windows.lacks
            self._partitions[partition] = await asyncio.to_thread(self._counted_again, partition, offset + 1, wanted)
        if alerts:
            await asyncio.to_thread(self._write, topics.OPERATIONS, alerts)

    def forget(self) -> None:
        """Partitions may go to another worker: what is assigned next is made again."""
        self._partitions.clear()

    def _rebuilt(self, partition: int, until: int) -> Partition:
        """The windows as they stood in front of this offset; read twice when the book that is found in force there watches more spans."""
        made = self._counted_again(partition, until, frozenset())
        return self._counted_again(partition, until, made.windows.lacks) if made.windows.lacks else made

    def _counted_again(self, partition: int, until: int, whole: frozenset[Kind]) -> Partition:
        """The windows in front of an offset, `whole` among them. Whoever reads from the beginning notes the rule books on the way."""
        start = self._notes.start(partition, until, reach_ms(whole))
        made = Partition(start, whole)
        with Reader(self._settings, GROUP) as reader:
            for message in reader.read(topics.HOSPITALS, partition, start.offset, lambda: None):
                offset, value = message.offset(), message.value()
                if offset is None or offset >= until:
                    break
                raw = value.encode() if isinstance(value, str) else value
                if not start.noted and (text := policy_in(raw)):
                    self._notes.write(Noted(partition, offset, text))
                made.take(offset, raw)
        if not start.noted:
            self._notes.write(Noted(partition, FROM_THE_BEGINNING))
        log.info("windows of partition %d counted again from offset %d to %d", partition, start.offset, until)
        return made


class WindowsApp(faust.App):  # type: ignore[misc]
    """A Faust application that keeps nothing on its disk."""

    def _create_directories(self) -> None:
        """Nothing to create."""


def build(settings: Settings) -> faust.App:
    """The application: one topic agent, `concurrency=1`, raw bytes, acknowledged in order."""
    app = WindowsApp(
        GROUP,
        broker=[f"kafka://{host.strip()}" for host in settings.kafka_bootstrap.split(",")],
        broker_credentials=credentials({name: str(value) for name, value in settings.kafka().items()}),
        broker_session_timeout=10.0,
        broker_heartbeat_interval=3.0,
        broker_commit_interval=1.0,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=f"{GROUP}.{settings.worker_host}.{settings.worker_index}",
        stream_buffer_maxsize=16_384,
        store="memory://",
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        worker_redirect_stdouts=False,
        web_enabled=False,
    )
    windows = Windows(settings, ExceededWriter(settings).write, PolicyNotes(settings))
    topic = app.topic(topics.HOSPITALS, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")

    @app.agent(topic, concurrency=1, name="windows")  # type: ignore[untyped-decorator]
    async def count(stream: Any) -> None:
        async for event in stream.events():
            message = event.message
            await _or_exit(windows, message.partition, message.offset, message.value)

    @app.on_partitions_revoked.connect  # type: ignore[untyped-decorator]
    async def revoked(*_: Any, **_more: Any) -> None:
        windows.forget()

    return app


async def _or_exit(windows: Windows, partition: int, offset: int, value: bytes | None) -> None:
    """Faust would take an agent's exception for a processed event and go on; here it ends the process."""
    try:
        await windows.take(partition, offset, value)
    except asyncio.CancelledError:
        raise
    except BaseException:
        log.exception("the windows failed; the process ends and is started again")
        logging.shutdown()
        os._exit(EXIT_ENGINE)


def credentials(options: dict[str, str]) -> faust.SASLCredentials | faust.SSLCredentials | None:
    """librdkafka's options as Faust's: TLS with a file of authorities, SASL PLAIN or SCRAM. Raises ValueError for another protocol."""
    protocol = options.get("security.protocol", "PLAINTEXT").upper()
    if protocol not in {"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"}:
        raise ValueError(f"security.protocol {protocol} is not known to the windows worker")
    context = ssl.create_default_context(cafile=options.get("ssl.ca.location")) if protocol.endswith("SSL") else None
    if context is not None and (certificate := options.get("ssl.certificate.location")):
        context.load_cert_chain(certificate, options.get("ssl.key.location"), options.get("ssl.key.password"))
    if protocol.startswith("SASL"):
        return faust.SASLCredentials(
            username=options.get("sasl.username"),
            password=options.get("sasl.password"),
            mechanism=options.get("sasl.mechanism", options.get("sasl.mechanisms", "PLAIN")),
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context is not None else None
