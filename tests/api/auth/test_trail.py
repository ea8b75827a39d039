"""The trail: who did what, who was refused."""

import json
from pathlib import Path

from api.auth.trail import Act, Trail
from tests.api.auth.world import OTHER, OWN, Secured
from tests.api.test_initiate import ask


def test_what_changes_something_and_what_is_refused_is_written_and_reading_is_not(secured: Secured) -> None:
    secured.add("credit", hospitals=(OWN,))
    credit = secured.client("credit")
    viewer = secured.person("viewer")
    before = len(secured.trail())
    assert ask(credit).status_code == 201
    assert credit.get("/api/v1/session").status_code == 200
    assert ask(credit, key="k2", hospital_id=OTHER).status_code == 403
    assert viewer.get("/metrics").status_code == 403
    assert secured.connection().get("/api/v1/kpis").status_code == 401
    lines = [json.loads(line) for line in secured.trail()[before:]]
    assert [(line["who"], line["method"], line.get("route", ""), line["status"]) for line in lines] == [
        ("credit", "POST", "/api/v1/payments/initiate", 201),
        ("credit", "POST", "/api/v1/payments/initiate", 403),
        ("person:ana", "GET", "/metrics", 403),
        ("nobody", "GET", "", 401),
    ]
    assert [line.get("why") for line in lines] == [None, "another hospital's", "no scope metrics:read", "no credentials"]
    assert lines[2]["role"] == "viewer"
    assert all(line["request_id"] and line["at"].startswith("2026-03-02T14:00:00") for line in lines)


def test_signing_in_and_asking_for_tokens_is_written_with_the_name_and_nothing_secret(secured: Secured) -> None:
    secured.add("credit")
    token = secured.token("credit")
    secured.person("finance")
    secured.connection().post("/login", data={"link": "x" * 43})
    lines = secured.trail()
    assert ['"who":"credit"' in lines[0], '"who":"person:ana"' in lines[1]] == [True, True]
    assert "unknown, used or too old" in lines[2]
    assert token not in "".join(lines)


def test_each_day_has_its_file_and_lines_are_only_added(tmp_path: Path) -> None:
    now_s = [1_772_460_000.0]
    trail = Trail(tmp_path / "trail", lambda: now_s[0])
    act = Act("credit", "", "POST", "/x", 201, "", "127.0.0.1", "r1")
    trail.write(act)
    second = Trail(tmp_path / "trail", lambda: now_s[0])  # another process on the folder
    second.write(act)
    now_s[0] += 86_400
    trail.write(act)
    assert {file.name: len(file.read_text().splitlines()) for file in (tmp_path / "trail").iterdir()} == {
        "2026-03-02.jsonl": 2,
        "2026-03-03.jsonl": 1,
    }
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "trail").iterdir())
    trail.close()
    second.close()
