"""The same facts from ClickHouse as from the journal, on the real engine; lists and exports over real tables."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from api.cursor import CursorKey
from api.export import Exporter, Filter
from api.facts import Fact, merged, of_record
from api.history import History
from api.initiate import Initiator
from api.lists import Lists, Wanted
from api.lookup import AccountLookup
from api.metrics import Metrics
from api.models.payment import InitiateRequest
from api.payment import status_of
from api.recent import Recent
from api.span import read_span
from api.store import Store
from api.trace import trace_of
from journal import topics
from journal.settings import Settings
from ledger import effects as fx
from ledger.governance import RULE_BROKEN
from ledger.ids import rule_alert_id, transaction_id
from ledger.record import Entry
from sinks.clickhouse.database import Database
from sinks.clickhouse.rows import Rows
from sinks.clickhouse.store import insert
from tests.api.bank import tell
from tests.api.ledger_fake import World
from tests.sinks.records import Journal

pytestmark = pytest.mark.live


NOTICED = (1, 2, 3)
"""partitions in which a rule broke"""


class Stored(NamedTuple):
    """A ledger whose journal is in ClickHouse, and nothing of it in memory any more."""

    world: World
    store: Store
    history: History
    lists: Lists
    payments: list[str]


def request(**changes: str) -> InitiateRequest:
    body = {"patient_id": "p-1", "hospital_id": "h-1", "amount": "250.00", "credit_reference": "credit-1", "direction": "repayment"}
    return InitiateRequest.model_validate({**body, **changes})


async def lives(world: World) -> list[str]:
    """Payments with every kind of effect."""
    tell(world, "balance", balance_id="b-1", patient_id="p-1", hospital_id="h-1", amount="250.00", due_date="2026-03-15")
    tell(world, "mandate", mandate_id="m-1", patient_id="p-1")
    tell(world, "consent", patient_id="p-1", purpose="sms", granted=True)
    history = History(world.store, world.recent, world.ledger.rail.business_date)
    initiator = Initiator(
        world.ledger,
        world.decisions,
        AccountLookup(history.accounts_of),
        history,
        Metrics(),
        2,
        lambda: world.ledger.now_ms,
        world.personal,
    )
    done = [(await initiator.initiate(request(balance_id="b-1"), "local", "key-1")).answer.transaction_id]
    for kind, data in (
        ("submitted", {"trace_number": "091000010000001", "effective_date": "2026-03-03"}),
        ("settled", {"amount": "250.00", "settlement_date": "2026-03-03"}),
        ("returned", {"amount": "250.00", "return_code": "R01", "return_date": "2026-03-04"}),
    ):
        tell(world, kind, minutes=600, transaction_id=done[0], **data)
    for number, amount in enumerate(("6000.00", "20000.00", "1000.00")):
        asked = request(amount=amount, direction="preapproval")
        done.append((await initiator.initiate(asked, "local", f"pre-{number}")).answer.transaction_id)
    tell(world, "deposit", minutes=5, deposit_id="d-1", hospital_id="h-1", amount="400.00", balance_id="b-1", settlement_date="2026-03-05")
    return done


def noticed() -> Entry:
    """What each partition tells of a rule that cannot be evaluated."""
    alert = fx.AlertRaised(RULE_BROKEN, "high", "T1", "why", "divides", "faulty@1", "", window=rule_alert_id("faulty@1", "divides"))
    return Entry(3, 0, "tick", "tick.v1", 1_772_463_600_000, "", (alert,))


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stored]:
    folder: Path = tmp_path_factory.mktemp("clickhouse")
    world = World()
    payments = asyncio.run(lives(world))
    with Database(Settings(data_dir=folder)) as database:
        client = database.client()
        rows = Rows(0, world.ledger.rail.business_date)
        for accepted in world.recent.holding(""):
            rows.add(accepted)
        for part in rows.inserts():
            insert(client, part, "journal:0:all")
        for partition in NOTICED:
            broken = Rows(partition, world.ledger.rail.business_date)
            broken.add(Journal(partition).append(noticed()))
            for part in broken.inserts():
                insert(client, part, f"journal:{partition}:all")
        store = Store(database)
        history = History(store, Recent(), world.ledger.rail.business_date)
        yield Stored(world, store, history, Lists(store, CursorKey(b"k"), 4, "default@1"), payments)
        store.close()


def from_journal(stored: Stored, about: str) -> list[Fact]:
    business_date = stored.world.ledger.rail.business_date
    return merged(*(of_record(record, about, business_date) for record in stored.world.recent.holding(about)))


def test_a_payment_reads_the_same_from_both_places(stored: Stored) -> None:
    for payment in stored.payments:
        facts, proofs = asyncio.run(stored.history.of_payment_whole(payment))
        fresh = from_journal(stored, payment)
        by_place = {(fact.partition, fact.position): fact for fact in fresh}
        assert facts
        for fact in facts:
            twin = by_place[fact.partition, fact.position]
            assert fact._replace(values=listed(fact)) == twin._replace(values=listed(twin))
        assert status_of(facts, payment) == status_of(fresh, payment)
        trace = trace_of(facts, proofs, payment)
        assert trace is not None
        fresh_proofs = stored.world.services.history._fresh(payment)[1]
        assert trace == trace_of(fresh, fresh_proofs, payment)


def listed(fact: Fact) -> dict[str, object]:
    return {name: list(value) if isinstance(value, (list, tuple)) else value for name, value in fact.values.items()}


def test_an_account_reads_the_same_from_both_places(stored: Stored) -> None:
    from api.balance import balance_of

    facts = asyncio.run(stored.history.of_account("credit-1"))
    found = balance_of(facts, "credit-1", stored.world.ledger.now_ms)
    assert found == balance_of(from_journal(stored, "credit-1"), "credit-1", stored.world.ledger.now_ms)
    assert found is not None
    assert found.open_amount == "0.00"
    assert found.suspense_amount == "150.00"


def test_what_is_in_both_places_counts_once(stored: Stored) -> None:
    both = History(stored.store, stored.world.recent, stored.world.ledger.rail.business_date)
    alone = asyncio.run(stored.history.of_account("credit-1"))
    together = asyncio.run(both.of_account("credit-1"))
    places = [(fact.partition, fact.position) for fact in together]
    assert len(set(places)) == len(places)
    assert {fact[:3] for fact in alone} <= {fact[:3] for fact in together}


def test_the_accounts_of_payments(stored: Stored) -> None:
    asked = [stored.payments[0], transaction_id("local", "never"), "'; DROP TABLE payment_events"]
    assert asyncio.run(stored.history.accounts_of(asked)) == {stored.payments[0]: "credit-1"}


def test_lists_page_through_everything_newest_first(stored: Stored) -> None:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = asyncio.run(stored.lists.exceptions(Wanted("/exceptions", {}, 1, cursor)))
        seen += [item.exception_id for item in page.exceptions]
        cursor = page.next
        if cursor is None:
            break
    whole = asyncio.run(stored.lists.exceptions(Wanted("/exceptions", {}, 100, None)))
    assert seen == [item.exception_id for item in whole.exceptions]
    assert len(seen) == len(set(seen)) >= 2
    assert [item.opened_at for item in whole.exceptions] == sorted((item.opened_at for item in whole.exceptions), reverse=True)
    held = asyncio.run(stored.lists.exceptions(Wanted("/exceptions", {"code": "PAYMENT_HELD", "state": "open"}, 100, None)))
    assert [item.about for item in held.exceptions] == [stored.payments[1]]
    assert asyncio.run(stored.lists.exceptions(Wanted("/exceptions", {"code": "' OR 1=1 --"}, 100, None))).exceptions == []


def test_the_queue_is_kept_to_what_is_late_dear_or_nobodys(stored: Stored) -> None:
    def named(equal: dict[str, str], cents_min: int = 0) -> set[str]:
        page = asyncio.run(stored.lists.exceptions(Wanted("/exceptions", equal, 100, None, None, cents_min)))
        return {item.exception_id for item in page.exceptions}

    whole = asyncio.run(stored.lists.exceptions(Wanted("/exceptions", {}, 100, None))).exceptions
    amounts = sorted({Decimal(item.amount) for item in whole})
    assert len(amounts) >= 2
    dear = {item.exception_id for item in whole if Decimal(item.amount) >= amounts[-1]}
    assert named({}, int(amounts[-1] * 100)) == dear
    assert named({"late": "yes"}) | named({"late": "no"}) == {item.exception_id for item in whole}
    assert named({"late": "yes"}) >= {item.exception_id for item in whole if item.overdue}
    assert named({"owner": ""}) == {item.exception_id for item in whole if not item.owner}


def test_alerts_carry_the_ids_under_which_they_were_published(stored: Stored) -> None:
    from streams import public

    alerts = asyncio.run(stored.lists.alerts(Wanted("/alerts", {}, 100, None))).alerts
    assert alerts
    published = {
        dict(output.headers)["ce_id"].decode()
        for record in stored.world.recent.holding("")
        for output in public.outputs(0, topics.INPUTS, record.record().entries)
        if output.topic == topics.ALERTS
    }
    assert sorted(alert.alert_id for alert in alerts) == sorted({*published, rule_alert_id("faulty@1", "divides")})


def test_an_alert_names_the_event_behind_it(stored: Stored) -> None:
    """Faults, row 17: there lie the bytes that came with a known identifier and other content."""
    alerts = asyncio.run(stored.lists.alerts(Wanted("/alerts", {}, 100, None))).alerts
    entries = [(held.partition, entry) for held in stored.world.recent.holding("") for entry in held.record().entries]
    places = {
        (topics.INPUTS[entry.source], partition, entry.offset, effect.about)
        for partition, entry in entries
        for effect in entry.effects
        if isinstance(effect, fx.AlertRaised)
    }
    told = {(alert.topic, alert.partition, alert.offset, alert.about) for alert in alerts if alert.alert != RULE_BROKEN}
    assert told == places != set()


def test_rules_name_the_default_book_where_none_was_activated(stored: Stored) -> None:
    found = asyncio.run(stored.lists.rules())
    assert found.versions == ["default@1"]
    assert [each.partition for each in found.partitions] == [0, 1, 2, 3]


@pytest.mark.parametrize("basis", ["posted_at", "business_date"])
def test_an_export_keeps_to_its_snapshot(stored: Stored, basis: str) -> None:
    bounds = ("2026-03-01", "2026-04-01") if basis == "business_date" else ("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z")
    wanted = Filter(read_span(basis, *bounds))  # type: ignore[arg-type]
    exporter = Exporter(stored.store)

    async def export(page: int) -> list[str]:
        progress = await exporter.begin(wanted)
        lines: list[str] = []
        while not progress.complete:
            rows = await exporter.page(wanted, progress, page)
            lines += [f"{row.about} {row.debit}>{row.credit} {row.amount_cents}" for row in rows]
            progress = progress.behind(rows)
        return lines

    whole = asyncio.run(export(10_000))
    posted = [
        effect
        for record in stored.world.recent.holding("")
        for entry in record.record().entries
        for effect in entry.effects
        if isinstance(effect, fx.Posted)
    ]
    assert sorted(whole) == sorted(f"{effect.about} {effect.debit}>{effect.credit} {effect.amount_cents}" for effect in posted)
    assert asyncio.run(export(1)) == asyncio.run(export(3)) == whole


def test_rows_that_arrive_meanwhile_are_not_in_the_export(stored: Stored) -> None:
    wanted = Filter(read_span("business_date", "2026-01-01", "2026-12-31"))
    exporter = Exporter(stored.store)

    async def begin() -> int:
        return (await exporter.begin(wanted)).count

    async def count(progress_count: int) -> None:
        progress = await exporter.begin(wanted)
        posted = fx.Posted("cash", "fees", 1, "h-late", "late", "")
        late = stored.world.ledger.journal((Entry(0, 9999, "late", "test", stored.world.ledger.now_ms, "credit-1", (posted,)),))
        rows = Rows(0, stored.world.ledger.rail.business_date)
        rows.add(late)
        client = stored.store._free.get()
        try:
            for part in rows.inserts():
                insert(client, part, "journal:0:late")
        finally:
            stored.store._free.put(client)
        given = [row async for part in exporter.lines(wanted, progress) for row in part]
        assert len(given) == progress_count
        assert "late" not in {row.about for row in given}
        assert (await exporter.begin(wanted)).count == progress_count + 1

    asyncio.run(count(asyncio.run(begin())))


def test_reading_cannot_write(stored: Stored) -> None:
    from clickhouse_connect.driver.exceptions import DatabaseError

    with pytest.raises(DatabaseError, match="readonly"):
        stored.store.rows("INSERT INTO policies (partition) VALUES (1)")
