"""Who comes to the page for the first time, who answers for personal data, and who sees whether the books agree."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from ledger import effects as fx
from tests.browser.worker import ACCOUNT, declined, working
from tests.browser.world import Journal, Visit, World
from tests.sinks.records import entry

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]


@pytest.mark.parametrize("shape", [{}, {"dark": True, "width": 390}])
def test_the_tour_is_shown_once_by_keyboard_and_again_when_asked_for(visit: Open, shape: dict[str, Any]) -> None:
    window = visit(tour=True, height=844, **shape)
    page = window.page
    tour = page.get_by_role("dialog", name="Welcome")
    tour.wait_for()
    assert tour.evaluate("(box) => box === document.activeElement")
    seen = []
    for _ in range(6):
        page.keyboard.press("Tab")
        expect(page.get_by_role("dialog").get_by_role("button", name="Next")).to_be_focused()
        page.keyboard.press("Enter")
        page.locator("main .spoken-of").wait_for()
        window.settle()
        seen.append(page.url.partition("#/")[2].partition("?")[0] or "overview")
        assert not window.axe()
    assert seen == ["overview", "overview", "overview", "returns", "exceptions", "trace"]
    page.keyboard.press("ArrowLeft")
    page.get_by_role("dialog", name="What needs a person").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#tour")).to_be_focused()
    expect(page.locator(".spoken-of")).to_have_count(0)
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    page.reload()
    window.settle()
    assert not page.get_by_role("dialog").count()
    page.get_by_role("button", name="Take the tour").press("Enter")
    page.get_by_role("dialog", name="Welcome").wait_for()
    page.get_by_role("button", name="Skip").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_tour_does_not_lead_away_from_where_a_link_led(world: World, visit: Open) -> None:
    window = visit(tour=True)
    page = window.open("rules")
    page.reload()
    page.get_by_role("dialog", name="Welcome").wait_for()
    assert page.url.endswith("#/rules")


def test_a_privacy_officer_looks_holds_and_erases_and_all_of_it_is_on_record(world: World, visit: Open) -> None:
    patient = "patient-private"
    window = visit(role="privacy", dark=True, width=390)
    page = window.page
    with working(world):
        payment = declined(world, patient)
        page.get_by_role("heading", name="Personal data", level=1).wait_for()
        assert page.locator(".side li").all_inner_texts() == ["Trace", "Personal data"]
        page.get_by_label("Patient's token").fill(patient)
        page.keyboard.press("Enter")
        page.locator("[data-table=standing]", has_text=f"CR-{patient}").wait_for(timeout=20_000)
        page.get_by_label("Transaction id").fill(payment)
        page.get_by_label("What for").fill("a disputed debit")
        page.get_by_role("button", name="Show it").click()
        assert not page.get_by_text(ACCOUNT["account_number"]).count(), "it is asked for twice"
        page.get_by_role("button", name="Yes, show it and put that on record").click()
        page.locator("[data-revealed]", has_text=ACCOUNT["account_number"]).wait_for()
        log = page.locator("[data-table=privacy-log] tbody tr")
        expect(log.filter(has_text="a disputed debit").filter(has_text="ana")).to_have_count(1, timeout=20_000)
        assert not window.axe()
        page.get_by_role("button", name="Hide it").click()
        assert not page.get_by_text(ACCOUNT["account_number"]).count()
        page.get_by_label("Type the token to erase").fill(patient)
        page.get_by_role("button", name="Begin a legal hold").click()
        page.get_by_role("button", name="Yes, hold all accounts").click()
        page.get_by_text(f"A legal hold lasts. CR-{patient} done").wait_for()
        page.locator("[data-table=standing]", has_text="On hold").wait_for(timeout=20_000)
        assert page.get_by_role("button", name="Erase this person").is_disabled()
        page.get_by_role("button", name="End the legal hold").click()
        page.get_by_role("button", name="Yes, end it").click()
        page.get_by_text(f"The legal hold has ended. CR-{patient} done").wait_for()
        page.get_by_role("button", name="Begin a legal hold").wait_for(timeout=20_000)
        assert page.get_by_role("button", name="Erase this person").is_disabled(), "the token is typed anew"
        page.get_by_label("Type the token to erase").fill(patient)
        page.get_by_role("button", name="Erase this person").click()
        assert not window.axe()
        page.get_by_role("button", name="Yes, destroy the keys for good").click()
        page.get_by_text(f"Erased. CR-{patient} done").wait_for()
        page.get_by_text("This person is erased; their keys are destroyed.").wait_for(timeout=20_000)
        expect(log).to_have_count(4, timeout=20_000)
        page.get_by_role("button", name="Show it").click()
        page.get_by_role("button", name="Yes, show it and put that on record").click()
        page.get_by_role("alert").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    window.wrong = [each for each in window.wrong if "409" not in each]  # of the account that nobody can see any more


def test_the_books_agree_and_where_they_do_not_it_is_red_and_leads_to_a_trace(world: World, visit: Open) -> None:
    """Last: it spoils the ledger with cash that no bank has told of."""
    window = visit()
    page = window.open("reconciliation")
    ties = page.locator("[data-table=tie-out] tbody tr")
    expect(ties.filter(has_text="Ties out")).to_have_count(4)
    said = world.system.client.get("/api/v1/kpis/tie_out").json()["rows"]
    assert [row["broken"] for row in said] == [0, 0, 0, 0]
    assert f"{said[0]['n']:,} sources" in ties.first.inner_text()
    assert not page.locator("#tie-out .trouble").count()
    payment = world.system.client.get("/api/v1/kpis/payments", params={"status": "completed"}).json()["rows"][0]
    now_ms = world.seeded.now_ms + 45_000
    stray = fx.Posted("cash", "suspense", 12_345, "H01", payment["transaction_id"], "from nowhere")
    made = entry(stray, source=1, offset=999_999, account=payment["credit_reference"], at_ms=now_ms)
    log = Journal(world.system.broker.bootstrap)
    log.send(0, world.seeded.journals[0].append(made, at_ms=now_ms).value)
    log.flush()
    window = visit(dark=True, width=390)
    page = window.open("reconciliation")
    page.get_by_text("1 place does not tie out.").wait_for(timeout=20_000)
    assert "$123.45" in page.locator("[data-table=tie-out] tbody tr", has_text="1 differs").inner_text()
    window.settle()
    assert not window.axe()
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    page.locator("[data-table=tie-breaks] tr.opens a").click()
    page.wait_for_selector(".steps > li")
    assert payment["transaction_id"] in page.url
