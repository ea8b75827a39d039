"""The queue as a tool: by keyboard, with others at work beside it, previewed before it is done."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from cli.commands.login import sign_in_link
from ledger import effects as fx
from tests.browser.world import Journal, Visit, World
from tests.sinks.records import entry

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]
ROWS = "[data-table=exceptions] tbody tr"


def journal_exception(world: World, number: int, detail: str) -> None:
    """One more exception, the newest of all."""
    name, now_ms = f"D-late-{number}", world.seeded.now_ms + 30_000 + number
    opened = fx.ExceptionOpened(f"{name}/UNMATCHED", "UNMATCHED", "high", name, 12_345, detail, "H01")
    made = entry(opened, source=1, offset=999_000 + number, account=f"CR-late-{number}", at_ms=now_ms)
    journal = Journal(world.system.broker.bootstrap)
    journal.send(0, world.seeded.journals[0].append(made, at_ms=now_ms).value)
    journal.flush()


def test_the_queue_by_keyboard_alone(world: World, visit: Open) -> None:
    window = visit()
    page = window.open("exceptions?code=PAYMENT_RETURNED")
    page.locator("[data-table=exceptions] tbody tr").first.focus()
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    second = page.locator("[data-table=exceptions] tbody tr").nth(1)
    about = second.locator("a").get_attribute("title") or ""
    assert second.evaluate("(row) => row === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_selector(".steps > li")
    assert about.removeprefix("Trace of ") in page.url
    page.go_back()
    page.wait_for_selector("[data-table=exceptions]")
    assert "code=PAYMENT_RETURNED" in page.url


@pytest.mark.parametrize("shape", [{}, {"dark": True}, {"width": 390}])
def test_what_is_picked_is_previewed_before_it_is_done(visit: Open, shape: dict[str, Any]) -> None:
    """No worker decides here: what is done is recorded."""
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
    assert picks(page.locator(ROWS).nth(2)) != name, "it has moved down"
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
    assert not page.locator("main img").count()
    assert page.get_by_text("Live").count()
