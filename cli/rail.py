"""Asking a running ACH rail for something, and waiting for its answer."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from confluent_kafka import Consumer, Producer, TopicPartition

from cli.errors import UserError
from journal.settings import Settings
from journal.topics import FILES
from sinks.ach import filecut
from sinks.ach.clock import utc_now
from sinks.ach.filecut import CutAnswered, CutData, CutRequested, FileCut, FileSent, RequestData
from sinks.ach.folders import Folders, place
from sinks.ach.ids import derived


def cut_now(settings: Settings, seconds: float) -> list[CutData]:
    """Ask for a cut and wait until its files are sent; the cuts that were made. UserError when no rail answers."""
    consumer = Consumer(settings.kafka(group_id="hms-ach-cli", enable_auto_commit=False, allow_auto_create_topics=False))
    try:
        end = int(consumer.get_watermark_offsets(TopicPartition(FILES, 0), timeout=10)[1])
        consumer.assign([TopicPartition(FILES, 0, end)])
        return _answer(consumer, request(settings), time.monotonic() + seconds)
    finally:
        consumer.close()


def request(settings: Settings) -> str:
    """Ask for a cut without waiting for it; the id of the wish. UserError when Kafka does not take it."""
    now = utc_now()
    wish = CutRequested(id=derived("request", now.isoformat()), time=now, data=RequestData("command line"))
    producer = Producer(settings.kafka())
    producer.produce(FILES, filecut.encode(wish))
    if producer.flush(10):
        raise UserError("Kafka did not take the request.")
    return wish.id


def _answer(consumer: Consumer, wish: str, deadline_s: float) -> list[CutData]:
    """Cuts between the request and the rail's answer to it, once all of them are sent."""
    cuts: list[CutData] = []
    sent: set[int] = set()
    answered = False
    while time.monotonic() < deadline_s:
        message = consumer.poll(0.2)
        value = message.value() if message is not None and message.error() is None else None
        if value is not None:
            event = filecut.decode(value if isinstance(value, bytes) else value.encode())
            if isinstance(event, FileCut):
                cuts.append(event.data)
            elif isinstance(event, FileSent):
                sent.add(event.data.number)
            elif isinstance(event, CutAnswered):
                answered = answered or event.data.request == wish
        if answered and {cut.number for cut in cuts} <= sent:
            return cuts
    if answered:
        raise UserError("The files were cut, but are not yet with the bank; the rail's log says why.")
    raise UserError("No rail answers; start one with HMS_ACH_FILES=true hms-ach up, or python -m sinks.ach.")


def read_files(data_dir: Path, files: Iterable[Path], seconds: float) -> list[dict[str, Any]]:
    """Give copies of these files to the rail and wait for its reports. UserError when it does not read them."""
    folders = Folders(data_dir)
    folders.prepare()
    before = {path.name for path in folders.archive.glob("*.report.json")}
    wanted = []
    for path in files:
        place(folders.inbox / path.name, path.read_bytes())
        wanted.append(path.name)
    deadline_s = time.monotonic() + seconds
    found: dict[str, dict[str, Any]] = {}
    while len(found) < len(wanted):
        if time.monotonic() > deadline_s:
            raise UserError(f"The files lie in {folders.inbox}, but no rail reads them.")
        for path in folders.archive.glob("*.report.json"):
            if path.name not in before:
                report = msgspec.json.decode(path.read_bytes())
                found[report["file"]] = report
        time.sleep(0.1)
    return [found[name] for name in wanted]
