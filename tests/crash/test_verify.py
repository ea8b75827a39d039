"""`hms-ach verify` and `rebuild` on what a run left behind: all agrees, a changed row is named, and what is made anew is the same."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bench.chaos.run import Plan, Run
from cli.environment import to_environment

pytestmark = [pytest.mark.crash, pytest.mark.timeout(600)]
_QUERY = (
    "import sys, clickhouse_connect; client = clickhouse_connect.get_client(dsn=sys.argv[1], database='hms'); "
    "print(client.query(sys.argv[2]).result_rows if sys.argv[2].startswith('SELECT') else client.command(sys.argv[2]))"
)


@pytest.fixture(scope="module")
def rest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A small run that has come to rest: Kafka is up, everything else has stopped."""
    told: list[str] = []
    plan = Plan(7, rate=300.0, accounts=60, partitions=2, workers=1)
    with Run(plan, tmp_path_factory.mktemp("verify"), told.append) as run:
        run.flows()
        run.feeder.burst(1_500)
        run.flows()
        run.settle()
        run.pipeline.stop("w0")
        yield run


def hms_ach(run: Run, *words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON answer of a command."""
    environment = {**to_environment(run.pipeline.settings), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *words, "--json"], capture_output=True, text=True, env=environment, check=False
    )
    assert done.stdout, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return done.returncode, answer


def ask(run: Run, sql: str) -> str:
    """One statement on the embedded engine, in a process that lets go of it again."""
    dsn = f"chdb://{(run.pipeline.settings.data_dir / 'clickhouse').resolve()}"
    return subprocess.run([sys.executable, "-c", _QUERY, dsn, sql], capture_output=True, text=True, check=True).stdout.strip()


def test_everything_agrees_and_the_totals_are_the_oracles(rest: Run) -> None:
    code, answer = hms_ach(rest, "verify")
    assert (code, answer["ok"], answer["findings"]) == (0, True, [])
    assert answer["debits"].keys() | answer["credits"].keys() >= {"cash", "patient_receivable", "hospital_payable"}
    counted = {finding.name: finding.counted for finding in rest.judge().findings}
    outcomes = {name: sum(row["inputs"] for row in answer["outcomes"] if row["outcome"] == name) for name in ("posted", "refused", "dead")}
    assert outcomes == {name: counted["I1"][name] for name in ("posted", "refused", "dead")}
    assert answer["records"] == counted["I1"]["records"]


def test_a_rebuild_leaves_the_same_tables_and_the_same_state_and_mends_what_was_changed(rest: Run) -> None:
    made = hms_ach(rest, "rebuild")[1]
    assert hms_ach(rest, "verify")[1]["ok"]
    assert rest.judge().holds

    row = ask(rest, "SELECT partition, position FROM ledger_entries ORDER BY partition, position LIMIT 1 OFFSET 40")
    partition, position = (int(word) for word in row.strip("[]()").split(","))
    change = f"ALTER TABLE ledger_entries UPDATE amount_cents = 1 WHERE partition = {partition} AND position = {position}"
    ask(rest, f"{change} SETTINGS mutations_sync = 2")
    code, answer = hms_ach(rest, "verify")
    assert (code, answer["ok"]) == (1, False)
    [finding] = answer["findings"]
    assert finding["check"] == "journal = ClickHouse"
    assert finding["where"] == f"partition {partition}, record {position >> 20}, position {position}"
    assert "amount_cents=1," in finding["what"]
    assert "I4" in rest.judge().broken

    code, again = hms_ach(rest, "rebuild")
    assert (code, again) == (0, made)
    assert hms_ach(rest, "verify")[1]["ok"]
    assert rest.judge().holds
