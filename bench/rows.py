"""What a row costs on its way from the journal into the embedded ClickHouse engine, in CPU time, and what other formats would cost.

    python -m bench.rows [records]

Times are of this process, engine and merges included. Nothing is written outside a temporary folder.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import TypeVar

import msgspec
from clickhouse_connect.driver.client import Client

from ach.rail import AchRail
from journal.chain import Accepted, Place, advance
from journal.settings import Settings
from journal.topics import INPUTS
from ledger import effects as fx
from ledger.record import VERSION, Entry, Record, encode
from sinks.clickhouse import store
from sinks.clickhouse.database import Database
from sinks.clickhouse.native import INT64, TEXT, WORD, Column, block, whole
from sinks.clickhouse.rows import Insert, Rows

EVENTS_IN_RECORD = 500
RECORDS_IN_BLOCK = 10
_START_MS = 1_763_900_000_000
T = TypeVar("T")


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
        found.append(Accepted(0, sequence, value, place))
    return found


def spent(work: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds of this process, all threads, and what the work gave."""
    began = time.process_time()
    answer = work()
    return time.process_time() - began, answer


def gather(accepted: list[Accepted], rail: AchRail) -> Rows:
    """Records to rows, as the sink does it."""
    rows = Rows(0, rail.business_date)
    for one in accepted:
        rows.add(one)
    return rows


def store_block(client: Client, parts: list[Insert], token: str) -> None:
    """All inserts of a block."""
    for part in parts:
        store.insert(client, part, token)


def measure_block(client: Client, accepted: list[Accepted], rail: AchRail, token: str) -> tuple[dict[str, float], int, int]:
    """CPU seconds of each step for one block, its rows, and its inserts."""
    decoding, _ = spent(lambda: [one.record() for one in accepted])
    gathering, rows = spent(lambda: gather(accepted, rail))
    encoding, parts = spent(lambda: list(rows.inserts()))
    inserting, _ = spent(lambda: store_block(client, parts, token))
    steps = {"decode": decoding, "gather": gathering - decoding, "encode": encoding, "insert": inserting}
    return steps, rows.count, len(parts)


def main(records: int) -> None:
    """Measure and print, one JSON object. Of each step the median block counts: on a busy machine the mean says little."""
    accepted, rail = journal(records), AchRail()
    blocks = [accepted[at : at + RECORDS_IN_BLOCK] for at in range(0, records, RECORDS_IN_BLOCK)]
    steps: dict[str, list[float]] = {"decode": [], "gather": [], "encode": [], "insert": []}
    rows = inserts = 0
    with (
        tempfile.TemporaryDirectory(prefix="hms-ach-bench-") as folder,
        Database(Settings.model_validate({"data_dir": folder})) as database,
    ):
        client = database.client()
        for number, records_in_block in enumerate(blocks):
            seconds, count, parts = measure_block(client, records_in_block, rail, f"bench:{number}")
            for name, value in seconds.items():
                steps[name].append(value / count * 1e6)
            rows, inserts = rows + count, inserts + parts
        merging, _ = spent(lambda: time.sleep(3))
        formats = compare_formats(client, accepted)
    each = {name: round(median(found), 2) for name, found in steps.items()}
    events_in_all = records * EVENTS_IN_RECORD
    report = {
        "events": events_in_all,
        "rows": rows,
        "inserts": inserts,
        "us_per_row": {**each, "merges_in_3_s": round(merging / rows * 1e6, 2)},
        "us_per_event": round((sum(each.values()) + merging / rows * 1e6) * rows / events_in_all, 1),
        "postings_us_per_row_by_format": formats,
    }
    print(json.dumps(report, indent=1))


def compare_formats(client: Client, accepted: list[Accepted]) -> dict[str, float]:
    """The same postings written three ways: Native by us, by clickhouse-connect's own insert, and as JSON rows. The best of five."""
    postings = [(e.account, p) for one in accepted for e in one.record().entries for p in e.effects if isinstance(p, fx.Posted)]
    types = {
        "credit_reference": TEXT,
        "hospital_id": WORD,
        "about": TEXT,
        "debit": WORD,
        "credit": WORD,
        "amount_cents": INT64,
        "memo": WORD,
    }
    columns = [Column(name, kind) for name, kind in types.items()]
    rows = [(account, p.hospital_id, p.about, p.debit, p.credit, p.amount_cents, p.memo) for account, p in postings]
    off = {"insert_deduplicate": 0}

    def native() -> None:
        data = block(((column, whole(column, each)) for column, each in zip(columns, zip(*rows, strict=True), strict=True)), len(rows))
        client.raw_insert("ledger_entries", list(types), data, fmt="Native", settings=off)

    def own() -> None:
        turned = [list(column) for column in zip(*rows, strict=True)]
        names = [kind.name for kind in types.values()]
        client.insert("ledger_entries", turned, list(types), column_type_names=names, column_oriented=True, settings=off)

    def lines() -> None:
        data = msgspec.json.Encoder().encode_lines(rows)
        client.raw_insert("ledger_entries", list(types), data, fmt="JSONCompactEachRow", settings=off)

    ways = {"native": native, "clickhouse_connect_insert": own, "json_rows": lines}
    return {name: round(min(spent(way)[0] for _ in range(5)) / len(rows) * 1e6, 2) for name, way in ways.items()}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
