"""The comparison behind `hms-ach verify`: the journal from its first record on, against Kafka's inputs and against ClickHouse."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cli.stored import PAGE, Row, Stored
from journal.audit import Posting, RecordSum, Totals, postings
from journal.chain import Accepted, ChainError, Place
from journal.reader import ChainReader, read_to_end
from journal.settings import Settings
from journal.topics import CLOCK, INPUTS

FINDINGS_MAX = 20
"""after so many the rest is counted only"""
SINK_WAIT_S = 30.0
Advance = Callable[[int, int], None]


class Finding(NamedTuple):
    """Something that should not be, and exactly where."""

    check: str
    where: str
    what: str


class Verification(NamedTuple):
    """The journal's totals and everything that was found wrong."""

    totals: Totals
    findings: list[Finding]
    compared_records: int

    @property
    def ok(self) -> bool:
        """Nothing was found."""
        return not self.findings


def verify(settings: Settings, stored: Stored, advance: Advance = lambda _done, _of: None) -> Verification:
    """Read the whole journal and compare. Raises KafkaException and TimeoutError; a broken chain is a finding."""
    totals, findings = Totals(), list[Finding]()
    sums: dict[int, list[RecordSum]] = {number: [] for number in range(settings.partitions)}
    with ChainReader(settings) as reader:
        whole = sum(reader.ends(sums).values())
    done = 0
    try:
        for accepted in read_to_end(settings, {number: Place() for number in sums}):
            sums[accepted.partition].append(totals.add(accepted))
            done += 1
            if done % 100 == 0:
                advance(done, whole)
    except ChainError as error:
        findings.append(Finding("hash chain", f"partition {error.partition}, offset {error.offset}", str(error)))
    if totals.debits.total() != totals.credits.total():
        findings.append(Finding("double entry", "journal", f"debits {totals.debits.total()}, credits {totals.credits.total()} cents"))
    findings += _inputs(settings, totals)
    for number, expected in sums.items():
        findings += _partition(settings, stored, number, expected)
    findings += _outcomes(stored, totals)
    findings += strays(stored)
    return Verification(totals, findings, done)


def _inputs(settings: Settings, totals: Totals) -> list[Finding]:
    """Every input below the journal's positions has exactly one answer. Ticks with nothing due have none and are left out."""
    from confluent_kafka import Consumer, TopicPartition

    found = []
    consumer = Consumer(settings.kafka(group_id="hms-ach.verify", enable_auto_commit=False))
    try:
        for topic in INPUTS:
            if topic == CLOCK:
                continue
            read = 0
            for number in range(settings.partitions):
                low, _ = consumer.get_watermark_offsets(TopicPartition(topic, number), 30, cached=False)
                read += max(0, totals.next.get((topic, number), low) - low)
            answered = sum(count for (name, _), count in totals.outcomes.items() if name == topic)
            if answered != read:
                found.append(Finding("inputs = posted + refused + dead-lettered", topic, f"{read} inputs read, {answered} answers"))
    finally:
        consumer.close()
    return found


def _partition(settings: Settings, stored: Stored, number: int, expected: list[RecordSum]) -> list[Finding]:
    """Compare the records of one partition; what the sink has not stored yet is waited for."""
    found: list[Finding] = []
    for start in range(0, len(expected), PAGE):
        page = expected[start : start + PAGE]
        rows = _page(stored, number, page)
        have = {int(row[0]): RecordSum(int(row[0]), str(row[1]), int(row[2]), int(row[3])) for row in rows}
        for want in page:
            got = have.get(want.sequence)
            if got != want and len(found) < FINDINGS_MAX:
                found.append(_difference(settings, stored, number, want, got))
    return found


def strays(stored: Stored, wait_s: float = SINK_WAIT_S) -> list[Finding]:
    """Postings whose record does not come within `wait_s`: those of a block that is being stored have theirs a moment later."""
    deadline = time.monotonic() + wait_s
    found = _stray_postings(stored)
    while found and time.monotonic() < deadline:
        time.sleep(0.5)
        found = {place: count for place, count in _stray_postings(stored).items() if place in found}
    return [
        Finding("journal = ClickHouse", f"partition {number}, record {sequence}", f"{count} postings are stored, the record is not")
        for (number, sequence), count in [*found.items()][:FINDINGS_MAX]
    ]


def _stray_postings(stored: Stored) -> dict[tuple[int, int], int]:
    return {(int(row[0]), int(row[1])): int(row[2]) for row in stored.ask("stray")}


def _page(stored: Stored, number: int, page: Sequence[RecordSum]) -> Sequence[Row]:
    asked = {"partition": number, "after": page[0].sequence - 1, "until": page[-1].sequence}
    deadline = time.monotonic() + SINK_WAIT_S
    while True:
        rows = stored.ask("records", asked)
        if len(rows) >= len(page) or time.monotonic() > deadline:
            return rows
        time.sleep(0.5)


def _difference(settings: Settings, stored: Stored, number: int, want: RecordSum, got: RecordSum | None) -> Finding:
    where = f"partition {number}, record {want.sequence}"
    if got is None:
        return Finding("journal = ClickHouse", where, "the record is not stored")
    if got.digest != want.digest:
        return Finding("journal = ClickHouse", where, f"hash {got.digest} is stored, the journal's is {want.digest}")
    record = _record(settings, number, want.sequence)
    expected = {posting.position: posting for posting in postings(record.record())}
    rows = stored.ask("postings", {"partition": number, "sequence": want.sequence})
    actual = [Posting(int(row[0]), str(row[1]), str(row[2]), int(row[3]), str(row[4]), str(row[5]), str(row[6])) for row in rows]
    for posting in actual:
        if expected.pop(posting.position, None) != posting:
            return Finding("journal = ClickHouse", f"{where}, position {posting.position}", f"stored {posting}")
    missing = next(iter(expected.values()), None)
    return Finding(
        "journal = ClickHouse", where, f"missing {missing}" if missing else f"{got.postings} postings, should be {want.postings}"
    )


def _record(settings: Settings, number: int, sequence: int) -> Accepted:
    return next(found for found in read_to_end(settings, {number: Place()}) if found.record().sequence == sequence)


def _outcomes(stored: Stored, totals: Totals) -> list[Finding]:
    have = {(str(topic), str(outcome)): int(count) for topic, outcome, count in stored.ask("outcomes")}
    return [
        Finding("journal = ClickHouse", f"inputs of {topic}", f"{have.get((topic, outcome), 0)} {outcome} stored, should be {count}")
        for (topic, outcome), count in sorted(totals.outcomes.items())
        if have.get((topic, outcome), 0) < count
    ]
