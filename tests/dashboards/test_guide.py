"""The guide: its links and pictures exist, and what it names exists."""

import re
from pathlib import Path

from api.routes.kpis import router as kpi_routes
from api.routes.stream import router as stream_routes
from dashboards.kpi import kpis
from tests.browser.screenshots import FOLDER

GUIDE = FOLDER.parent
TEXTS = {path.name: path.read_text("utf-8") for path in GUIDE.glob("*.md")}


def test_every_link_and_picture_is_there_and_every_picture_is_shown() -> None:
    for name, text in TEXTS.items():
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (GUIDE / target).is_file(), f"{name}: {target}"
    shown = {target for text in TEXTS.values() for target in re.findall(r"img/([^)]+)", text)}
    assert shown <= {path.name for path in FOLDER.iterdir()}


def test_what_it_asks_of_the_api_can_be_asked() -> None:
    paths = {route.path for route in (*kpi_routes.routes, *stream_routes.routes)}  # type: ignore[attr-defined]
    named = {name for text in TEXTS.values() for name in re.findall(r"GET /api/v1/kpis/(\w+)", text)}
    assert named <= set(kpis())
    assert {"/api/v1/kpis", "/api/v1/kpis/{name}", "/api/v1/stream"} <= paths
    assert Path(GUIDE.parents[1] / "dashboards/prometheus/alerts.yml").is_file()
