"""The tour: shown once, by keyboard, and again when asked for."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.world import Visit, World

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
