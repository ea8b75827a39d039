"""Journal records to rows."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ach.rail import AchRail
from journal.chain import Accepted, ChainError, Place
from ledger import effects as fx
from ledger.policy import Fired
from sinks.clickhouse.rows import POSITION_BITS, Rows
from sinks.clickhouse.tables import TABLES
from tests.sinks.native_reader import read
from tests.sinks.records import AT_MS, Journal, entry

RAIL = AchRail()


def tables(*accepted: Accepted) -> dict[str, list[dict[str, Any]]]:
    rows = Rows(accepted[0].partition, RAIL.business_date)
    for one in accepted:
        rows.add(one)
    found = {part.table: read(part.data) for part in rows.inserts()}
    assert sum(map(len, found.values())) == rows.count
    return found


def test_a_position_names_record_and_place_within_it() -> None:
    journal = Journal(partition=3)
    journal.append(entry(fx.Refused("DUPLICATE", "pay-0")))
    posted = fx.Posted("cash", "suspense", 500, "hospital-1", "dep-1", "deposit received")
    second = journal.append(
        entry(posted, offset=7, source=1),
        entry(posted, posted, offset=8, source=1, account="credit-2"),
    )
    found = tables(second)
    base = 1 << POSITION_BITS
    assert [(row["partition"], row["position"] - base, row["ordinal"]) for row in found["ledger_entries"]] == [
        (3, 1, 0),
        (3, 3, 0),
        (3, 4, 1),
    ]
    assert [row["position"] - base for row in found["inputs"]] == [0, 2]
    row = found["ledger_entries"][2]
    assert (row["source_topic"], row["source_offset"], row["credit_reference"]) == ("bank.settlements.v1", 8, "credit-2")
    assert row["at"] == datetime.fromtimestamp(AT_MS / 1000, UTC).replace(tzinfo=None)
    assert row["recorded_at"] > row["at"]
    assert row["business_date"] == date(2026, 3, 2)
    assert (row["debit"], row["credit"], row["amount_cents"], row["memo"]) == ("cash", "suspense", 500, "deposit received")


OUTCOMES = """
first effect    outcome   reason            about   detail
none            posted
posting         posted
refused         refused   DUPLICATE         pay-1   seen
dead            dead      MALFORMED_JSON            line
"""
FIRST: dict[str, tuple[fx.AnyEffect, ...]] = {
    "none": (),
    "posting": (fx.Posted("cash", "suspense", 1, "h", "x"),),
    "refused": (fx.Refused("DUPLICATE", "pay-1", "seen"), fx.ExceptionOpened("pay-1/DUP", "DUP", "low", "pay-1", 1, "twice")),
    "dead": (fx.DeadLettered("MALFORMED_JSON", "line"),),
}


@pytest.mark.parametrize("line", OUTCOMES.strip().splitlines()[1:])
def test_an_input_ends_in_one_of_three_ways(line: str) -> None:
    cells = [line[a:b].strip() for a, b in ((0, 16), (16, 26), (26, 44), (44, 52), (52, 99))]
    found = tables(Journal().append(entry(*FIRST[cells[0]])))
    (row,) = found["inputs"]
    assert [row["outcome"], row["reason"], row["about"], row["detail"]] == cells[1:]
    assert len(found.get("exception_events", [])) == (cells[0] == "refused")
    assert [row["reason"] for row in found.get("refusals", [])] == ([cells[2]] if cells[2] else [])


def test_a_refusal_that_is_not_the_inputs_own_is_kept_too() -> None:
    unparked = (fx.Unparked("pay-1", "applied"), fx.Refused("AMOUNT_MISMATCH", "pay-1", "waited"))
    found = tables(Journal().append(entry(fx.PaymentInitiated("pay-1", "repayment", 5, "h", "p"), *unparked)))
    assert [row["outcome"] for row in found["inputs"]] == ["posted"]
    assert [(row["kind"], row["reason"], row["detail"]) for row in found["refusals"]] == [("refused", "AMOUNT_MISMATCH", "waited")]


def test_an_event_over_several_accounts_and_records_is_one_input() -> None:
    journal = Journal()
    moved = fx.Moved("pay-1", "settled", day="2026-03-02")
    tick = {"source": 3, "offset": 40, "kind": "tick.v1"}
    first = journal.append(entry(moved, moved, account="credit-1", **tick), entry(moved, account="credit-2", ordinal=2, **tick))  # type: ignore[arg-type]
    second = journal.append(entry(moved, account="credit-3", ordinal=3, **tick))  # type: ignore[arg-type]
    found = tables(first, second)
    assert [(row["source_offset"], row["type"]) for row in found["inputs"]] == [(40, "tick.v1")]
    assert [row["ordinal"] for row in found["payment_events"]] == [0, 1, 2, 3]


def test_a_payments_life_is_one_table() -> None:
    fired = (Fired("large-amount", "review", "1000.00 is at least 500.00", "high"), Fired("night", "review", "hour 3"))
    accepted = Journal().append(
        entry(
            fx.PaymentInitiated(
                "pay-1", "repayment", 100_000, "hospital-1", "patient-1", "ref", "client-1", "bal-1", "WEB", "sealed", "ff"
            ),
            fx.Decided("pay-1", "held", "default@3", 60, fired, "Two rules fired.", "", AT_MS + 1),
            fx.Moved("pay-1", "returned", "R01", "insufficient_funds", "2026-03-04", "091000010000001", "file-1"),
            fx.RetryScheduled("pay-1", AT_MS + 2, 1),
        )
    )
    found = tables(accepted)
    rows = found["payment_events"]
    assert [(row["kind"], row["status"]) for row in rows] == [
        ("initiated", "received"),
        ("decided", "held"),
        ("moved", "returned"),
        ("retry", ""),
    ]
    initiated, decided, moved, retry = rows
    assert (initiated["amount_cents"], initiated["sec_code"], initiated["client_reference"]) == (100_000, "WEB", "client-1")
    assert decided["rules"] == ["large-amount", "night"]
    assert decided["fired"] == '[["large-amount","review","1000.00 is at least 500.00","high",false],["night","review","hour 3","",false]]'
    assert (moved["code"], moved["reason"], moved["day"]) == ("R01", "insufficient_funds", date(2026, 3, 4))
    assert (retry["attempt"], retry["due_at"] is not None, moved["due_at"]) == (1, True, None)
    assert "sealed" not in str(found)


def test_the_journals_own_table_comes_last_and_says_what_the_record_held() -> None:
    journal = Journal()
    journal.append(entry(fx.Refused("DUPLICATE")))
    second = journal.append(entry(*FIRST["posting"], offset=1), entry(offset=2))
    rows = Rows(0, RAIL.business_date)
    rows.add(second)
    parts = list(rows.inserts())
    assert parts[-1].table == "journal_records"
    (row,) = read(parts[-1].data)
    assert (row["sequence"], row["offset"], row["entries"], row["effects"], row["bytes"]) == (1, 1, 2, 1, len(second.value))
    assert (row["previous"], row["hash"]) == (journal.records[0].place.link.previous, second.place.link.previous)
    assert row["next"] == [3, -1, -1, -1]


def test_the_same_records_give_the_same_bytes() -> None:
    journal = Journal()
    for number in range(5):
        journal.append(entry(*FIRST["refused"], offset=number))

    def inserts() -> list[Any]:
        rows = Rows(0, RAIL.business_date)
        for accepted in journal.records:
            rows.add(accepted)
        return list(rows.inserts())

    assert inserts() == inserts()


def test_a_record_that_is_on_the_chain_but_unreadable_stops_the_reader() -> None:
    with pytest.raises(ChainError, match="partition 0, offset 4: record -1 can't be decoded"):
        tables(Accepted(0, 4, b'[1,0,0,"', Place()))


SAMPLES: list[fx.AnyEffect] = [
    fx.Refused("DUPLICATE", "pay-1"),
    fx.DeadLettered("EMPTY", "no value"),
    fx.Posted("cash", "suspense", 1, "h", "x"),
    fx.Moved("pay-1", "settled", day="2026-03-02"),
    fx.Suspended("dep-1", -5, "applied"),
    fx.Matched("pay-1", "bal-1", 5, "id", ("a", "b"), 100),
    fx.Unmatched("pay-1", "bal-1", 5, "returned"),
    fx.ConsentChanged("sms", granted=True),
    fx.MandateGranted("m-1", "p-1", "WEB"),
    fx.MandateRevoked("m-1"),
    fx.Parked("pay-1", "{}", 5, 7),
    fx.Unparked("pay-1", "applied"),
    fx.PolicyActivated("default@2", "text"),
    fx.PolicyShadowed("default@3", "text", "anna"),
    fx.ShadowDiffered("pay-1", "default@3", "review", "approve", "why", 5, "h"),
    fx.RolloutChanged("h", "paused", "anna"),
    fx.AlertRaised("large", "high", "pay-1", "why", "rule", "default@1", "h", 5),
    fx.WebhookDue("pay-1", "settled", 5, 0, (("R01", "insufficient_funds", "R02", 0),)),
    fx.NotificationDue("settled", "sms", "pay-1", "p-1", 5),
    fx.CreditApplied("pay-1", "h", "p-1", 5),
    fx.ExceptionClosed("pay-1/R01", "settled"),
    fx.DepositReceived("dep-1", "h", 5, "2026-03-02"),
    fx.BalanceOpened("bal-1", "h", "p-1", 5, "2026-04-01", "inv-1"),
]


@settings(max_examples=50)
@given(st.lists(st.lists(st.lists(st.sampled_from(SAMPLES), max_size=4), max_size=4), min_size=1, max_size=4))
def test_every_effect_becomes_one_row_whatever_the_order(records: list[list[list[fx.AnyEffect]]]) -> None:
    journal = Journal()
    for number, entries in enumerate(records):
        journal.append(*[entry(*effects, offset=number * 10 + index) for index, effects in enumerate(entries)])
    found = tables(*journal.records)
    effects = sum(len(effects) for entries in records for effects in entries)
    rows = [row for table in TABLES for row in found.get(table.name, [])]
    assert len(rows) == effects
    assert len({row["position"] for row in rows}) == effects
    assert len(found.get("inputs", [])) == sum(map(len, records))
    assert len(found["journal_records"]) == len(records)
