"""A cut from decision to delivery: the event first, then the files, then word of every entry, then the note that it is done.

A crash at any point is repaired by `finish`, which does again from the event on whatever is not known to be done.
"""

import logging
from collections.abc import Iterable
from typing import NamedTuple

from ach.zone import NEW_YORK
from journal.failpoint import hit
from journal.settings import Settings
from journal.topics import FILES, SETTLEMENTS
from sinks.ach import events, filecut
from sinks.ach.clock import Clock
from sinks.ach.corrections import account_key
from sinks.ach.delivery import Courier
from sinks.ach.drafting import Draft
from sinks.ach.due import Due
from sinks.ach.filecut import CutData, FileSent, SentData
from sinks.ach.ids import derived
from sinks.ach.instrument import Opener, keyless
from sinks.ach.kafka import Outlet, entries_of
from sinks.ach.lineage import Lineage, SentEntry
from sinks.ach.making import CANCELED, REASONS, Made, make

_log = logging.getLogger(__name__)
_ANNOUNCED_FIRST = 100
"""a failpoint in the middle of the announcements lets so many out before it"""


class FileDiffersError(Exception):
    """A cut made again does not give the file it gave before: the program has changed what it must not change."""


class Tools(NamedTuple):
    """What a cut is carried out with."""

    settings: Settings
    outlet: Outlet
    lineage: Lineage
    courier: Courier
    clock: Clock
    unseal: Opener = keyless
    """opens the instruments of entries"""


def write(tools: Tools, draft: Draft) -> bytes:
    """Put the cut's event into the rail's topic and wait for the broker. Its bytes; only what is read back counts."""
    hit(tools.settings, "ach-before-cut")
    value = filecut.encode(draft.event)
    tools.outlet.send(FILES, None, value)
    tools.outlet.flush()
    hit(tools.settings, "ach-after-cut")
    return value


def finish(tools: Tools, cut: CutData, made: Made | None = None, dues: Iterable[Due] | None = None) -> None:
    """Deliver the files of a cut that stands, say so of each entry, and note it. Without `made` everything is made again."""
    if made is None or dues is None:
        made, dues = remake(tools.settings, cut, tools.unseal)
    tools.lineage.add_cut(cut.number, lineage(cut, made))
    for summary, content in zip(cut.files, made.files, strict=True):
        tools.courier.deliver(cut.terms.bank, summary.name, content)
        hit(tools.settings, "ach-after-file")
    _announce(tools, cut, made, dues)
    hit(tools.settings, "ach-before-sent")
    now = tools.clock()
    sent = FileSent(id=derived("sent", cut.number, cut.previous), time=now, data=SentData(cut.number, now))
    tools.outlet.send(FILES, None, filecut.encode(sent))
    tools.outlet.flush()
    _log.info("cut %d: %d entries in %d files, %d left out", cut.number, len(made.travels), len(cut.files), len(cut.left_out))


def remake(settings: Settings, cut: CutData, unseal: Opener = keyless) -> tuple[Made, list[Due]]:
    """The files of a cut from its event and the topic of entries. FileDiffersError when they are not what they were."""
    dues = list(entries_of(settings, cut.ranges))
    out = {(partition, offset) for partition, offset, _ in cut.left_out}
    made = make(cut.number, cut.terms, (due for due in dues if (due.partition, due.offset) not in out), unseal)
    if list(made.summaries) != cut.files:
        raise FileDiffersError(f"cut {cut.number} made again gives other files")
    return made, dues


def lineage(cut: CutData, made: Made) -> Iterable[SentEntry]:
    """The cut's entries as the index keeps them."""
    originated = cut.terms.created.astimezone(NEW_YORK).date()
    for travel in made.travels:
        due = travel.due
        yield SentEntry(
            travel.trace_number,
            cut.number,
            cut.files[travel.file].file_id,
            travel.batch_number,
            due.credit_reference,
            due.transaction_id,
            due.attempt,
            due.amount_cents,
            due.side == "debit",
            due.sec,
            cut.terms.originators[due.hospital_id].company_identification,
            due.hospital_id,
            originated,
            travel.effective_date,
            due.patient_id,
            account_key(due.instrument),
        )


def _announce(tools: Tools, cut: CutData, made: Made, dues: Iterable[Due]) -> None:
    """`payment.submitted` of each entry; `payment.failed` of those that may not go out. A canceled one is known already."""
    terms = cut.terms
    at, sealed = terms.created, terms.sealed_corrections
    for count, travel in enumerate(made.travels):
        due, file_id = travel.due, cut.files[travel.file].file_id
        corrected = due.credit_reference in terms.corrections or (bool(sealed) and account_key(due.instrument) in sealed)
        said = events.submitted(
            due.credit_reference,
            due.transaction_id,
            file_id,
            travel.trace_number,
            travel.effective_date,
            at,
            corrected=corrected,
            prenote=due.is_prenote,
        )
        tools.outlet.send(SETTLEMENTS, said.key, said.value)
        if count == _ANNOUNCED_FIRST and tools.settings.failpoint:
            tools.outlet.flush()
            hit(tools.settings, "ach-mid-announce")
    reasons = {(partition, offset): reason for partition, offset, reason in cut.left_out if reason != CANCELED}
    for due in dues:
        reason = reasons.get((due.partition, due.offset))
        if reason is not None:
            said = events.failed(due.credit_reference, due.transaction_id, due.attempt, REASONS.get(reason, reason), at)
            tools.outlet.send(SETTLEMENTS, said.key, said.value)
    tools.outlet.flush()
