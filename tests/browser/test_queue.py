"""What people do in the page: the queue by keyboard with others at work beside it, one exception to its end, adjustments by two, a phase.

No worker decides here: what is done is recorded.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from cli.commands.login import sign_in_link
from ledger import effects as fx
from ledger import governance_effects as governance
from ledger import people_effects as people
from tests.browser.world import Journal, Visit, World, wait_until
from tests.sinks.records import entry

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]
ROWS = "[data-table=exceptions] tbody tr"
ADJUSTMENTS = "[data-table=adjustments] tbody tr"
CASE = "section.case"
SHAPES = pytest.mark.parametrize("shape", [{}, {"dark": True, "width": 390}], ids=["light", "dark and narrow"])


def journal(world: World, number: int, *effects: Any) -> None:
    """One more entry, the newest of all."""
    now_ms = world.seeded.now_ms + 30_000 + number
    made = entry(*effects, source=1, offset=999_000 + number, account=f"CR-late-{number}", at_ms=now_ms)
    log = Journal(world.system.broker.bootstrap)
    log.send(0, world.seeded.journals[0].append(made, at_ms=now_ms).value)
    log.flush()


def journal_exception(world: World, number: int, detail: str) -> None:
    """One more exception, the newest of all."""
    name = f"D-late-{number}"
    journal(world, number, fx.ExceptionOpened(f"{name}/UNMATCHED", "UNMATCHED", "high", name, 12_345, detail, "H01"))


def test_the_queue_by_keyboard_alone(world: World, visit: Open) -> None:
    window = visit()
    page = window.open("exceptions?code=PAYMENT_RETURNED")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the queue")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    second = page.locator("[data-table=exceptions] tbody tr").nth(1)
    about = second.locator("a").get_attribute("title") or ""
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_selector(".steps > li")
    assert about.removeprefix("Trace of ") in page.url
    page.go_back()
    page.wait_for_selector("[data-table=exceptions]")
    assert "code=PAYMENT_RETURNED" in page.url


@pytest.mark.parametrize("shape", [{}, {"dark": True}, {"width": 390}])
def test_what_is_picked_is_previewed_before_it_is_done(visit: Open, shape: dict[str, Any]) -> None:
    window = visit(role="finance", **shape)
    page = window.open("exceptions")
    rows = page.locator("[data-table=exceptions] tbody tr")
    window.settle()
    for row in (rows.first, rows.nth(1)):
        row.press("x")
        expect(row.get_by_role("checkbox")).to_be_checked()
    page.get_by_text("2 picked").wait_for()
    page.get_by_label("Owner", exact=True).fill("ben")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("2 open exceptions, $").wait_for()
    assert not window.axe()
    page.get_by_role("button", name="Do it").click()
    page.get_by_text("2 recorded, decided in a moment.").wait_for()
    page.get_by_role("button", name="Pick none").click()
    page.get_by_text("Pick with x or the boxes").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_what_was_not_answered_is_sent_again_under_the_same_key(visit: Open) -> None:
    window = visit(role="finance")
    page = window.open("exceptions")
    keys: list[str] = []

    def first_is_lost(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        route.abort() if len(keys) == 1 else route.continue_()

    page.route("**/api/v1/exceptions/bulk", first_is_lost)
    page.locator("[data-table=exceptions] tbody tr").first.focus()
    page.keyboard.press("x")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Nothing was changed that it has not confirmed.").wait_for()
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("1 open exception, $").wait_for()
    page.get_by_role("button", name="Preview").click()
    page.wait_for_function("() => performance.getEntriesByName(location.origin + '/api/v1/exceptions/bulk').length >= 3")
    assert len(keys) == 3
    assert keys[0] == keys[1] != keys[2]
    window.wrong = [each for each in window.wrong if "ERR_FAILED" not in each]


def test_who_signed_in_anew_beside_the_page_goes_on_with_it(world: World, visit: Open) -> None:
    window = visit(role="finance")
    page = window.open("exceptions")
    beside = page.context.new_page()
    beside.goto(sign_in_link(world.system.settings, "ana", "finance", None))
    beside.get_by_role("button", name="Sign in").click()
    beside.wait_for_url(f"{window.url}/")
    page.locator("[data-table=exceptions] tbody tr").first.focus()
    page.keyboard.press("x")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("1 open exception, $").wait_for()
    window.wrong = [each for each in window.wrong if "403" not in each]  # of the token of the session before


def test_the_keyboard_stays_on_its_row_when_others_come_before_it(world: World, visit: Open) -> None:
    window = visit(role="finance")
    page = window.open("exceptions")
    window.settle()
    row = page.locator(ROWS).nth(2)
    name = picks(row)
    row.focus()
    for number in (2, 3):
        detail = f"came while somebody worked {number}"
        journal_exception(world, number, detail)
        page.get_by_text(detail).wait_for(timeout=20_000)
    held = page.locator(f"{ROWS}:focus")
    assert picks(held) == name
    expect(page.locator(ROWS).nth(2).get_by_role("checkbox"), "it has moved down").not_to_have_attribute("aria-label", name)
    page.keyboard.press("x")
    expect(held.get_by_role("checkbox")).to_be_checked()


def picks(row: Locator) -> str:
    """Which exception a row would pick."""
    return row.get_by_role("checkbox").get_attribute("aria-label") or ""


def test_text_of_the_ledger_never_becomes_markup(world: World, visit: Open) -> None:
    """The page is told of something new while it is open, and shows hostile text as text."""
    window = visit()
    page = window.open("exceptions")
    before = page.locator("[data-table=exceptions] tbody tr").count()
    hostile = "<img src=x onerror=alert(1)>=1+1"
    journal_exception(world, 1, hostile)
    page.get_by_text(hostile).wait_for(timeout=20_000)
    assert page.locator("[data-table=exceptions] tbody tr").count() in {before, before + 1}
    expect(page.locator("main img")).to_have_count(0)
    expect(page.locator(".live")).to_contain_text("Live")


def picked(page: Page, words: str) -> None:
    """Pick the exception whose row says this, alone."""
    row = page.locator(ROWS, has_text=words).first
    row.wait_for(timeout=20_000)
    row.press("x")
    page.wait_for_selector(f"{CASE} .facts")


def bodies(page: Page, part: str) -> list[dict[str, Any]]:
    """What the page will have sent to addresses with this in them."""
    sent: list[dict[str, Any]] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if request.method == "POST" and part in request.url else None)
    return sent


@SHAPES
def test_a_held_payment_is_decided_on_where_it_is_found(world: World, visit: Open, shape: dict[str, Any]) -> None:
    about = f"00000000-0000-5000-8000-00000000000{len(shape)}"
    held = fx.ExceptionOpened(f"{about}/PAYMENT_HELD", "PAYMENT_HELD", "high", about, 1_200_000, f"large {len(shape)}", "H01")
    journal(world, 30 + len(shape), held)
    window = visit(role="finance", **shape)
    page = window.open("exceptions?code=PAYMENT_HELD")
    sent = bodies(page, "/review")
    picked(page, f"large {len(shape)}")
    expect(page.locator(CASE)).to_contain_text("approve or decline")
    expect(page.locator(f"{CASE} .facts")).to_contain_text("Opened")
    page.get_by_label("Why").fill("called the ward")
    page.get_by_role("button", name="Approve the payment").click()
    assert not window.axe()
    page.get_by_role("button", name="No", exact=True).click()
    assert sent == [], "it is asked for twice"
    page.get_by_role("button", name="Approve the payment").click()
    page.get_by_role("button", name="Yes, approve $12,000.00").click()
    page.get_by_text("Approved: recorded, decided in a moment.").wait_for()
    assert (sent[0]["verdict"], sent[0]["comment"]) == ("approve", "called the ward")
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_money_is_matched_with_the_candidate_or_given_back_by_two(world: World, visit: Open) -> None:
    opened = fx.ExceptionOpened(
        "D-case/AMBIGUOUS", "AMBIGUOUS", "high", "D-case", 250_000, "two bills of one case", "H02", candidates=((("B-7",), 82),)
    )
    journal(world, 10, opened)
    window = visit(role="finance")
    page = window.open("exceptions?show=high")
    matched, proposed = bodies(page, "/matches/confirm"), bodies(page, "/api/v1/adjustments")
    picked(page, "two bills of one case")
    expect(page.locator(CASE)).to_contain_text("82 of 100")
    page.get_by_role("button", name="It is for this: B-7").click()
    assert not window.axe()
    page.get_by_role("button", name="Yes, match $2,500.00").click()
    page.get_by_text("Match confirmed: recorded").wait_for()
    assert (matched[0]["source_id"], matched[0]["balance_ids"], matched[0]["credit_reference"]) == ("D-case", ["B-7"], "CR-late-10")
    page.get_by_text("Propose an adjustment of the books").click()
    page.get_by_label("Reason").fill("sent back by check")
    page.get_by_role("button", name="Propose", exact=True).click()
    page.get_by_role("button", name="Yes, propose $2,500.00").click()
    page.get_by_text("Proposed; another person approves it: recorded").wait_for()
    assert (proposed[0]["form"], proposed[0]["about"], proposed[0]["amount"]) == ("refund", "D-case", "2500.00")
    assert proposed[0]["exception_id"] == "D-case/AMBIGUOUS"


def test_who_proposed_does_not_approve_and_another_one_does(world: World, visit: Open) -> None:
    maker = people.AdjustmentProposed("A-case", "write_off", "B-9", 12_345, "H03", "ana", "charity care", "")
    other = people.AdjustmentProposed("A-other", "write_off", "B-8", 54_321, "H03", "ben", "billed twice", "")
    journal(world, 20, maker, other)
    window = visit(role="finance")
    page = window.open("exceptions")
    page.locator(ADJUSTMENTS, has_text="charity care").first.wait_for(timeout=20_000)
    expect(page.get_by_role("button", name="Approve A-"), "finance proposes").to_have_count(0)
    expect(page.locator(ADJUSTMENTS, has_text="charity care").first.get_by_role("button")).to_have_text("Take back")
    second = visit(role="approver", dark=True, width=390)
    page = second.open("exceptions")
    page.locator(ADJUSTMENTS, has_text="billed twice").first.wait_for(timeout=20_000)
    own = page.locator(ADJUSTMENTS, has_text="charity care").first
    expect(own.get_by_role("button", name="Approve"), "it is ana's own").to_have_count(0)
    sent = bodies(page, "/approve")
    theirs = page.locator(ADJUSTMENTS, has_text="billed twice").first
    theirs.get_by_role("button", name="Approve").click()
    assert not second.axe()
    theirs.get_by_role("button", name="Yes, write off $543.21").click()
    page.get_by_text("Approved $543.21: recorded, decided in a moment.").wait_for()
    assert len(sent) == 1
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_queue_shows_mine_nobodys_late_and_dear(world: World, visit: Open) -> None:
    name = "D-mine/UNMATCHED"
    journal(
        world,
        90,
        fx.ExceptionOpened(name, "UNMATCHED", "high", "D-mine", 990, "taken by ana", "H01"),
        people.ExceptionAssigned(name, "ana", "ana"),
    )
    window = visit(role="finance")
    page = window.open("exceptions?show=mine")
    page.get_by_text("taken by ana").wait_for(timeout=20_000)
    rows = page.locator(ROWS)
    expect(rows).to_have_count(1)
    for show, query in (("nobody", "owner=-"), ("late", "late=true"), ("high", "amount_min=1000")):
        page.get_by_label("Show").select_option(show)
        listed = world.system.client.get(f"/api/v1/exceptions?state=open&limit=100&{query}").json()["exceptions"]
        expect(rows).to_have_count(min(len(listed), 25))
        assert "show=" + show in page.url


def test_a_hospital_is_switched_where_its_numbers_are_and_what_was_done_shows_whatever_the_stream_says(world: World, visit: Open) -> None:
    window = visit(role="approver")
    window.page.add_init_script("window.EventSource = class extends EventTarget {}")
    window.page.reload()
    page = window.open("rollout")
    hospital = page.locator("[data-table=rollout] tbody tr", has_text="H03")
    hospital.click()
    expect(page.locator("[data-table=gates] tbody tr")).to_have_count(8)
    sent = bodies(page, "/rollouts")
    journal(world, 95, governance.RolloutChanged("H03", "paused", "ana"))
    wait_until(lambda: "paused" in world.system.client.get("/api/v1/rollouts").text)
    page.locator("label", has_text="Phase").locator("select").select_option("paused")
    page.get_by_role("button", name="Change it").click()
    assert not window.axe()
    page.get_by_role("button", name="Yes, H03 becomes paused").click()
    page.get_by_text("Recorded; some partitions change in a moment.").wait_for(timeout=20_000)
    expect(hospital).to_contain_text("Paused")
    assert sent[0]["hospital_id"] == "H03"
    assert sent[0]["phase"] == "paused"
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_what_a_role_may_not_see_is_said_calmly(visit: Open) -> None:
    window = visit(role="finance")
    page = window.open("overview")
    assert not page.get_by_role("link", name="Rollout").count()
    page = window.open("rollout")
    page.get_by_text("Your role does not show this.").wait_for()
    assert not page.locator(".trouble").count()
