"""`python -m tests.browser.screenshots [folder]`: pictures of every view for the guide, of a seeded ledger in a real browser."""

import sys
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.worker import declined, working
from tests.browser.world import Visit, World, chromium, running

VIEWS = ("overview", "payments", "returns", "exceptions", "reconciliation", "rules", "rollout", "system")
KEPT = {"": ("overview", "exceptions", "reconciliation", "rules", "rollout", "system"), "-dark": ("returns",), "-narrow": ("overview",)}
CHOSEN = {"rollout": "rollout?hospital=H07"}
FOLDER = Path(__file__).parents[2] / "docs" / "guide" / "img"


def main(folder: Path) -> None:
    """Write a picture of each view: light, some of them dark and narrow."""
    folder.mkdir(parents=True, exist_ok=True)
    with running(900, 130) as world, chromium() as browser:
        for name, shape in (("", {}), ("-dark", {"dark": True}), ("-narrow", {"width": 390, "height": 844})):
            visit = Visit(browser, world, **shape)
            for view in VIEWS if folder != FOLDER else KEPT[name]:
                visit.open(CHOSEN.get(view, view))
                visit.page.wait_for_timeout(400)
                visit.page.screenshot(path=folder / f"{view}{name}.png", full_page=not name and folder != FOLDER)
            if name and folder == FOLDER:
                visit.close()
                continue
            visit.open("payments?status=retry_scheduled" if not name else "payments?status=returned")
            visit.page.locator("[data-table=payments] tbody tr").first.click()
            visit.page.wait_for_selector(".steps")
            visit.settle()
            visit.page.screenshot(path=folder / f"trace{name}.png", full_page=not name and folder != FOLDER)
            sys.stdout.write(f"{name or 'light'}: {visit.wrong or 'no complaint'}; {visit.axe()}\n")
            visit.close()
        privacy(world, browser, folder)


def privacy(world: World, browser: Browser, folder: Path) -> None:
    """Personal data as the privacy officer has it: a person, and who looked."""
    with working(world):
        payment = declined(world, "patient-1")
        visit = Visit(browser, world, role="privacy")
        page = visit.open(f"privacy?patient=patient-1&payment={payment}")
        page.locator("[data-table=standing]", has_text="CR-patient-1").wait_for(timeout=20_000)
        page.get_by_label("What for").fill("a disputed debit")
        page.get_by_role("button", name="Show it").click()
        page.get_by_role("button", name="Yes, show it and put that on record").click()
        page.locator("[data-table=privacy-log] tbody tr").wait_for(timeout=20_000)
        page.screenshot(path=folder / "privacy.png", full_page=folder != FOLDER)
        sys.stdout.write(f"privacy: {visit.wrong or 'no complaint'}; {visit.axe()}\n")
        visit.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
