"""What people see: the right numbers, a way from every number to a trace, nothing from elsewhere, usable by keyboard and on a telephone."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from msgspec import structs
from playwright.sync_api import Locator, Page, expect

from ach.rail import AchRail
from ach.zone import to_new_york
from api.evidence import faults
from journal.evidence import Bundle, read
from ledger import effects as fx
from ledger.money import cents
from sinks.outbox.events import Attempt
from tests.browser.world import Journal, Visit, World, wait_until
from tests.dashboards.naive import ADMINISTRATIVE, UNAUTHORIZED, Oracle

pytestmark = pytest.mark.browser
VIEWS = ("overview", "payments", "returns", "exceptions", "trace", "reconciliation", "rules", "rollout", "privacy", "system")
Open = Callable[..., Visit]


def number(text: str) -> float:
    """What a tile says, without its words and signs."""
    found = re.search(r"\d[\d,]*(\.\d+)?", text)
    assert found, text
    return float(found[0].replace(",", ""))


def choice(page: Page, label: str) -> Locator:
    """The field of this label in the filters."""
    return page.locator(".filters label", has_text=label).locator("select, input")


def oracle(world: World, page: dict[str, Any], hospital: str = "") -> Oracle:
    """The recomputation for the filters and the instant of an answer."""
    as_of_ms = int(datetime.fromisoformat(page["as_of"]).timestamp() * 1000)
    return Oracle(world.seeded.entries(), page["filters"]["from"], page["filters"]["to"], as_of_ms, hospital)


@pytest.mark.parametrize("hospital", ["", "H03"])
def test_tiles_show_what_the_api_says_and_the_journal_holds(world: World, visit: Open, hospital: str) -> None:
    page = visit().open(f"overview?hospital={hospital}")
    answer = world.system.client.get("/api/v1/kpis", params={"hospital": hospital}).json()
    by = {kpi["name"]: kpi for kpi in answer["kpis"]}
    shown = {
        name: number(page.locator(f"[data-kpi={name}] .value").inner_text()) for name in by if page.locator(f"[data-kpi={name}]").count()
    }
    assert len(shown) == 12
    few = {name: kpi for name, kpi in by.items() if name in shown and kpi["state"] == "too_few"}
    assert bool(few) is bool(hospital), "all hospitals together have enough, one of them has not"
    for name, value in shown.items():
        if name in few:
            share = next(share for share in few[name]["shares"] if share["column"] == few[name]["column"])
            words = page.locator(f"[data-kpi={name}]").inner_text()
            assert re.search(rf"{few[name]['row'][share['part']]} (of|for) {few[name]['n']}\b", words), name
            assert "Too few to compare" in words
        else:
            assert value == pytest.approx(float(by[name]["value"] or 0), abs=0.0051), name  # half a unit of the last digit shown
        usual = by[name]["baseline"]
        if usual is not None and usual["state"] == "comparable":
            assert "usual here: " in page.locator(f"[data-kpi={name}] .trend").inner_text(), name
    truth = oracle(world, answer, hospital)
    said = {name: kpi["value"] for name, kpi in by.items()}
    assert said["approval_time"] == truth.approval_time()["fast_percent"]
    assert said["exception_backlog"] == truth.exceptions()["open"]
    assert said["match_rate"] == truth.match_rate()["matched_percent_of_money"]
    assert said["returns_all"] == truth.rate(None, 1500)["rate_percent"]
    assert said["returns_administrative"] == truth.rate(ADMINISTRATIVE, 300)["rate_percent"]
    assert said["returns_unauthorized"] == truth.rate(UNAUTHORIZED, 50)["rate_percent"]
    if not hospital:
        assert shown["aged_unmatched"] * 100 == pytest.approx(truth.suspense()["suspended_amount"])
        nearest = world.system.client.get("/api/v1/kpis/returns_by_hospital").json()["rows"][:8]
        page.locator("[data-table=nearest] tbody tr").first.wait_for()
        told = [row.inner_text() for row in page.locator("[data-table=nearest] tbody td:first-child").all()]
        assert told == [row["hospital_id"] for row in nearest]


def test_tables_show_what_the_journal_holds(world: World, visit: Open) -> None:
    page = visit().open("payments")
    answer = world.system.client.get("/api/v1/kpis/funnel").json()
    truth = oracle(world, answer)
    assert number(page.locator(".flow .row").first.locator(".num").inner_text()) == len(truth.begun())
    shown = [row.inner_text() for row in page.locator("[data-table=payments] tbody tr td.right").all()]
    latest = sorted(truth.begun(), key=lambda each: (-(each[1].begun.at_ms if each[1].begun else 0), each[0]))[: len(shown)]
    assert [cents(text.replace("$", "").replace(",", "")) for text in shown] == [p.begun.effect.amount_cents for _, p in latest if p.begun]


def test_from_a_tile_to_a_trace_in_two_steps(world: World, visit: Open) -> None:
    window = visit()
    tiles = window.open("overview").locator("[data-kpi] .value")
    leading = {tile.get_attribute("href"): number for number, tile in enumerate(tiles.all())}
    assert len(leading) == len(VIEWS) - 4, "every view but overview, trace, rollout and personal data"
    for number in leading.values():
        tile = window.open("overview").locator("[data-kpi] .value").nth(number)
        tile.click()
        tile.wait_for(state="detached")  # or the overview, not yet gone, is taken for the view
        window.settle()
        if window.page.url.endswith("system") and not window.page.locator("tr.opens a").count():
            assert "Every posting of the period can be traced." in window.page.locator("main").inner_text()
            continue
        window.page.locator("tr.opens a").first.click()
        window.page.wait_for_selector(".steps > li")
        text = window.page.locator("main").inner_text()
        assert re.search(r"partition \d+ · offset \d+", text)
        assert re.search(r"[0-9a-f]{16}…", text)


def test_the_reason_of_a_hold_is_in_its_trace(world: World, visit: Open) -> None:
    held = next(
        (effect, fired)
        for _, _, told in world.seeded.entries()
        for effect in told.effects
        if isinstance(effect, fx.Decided) and effect.status == "held"
        for fired in effect.fired
    )
    window = visit()
    page = window.open("overview")
    page.get_by_label("Trace a transaction").fill(held[0].transaction_id)
    page.keyboard.press("Enter")
    page.wait_for_selector(".steps > li")
    assert held[1].rule in page.locator(".steps").inner_text()
    assert held[1].explanation in page.locator(".steps").inner_text()


@pytest.mark.parametrize(("dark", "width"), [(False, 1360), (True, 390)])
def test_every_view_is_whole_and_accessible(world: World, visit: Open, dark: bool, width: int) -> None:
    window = visit(dark=dark, width=width, height=844)
    found: list[str] = []
    for view in VIEWS:
        page = window.open(view)
        assert page.locator("h1").inner_text()
        assert not page.locator(".trouble").count(), page.locator(".trouble").first.inner_text()
        found += [f"{view}: {each}" for each in window.axe()]
        wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{view} is {wide} px too wide"
    assert not found, "\n".join(found)


def test_no_view_of_the_menu_asks_for_what_the_role_may_not_see(visit: Open) -> None:
    window = visit(role="viewer")
    links = window.open("overview").locator(".side li a").evaluate_all("(links) => links.map((link) => link.hash.slice(2))")
    assert "system" in links
    for view in links:
        assert "Your role does not show this" not in window.open(view).locator("main").inner_text(), view
    assert "Your role does not show this" in window.open("rules").locator("main").inner_text(), "asked for by its address"
    # a refused request is an error on the console, and none may have been made


def test_a_trace_is_accessible(world: World, visit: Open) -> None:
    transaction = world.system.client.get("/api/v1/kpis/returned_payments").json()["rows"][0]["transaction_id"]
    for width in (1360, 390):
        window = visit(width=width)
        window.open(f"trace?id={transaction}")
        window.page.wait_for_selector(".steps > li")
        assert not window.axe()
        assert window.page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_trace_tells_every_attempt_at_a_webhook(world: World, visit: Open) -> None:
    payment = world.system.client.get("/api/v1/kpis/returned_payments").json()["rows"][0]
    url = f"/api/v1/payments/{payment['transaction_id']}/trace"
    due = [each for step in world.system.client.get(url).json()["steps"] for each in step["deliveries"] if each["kind"] == "webhook"]
    journal = Journal(world.system.broker.bootstrap)
    about = {"credit_reference": payment["credit_reference"], "transaction_id": payment["transaction_id"], "partition": 0, "offset": 0}
    first = Attempt(delivery_id=due[-1]["id"], number=1, outcome="failed", status=503, reason="no 2xx", duration_ms=12, **about)
    journal.log(first)
    journal.log(structs.replace(first, number=2, outcome="delivered", status=204, reason=""))
    journal.flush()
    wait_until(lambda: "delivered" in world.system.client.get(url).text)
    for shape in ({}, {"dark": True, "width": 390}):
        window = visit(**shape)
        window.open(f"trace?id={payment['transaction_id']}")
        window.page.wait_for_selector(".steps > li")
        told = window.page.locator(".facts li", has_text="answered")
        expect(told).to_have_count(2)
        expect(told.first).to_contain_text("Failed")
        expect(told.first).to_contain_text("answered 503")
        expect(told.last).to_contain_text("Delivered")
        assert not window.axe()


def test_a_definition_opens_and_closes_by_keyboard(world: World, visit: Open) -> None:
    page = visit().open("overview")
    page.locator("[data-kpi=returns_all] .info").focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog")
    expect(box).to_contain_text("15 %")
    expect(box).to_contain_text("Counts, not dollars")
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(page.locator("[data-kpi=returns_all] .info")).to_be_focused()


def test_filters_live_in_the_address(world: World, visit: Open) -> None:
    window = visit()
    page = window.open("returns")
    choice(page, "Hospital").select_option("H03")
    choice(page, "Period").select_option("90")
    window.settle()
    assert "hospital=H03" in page.url
    assert "from=" in page.url
    shared = visit()
    again = shared.open(page.url.partition("#/")[2])
    assert choice(again, "Hospital").input_value() == "H03"
    assert {row.inner_text() for row in again.locator("[data-table=sites] tbody td:first-child").all()} == {"H03"}


def test_a_table_is_taken_away_as_csv(world: World, visit: Open) -> None:
    page = visit().open("returns")
    with page.expect_download() as waiting:
        page.locator("section", has_text="Hospitals nearest to a limit").get_by_role("button", name="CSV").click()
    lines = waiting.value.path().read_text().splitlines()
    rows = world.system.client.get("/api/v1/kpis/returns_by_hospital").json()["rows"]
    assert lines[0].startswith("hospital_id,n,used_percent")
    assert [line.split(",")[:2] for line in lines[1:]] == [[row["hospital_id"], str(row["n"])] for row in rows]


def test_an_unknown_transaction_is_said_to_be_unknown(world: World, visit: Open) -> None:
    window = visit()
    page = window.open("trace?id=00000000-0000-0000-0000-000000000000")
    expect(page.locator(".trouble")).to_contain_text("No payment has this transaction id.")
    window.wrong = [each for each in window.wrong if "404" not in each]


def test_the_period_of_the_page_is_that_of_the_api(world: World, visit: Open) -> None:
    page = visit().open("overview")
    filters = world.system.client.get("/api/v1/kpis").json()["filters"]
    assert choice(page, "From").input_value() == filters["from"]
    assert choice(page, "To").input_value() == filters["to"]
    page.get_by_text("Next cut-off").wait_for()
    closes = world.system.client.get("/api/v1/cut-offs").json()["cut_offs"][0]["closes_at"]
    in_new_york = to_new_york(int(datetime.fromisoformat(closes).timestamp() * 1000))
    assert f"Next cut-off {in_new_york:%Y-%m-%d %H:%M}" in page.get_by_text("Next cut-off").inner_text()


def test_who_is_signed_in_is_shown_and_signing_out_leads_to_the_way_in(visit: Open) -> None:
    window = visit()
    page = window.open("overview")
    footer = page.locator(".side footer")
    expect(footer).to_contain_text("ana, auditor")
    footer.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{window.url}/login")
    page.goto(f"{window.url}/")
    page.wait_for_url(f"{window.url}/login")
    expect(page.locator("body")).to_contain_text("hms-ach login")
    window.wrong = [each for each in window.wrong if "401" not in each]  # the browser itself remarks on every refusal


BOOK = '[book]\nname = "strict"\nversion = 3\n\n[[rule]]\nname = "large"\nwhen = "amount > 100"\noutcome = "review"\nexplain = "Large."\n'


@pytest.mark.parametrize("shape", [{}, {"dark": True}, {"width": 390}])
def test_a_rule_book_is_written_with_its_errors_beside_it_and_tried_on_the_past(visit: Open, shape: dict[str, Any]) -> None:
    window = visit(role="risk", **shape)
    page = window.open("rules")
    area = page.get_by_label("Rule book, TOML")
    area.fill(BOOK.replace("amount >", "amuont >"))
    finding = page.locator("#lint li")
    expect(finding).to_contain_text("rule large, when")
    expect(page.get_by_role("button", name="Back-test")).to_be_disabled()
    page.get_by_role("button", name="Line 7").click()
    assert area.evaluate("(a) => a.value.slice(a.selectionStart, a.selectionEnd)") == 'when = "amuont > 100"'
    assert not window.axe()
    area.fill(BOOK)
    expect(page.locator("#lint")).to_contain_text("strict@3, 1 rule")
    if shape:
        return
    page.get_by_role("button", name="Back-test").click()
    page.locator("[data-table=changes]").wait_for(timeout=60_000)
    assert "decided otherwise" in page.locator(".bench h3").inner_text()
    assert page.locator("[data-table=changes] tbody tr").count() >= 1
    assert not window.axe()
    page.get_by_role("button", name="Run as a shadow").click()
    expect(page.locator(".bench p[role=status]")).to_contain_text("strict@3", timeout=20_000)


def test_the_evidence_of_a_trace_is_a_file_that_holds(world: World, visit: Open) -> None:
    paid = world.system.client.get("/api/v1/kpis/payments").json()["rows"][0]["transaction_id"]
    page = visit().open(f"trace?id={paid}")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Evidence").click()
    bundle = read(taken.value.path().read_bytes())
    assert isinstance(bundle, Bundle)
    assert bundle.payload.transaction_id == paid
    public = (world.system.folder / "evidence.pub").read_bytes()
    assert faults(bundle, public, AchRail().business_date) == []
