"""One seeded system and one browser for all tests of the page. They end with the module: while Playwright runs, no test can run a loop."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.world import Visit, World, chromium, running


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Four months of 150 accounts."""
    with running(150, 110) as world:
        yield world


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(world: World, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens windows; afterwards nothing wrong may have happened in any of them."""
    opened: list[Visit] = []

    def open_one(**shape: object) -> Visit:
        opened.append(Visit(browser, world, **shape))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    wrong = [each for window in opened for each in window.wrong]
    for window in opened:
        window.close()
    assert not wrong
