"""The next cut-off over HTTP. Times are New York's; 2026-03-02 is a Monday, 12-24 a Thursday."""

import datetime as dt

import pytest
from fastapi.testclient import TestClient

from ach.zone import NEW_YORK
from api.cut_offs import next_closings
from sinks.ach.config import Config, parse, sandbox
from tests.api.ledger_fake import World

URL = "/api/v1/cut-offs"
TABLE = """
    now                hospital   window     closes             settles
    2026-03-02 09:00   H01        SD1300     2026-03-02 09:45   2026-03-02 13:00
    2026-03-02 09:45   H01        SD1300     2026-03-02 09:45   2026-03-02 13:00
    2026-03-02 09:46   H01        SD1700     2026-03-02 14:00   2026-03-02 17:00
    2026-03-02 16:30   H01        next day   2026-03-02 18:45   2026-03-03 08:30
    2026-03-06 18:46   H01        SD1300     2026-03-09 09:45   2026-03-09 13:00
    2026-03-02 09:00   H02        next day   2026-03-02 17:30   2026-03-03 08:30
    2026-12-24 20:00   H01        SD1300     2026-12-28 09:45   2026-12-28 13:00
"""
BANKS = """
[banks.first]
destination = "091000019"
origin = "1912345678"
odfi = "09100001"
[banks.second]
destination = "091000019"
origin = "1912345678"
odfi = "09100002"
windows = []
[hospitals."*"]
bank = "first"
company_name = "ANY"
company_identification = "1912345678"
[hospitals.H02]
bank = "second"
company_name = "TWO"
company_identification = "1912345679"
lead_minutes = 90
"""
CONFIG = parse(BANKS)


def at_ms(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).timestamp() * 1000)


@pytest.mark.parametrize("line", TABLE.strip().splitlines()[1:], ids=str.strip)
def test_the_next_cut_off(line: str) -> None:
    now, hospital, window, closes, settles = (cell.strip() for cell in line.split("  ") if cell.strip())
    (found,) = next_closings(CONFIG, at_ms(now), hospital, None)
    assert found.cut_off.window == window
    assert [f"{instant:%Y-%m-%d %H:%M}" for instant in (found.cut_off.closes, found.cut_off.settles)] == [closes, settles]


@pytest.mark.parametrize(
    ("config", "hospital", "within", "sections"),
    [
        (CONFIG, "", None, ["*", "H02"]),
        (CONFIG, "", frozenset({"H07"}), ["*"]),
        (CONFIG, "H02", frozenset({"H02"}), ["H02"]),
        (sandbox(), "", None, ["*"]),
        (None, "", None, []),
    ],
)
def test_whose_cut_offs_are_told(config: Config | None, hospital: str, within: frozenset[str] | None, sections: list[str]) -> None:
    assert [each.hospital_id for each in next_closings(config, at_ms("2026-03-02 09:00"), hospital, within)] == sections


def test_over_http_with_and_without_a_rail(client: TestClient, world: World) -> None:
    assert client.get(URL).json() == {"rail": False, "cut_offs": []}
    world.app.state.banks = CONFIG
    told = client.get(URL, params={"hospital": "H02"}).json()["cut_offs"]
    assert [(each["bank"], each["window"]) for each in told] == [("second", "next day")]
    assert told[0]["closes_at"].endswith("Z")
