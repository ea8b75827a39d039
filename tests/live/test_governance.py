"""Rule books and rollouts on the real pipeline: by command line and API, answered by every partition, read back from the journal."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.api.system import WORKER, System, running

pytestmark = pytest.mark.live
STRICT = '[book]\nname = "strict"\nversion = 1\n[[rule]]\nname = "all"\nwhen = "amount > 500"\noutcome = "review"\n'
CANDIDATE = STRICT.replace("strict", "candidate").replace("500", "50")


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("governance"), decision_wait_ms=20_000) as system:
        (system.folder / "strict.toml").write_text(STRICT)
        (system.folder / "candidate.toml").write_text(CANDIDATE)
        yield system


def command(system: System, *words: str) -> tuple[int, Any]:
    """Exit code and JSON of `hms-ach …`, run in the folder of the books."""
    settings = system.settings
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HMS_")},
        "HMS_DATA_DIR": str(system.folder / "cli"),
        "HMS_KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "HMS_PARTITIONS": str(settings.partitions),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    run = subprocess.run(
        [sys.executable, "-m", "cli.main", *words, "--json"],
        env=environment,
        cwd=system.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout, run.stderr
    return run.returncode, json.loads(run.stdout)


def ask(system: System, amount: str, hospital: str = "H1") -> Any:
    """A pre-approval on an account of its own; the answer."""
    body = {
        "patient_id": "P1",
        "hospital_id": hospital,
        "amount": amount,
        "credit_reference": f"credit-{uuid4().hex[:12]}",
        "direction": "preapproval",
    }
    answer = system.client.post("/api/v1/payments/initiate", json=body, headers={"Idempotency-Key": uuid4().hex})
    assert answer.status_code == 201, answer.text
    return answer.json()


def eventually(found: Callable[[], Any], wanted: Any, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while (last := found()) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    assert last == wanted


def get(system: System, path: str) -> Any:
    answer: httpx2.Response = system.client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_life_of_a_rule_book(system: System) -> None:
    assert {ask(system, "100.00")["status"] for _ in range(8)} == {"approved"}
    code, said = command(system, "rules", "activate", "strict.toml", "--by", "anna")
    assert (code, said["agreed"], [each["word"] for each in said["partitions"]]) == (0, True, ["done"] * 4)
    assert ask(system, "501.00")["status"] == "held"

    # a second activation is harmless, another text under the version is refused
    assert [each["word"] for each in command(system, "rules", "activate", "strict.toml")[1]["partitions"]] == ["already"] * 4
    (system.folder / "other.toml").write_text(STRICT.replace("500", "400"))
    assert command(system, "rules", "rollback", "default@1", "--by", "bert")[0] == 0
    code, said = command(system, "rules", "activate", "other.toml")
    assert (code, {each["reason"] for each in said["partitions"]}) == (1, {"POLICY_VERSION_TAKEN"})

    shown = command(system, "rules", "show")[1]
    assert {(each["version"], each["activated_by"]) for each in shown["partitions"]} == {("default@1", "bert")}
    assert shown["versions"] == ["default@1", "strict@1"]
    assert command(system, "rules", "show", "strict@1")[1]["text"] == STRICT
    assert ask(system, "501.00")["status"] == "approved"
    eventually(lambda: get(system, "rules")["versions"], ["default@1"])
    eventually(lambda: {each["version"] for each in get(system, "rules/versions")["versions"]}, {"default@1", "strict@1"})


def test_a_backtest_by_command_line_and_by_api_says_the_same(system: System) -> None:
    report = command(system, "rules", "backtest", "strict.toml")[1]
    held = [ask(system, "700.00")["transaction_id"] for _ in range(2)]
    after = command(system, "rules", "backtest", "strict.toml")[1]
    assert after["total"]["payments"] == report["total"]["payments"] + 2
    change = next(each for each in after["changes"] if each["recorded"] == "approve")
    before = next((each["payments"] for each in report["changes"] if each["recorded"] == "approve"), 0)
    assert change["payments"] == before + 2
    assert set(held) <= set(change["examples"])
    begun = system.client.post("/api/v1/rules/backtest", json={"text": STRICT})
    assert begun.status_code == 202
    eventually(lambda: system.client.get(begun.headers["Location"]).json()["state"], "finished", 60)
    assert system.client.get(begun.headers["Location"]).json()["report"] == after


def test_a_shadow_reports_and_changes_nothing(system: System) -> None:
    assert command(system, "rules", "shadow", "start", "candidate.toml", "--by", "anna")[0] == 0
    answers = [ask(system, "60.00") for _ in range(3)]
    assert {answer["status"] for answer in answers} == {"approved"}
    assert ask(system, "40.00")["status"] == "approved"
    status = command(system, "rules", "shadow", "status")[1]
    assert status["running"] == ["candidate@1"]
    (differs,) = status["differing"]
    assert (differs["recorded"], differs["shadow"], differs["payments"], differs["amount"]) == ("approve", "review", "3", "180.00")
    eventually(lambda: [(each["payments"], each["amount"]) for each in get(system, "rules/shadow")["differing"]], [(3, "180.00")])
    assert {each["version"] for each in get(system, "rules/shadow")["running"]} == {"candidate@1"}
    assert system.client.post("/api/v1/rules/shadow", json={"text": "", "shadowed_by": "bert"}).json()["agreed"]
    eventually(lambda: get(system, "rules/shadow")["running"], [])


def test_a_hospital_comes_in_by_phases_and_what_was_in_force_survives_the_worker(system: System) -> None:
    assert command(system, "rollout", "set", "H7", "assisted", "--by", "anna")[0] == 0
    assert ask(system, "10.00", "H7")["status"] == "held"
    assert ask(system, "10.00", "H1")["status"] == "approved"
    assert system.client.post("/api/v1/rollouts", json={"hospital_id": "H8", "phase": "paused", "changed_by": "bert"}).status_code == 200
    system.stop(WORKER, signal.SIGKILL)
    system.start(WORKER)
    assert ask(system, "10.00", "H8")["status"] == "held"
    assert command(system, "rollout", "list")[1] == {"hospitals": {"H7": "assisted", "H8": "paused"}}
    eventually(lambda: [each["phases"] for each in get(system, "rollouts")["hospitals"]], [["assisted"], ["paused"]])
    assert command(system, "rollout", "set", "H8", "live")[0] == 0
    assert ask(system, "10.00", "H8")["status"] == "approved"
