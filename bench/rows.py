"""What a row costs on its way from the journal into the embedded ClickHouse engine, in CPU time, and what other formats would cost.

    python -m bench.rows [records]

Times are of this process, engine and merges included. Nothing is written outside a temporary folder.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from ach.rail import AchRail
from journal.chain import Accepted, Place, advance
from journal.settings import Settings
from journal.topics import INPUTS
from ledger import effects as fx
from ledger.record import VERSION, Entry, Link, Record, encode
from sinks.clickhouse.database import Database
from sinks.clickhouse.rows import Insert, Rows

EVENTS_IN_RECORD = 500
_START_MS = 1_763_900_000_000


def events(number: int) -> Iterator[tuple[int, str, tuple[fx.AnyEffect, ...]]]:
    """One payment's life: source, type and effects of its four events."""
    pay, item, patient, hospital = f"pay-{number:032x}", f"bal-{number}", f"patient-{number % 50_000}", f"hospital-{number % 40}"
    cents = 1_000 + number % 90_000
    opened = fx.BalanceOpened(item, hospital, patient, cents, "2026-01-15", f"inv-{number}")
    yield 0, "balance.opened.v1", (opened, fx.Posted("patient_receivable", "hospital_payable", cents, hospital, item, "balance opened"))
    yield (
        0,
        "payment.initiated.v1",
        (
            fx.PaymentInitiated(pay, "repayment", cents, hospital, patient, f"inv-{number}", f"client-{number}", item, "WEB"),
            fx.Decided(pay, "approved", "default@1", 12, (), "No rule fired."),
            fx.EntryDue(pay, 1, "debit", cents, "WEB", "HOSPITAL", hospital, patient),
        ),
    )
    yield 1, "payment.submitted.v1", (fx.Moved(pay, "submitted", day="2026-01-14", trace_number=f"{number:015}", file_id="20260114-1"),)
    yield (
        1,
        "payment.settled.v1",
        (
            fx.Moved(pay, "settled", day="2026-01-15", trace_number=f"{number:015}"),
            fx.Matched(pay, item, cents, "id", ("balance_id",), 100),
            fx.Posted("cash", "patient_receivable", cents, hospital, pay, "repayment settled"),
            fx.WebhookDue(pay, "settled", cents, 0),
            fx.NotificationDue("settled", "sms", pay, patient, cents),
        ),
    )


def journal(records: int) -> list[Accepted]:
    """A partition's journal of payments that all go well."""
    found, place = [], Place()
    stream = ((n, *event) for n in range(records * EVENTS_IN_RECORD // 4) for event in events(n))
    for sequence in range(records):
        entries = []
        for index, (number, source, kind, done) in zip(range(EVENTS_IN_RECORD), stream, strict=False):
            offset = sequence * EVENTS_IN_RECORD + index
            entries.append(Entry(source, offset, f"event-{offset}", kind, _START_MS + offset, f"credit-{number % 100_000}", done))
        record = Record(VERSION, 0, sequence, place.link.previous, _START_MS, INPUTS, (0, 0, -1, -1), 0, tuple(entries))
        value = encode(record)
        place, _ = advance(place, 0, sequence, value)
        found.append(Accepted(0, sequence, value, Place(sequence + 1, Link(sequence + 1, place.link.previous))))
    return found


def spent(work: Callable[[], object]) -> float:
    """CPU seconds of this process, all threads."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main(records: int) -> None:
    """Measure and print, one JSON object."""
    accepted = journal(records)
    rail = AchRail()
    blocks: list[Rows] = []
    inserts: list[list[Insert]] = []

    def gather() -> None:
        for index in range(0, len(accepted), 10):
            rows = Rows(0, rail.business_date)
            for one in accepted[index : index + 10]:
                rows.add(one)
            blocks.append(rows)

    decoding = spent(lambda: [one.record() for one in accepted])
    gathering = spent(gather) - decoding
    encoding = spent(lambda: inserts.extend([list(rows.inserts()) for rows in blocks]))
    count = sum(rows.count for rows in blocks)
    with tempfile.TemporaryDirectory(prefix="hms-ach-bench-") as folder, Database(Settings(data_dir=Path(folder))) as database:
        client = database.client()

        def insert() -> None:
            for number, block in enumerate(inserts):
                for one in block:
                    token = {"insert_deduplication_token": f"bench:{number}"}
                    client.raw_insert(one.table, one.columns, bytes(one.data), settings=token, fmt="Native")

        inserting = spent(insert)
        settling = spent(lambda: time.sleep(3))
        alternatives = _alternatives(database, accepted)
    each = {
        "decode": decoding,
        "gather": gathering,
        "encode": encoding,
        "insert": inserting,
        "merge_3s": settling,
    }
    report = {
        "events": records * EVENTS_IN_RECORD,
        "rows": count,
        "inserts": sum(map(len, inserts)),
        "us_per_row": {name: round(seconds / count * 1e6, 2) for name, seconds in each.items()},
        "us_per_event": round(sum(each.values()) / (records * EVENTS_IN_RECORD) * 1e6, 1),
        "ledger_entries_us_per_row": alternatives,
    }
    print(json.dumps(report, indent=1))


def _alternatives(database: Database, accepted: list[Accepted]) -> dict[str, float]:
    """The same postings written three ways: Native by us, by clickhouse-connect's own insert, and as JSON rows."""
    client = database.client()
    postings = [(e.credit_reference, p) for one in accepted for e in map(_Line, one.record().entries) for p in e.postings]
    names = ["credit_reference", "hospital_id", "about", "debit", "credit", "amount_cents", "memo"]
    rows = [(account, p.hospital_id, p.about, p.debit, p.credit, p.amount_cents, p.memo) for account, p in postings]
    kinds = ["String"] * 5 + ["Int64", "String"]
    from sinks.clickhouse.native import INT64, TEXT, WORD, Column, block

    types = [TEXT, WORD, TEXT, WORD, WORD, INT64, WORD]
    columns = [Column(name, kind) for name, kind in zip(names, types, strict=True)]

    def native() -> None:
        data = block(zip(columns, zip(*rows, strict=True), strict=True), len(rows))
        client.raw_insert("ledger_entries", names, bytes(data), fmt="Native", settings={"insert_deduplicate": 0})

    def own() -> None:
        turned = [list(column) for column in zip(*rows, strict=True)]
        client.insert("ledger_entries", turned, names, column_type_names=kinds, column_oriented=True, settings={"insert_deduplicate": 0})

    def lines() -> None:
        data = msgspec.json.Encoder().encode_lines(rows)
        client.raw_insert("ledger_entries", names, data, fmt="JSONCompactEachRow", settings={"insert_deduplicate": 0})

    ways = {"native": native, "clickhouse_connect_insert": own, "json_rows": lines}
    return {name: round(min(spent(way) for _ in range(3)) / len(rows) * 1e6, 2) for name, way in ways.items()}


class _Line:
    def __init__(self, entry: Entry) -> None:
        self.credit_reference = entry.account
        self.postings = [effect for effect in entry.effects if isinstance(effect, fx.Posted)]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
