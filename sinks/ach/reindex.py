"""The lineage made anew: entries from the rail's topic and the topic of entries, answers from the archive.

Alerts that were raised are not raised again: the levels of the return rates are noted as they stand.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from confluent_kafka import Consumer, KafkaException, TopicPartition

from ach.rates import Level
from ach.zone import NEW_YORK
from journal.letter_box import letter_seal
from journal.settings import Settings
from journal.topics import FILES
from sinks.ach import cutter, filecut
from sinks.ach.clock import utc_now
from sinks.ach.corrections import sealing_nothing
from sinks.ach.cutter import FileDiffersError
from sinks.ach.filecut import CutData, FileCut
from sinks.ach.folders import Folders
from sinks.ach.inbox import Inbox, Seals
from sinks.ach.instrument import Opener
from sinks.ach.kafka import Outlet
from sinks.ach.lineage import Lineage
from sinks.ach.monitor import standings
from sinks.ach.state import RailState

_SECONDS = 10.0
_log = logging.getLogger(__name__)


class Reindexed(NamedTuple):
    """What the new index holds."""

    cuts: int
    answers: int
    lost: tuple[int, ...]
    """cuts that cannot be made again, since keys of their instruments are destroyed"""


def reindex(settings: Settings, unseal: Opener) -> Reindexed:
    """Make the index anew beside the old one, then put it in its place. The rail must not run. Raises KafkaException and TimeoutError."""
    folders = Folders(settings.data_dir)
    made = folders.lineage.with_name("lineage.new.db")
    _remove(made)
    with Lineage(made) as lineage:
        cuts, lost = 0, []
        for cut in _cuts(settings):
            try:
                remade, _ = cutter.remake(settings, cut, unseal)
            except FileDiffersError:
                _log.error("cut %d cannot be made again", cut.number)
                lost.append(cut.number)
            else:
                lineage.add_cut(cut.number, cutter.lineage(cut, remade))
                cuts += 1
        inbox = Inbox(settings, folders, lineage, Outlet(settings), utc_now, Seals(letter_seal(settings), sealing_nothing))
        answers = sum([inbox.note(path) for path in sorted(folders.archive.iterdir()) if not path.name.endswith(".report.json")])
        for one in standings(lineage, utc_now().astimezone(NEW_YORK).date()):
            if one.rate.level is not Level.OK:
                lineage.set_level(one.key, one.rate.level.value)
    _remove(folders.lineage)
    made.rename(folders.lineage)
    return Reindexed(cuts, answers, tuple(lost))


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _cuts(settings: Settings) -> Iterator[CutData]:
    """The cuts that count, in order."""
    state = RailState()
    for value in _values(settings):
        try:
            event = filecut.decode(value)
        except msgspec.MsgspecError:
            continue  # no event of the rail: it passes such over as well
        if state.apply(event, value) and isinstance(event, FileCut):
            yield event.data


def _values(settings: Settings) -> Iterator[bytes]:
    consumer = Consumer(settings.kafka(group_id="hms-ach-reindex", enable_auto_commit=False, allow_auto_create_topics=False))
    try:
        end = int(consumer.get_watermark_offsets(TopicPartition(FILES, 0), timeout=_SECONDS)[1])
        consumer.assign([TopicPartition(FILES, 0, 0)])
        at = 0
        while at < end:
            message = consumer.poll(_SECONDS)
            if message is None:
                raise TimeoutError("the rail's topic gives nothing")
            if message.error() is not None:
                raise KafkaException(message.error())
            value, at = message.value() or b"", (message.offset() or 0) + 1
            yield value if isinstance(value, bytes) else value.encode()
    finally:
        consumer.close()
