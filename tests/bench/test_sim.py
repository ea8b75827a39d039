"""The simulation: good seeds hold, every mistake is found, and a seed is the same run for ever."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bench.sim.run import run, run_all
from cli.main import app

SEEDS = 40
SEARCHED = 300


def test_seeds_hold_and_have_seen_crashes() -> None:
    outcomes = list(run_all(range(1, SEEDS + 1)))
    assert [outcome.text() for outcome in outcomes if not outcome.report.holds] == []
    assert sum(outcome.tried.deaths for outcome in outcomes) > 2 * SEEDS
    counted = [finding.counted for outcome in outcomes for finding in outcome.report.findings]
    for what in ("records", "strays", "dead", "refused", "checkpoints"):
        assert sum(counts.get(what, 0) for counts in counted) > 0, what


MUTANTS = """
mutant                     breaks   mistake
no-offset-check            I6       the delivery report's offset is not looked at
keep-assigning-messages    I1       messages that came with the assigning consume call are kept
no-continuity-check        I1       what gets lost between fetcher and poster is not noticed
publish-first              I6       outputs are published before the journal knows them
commit-first               I1       positions move before the journal has the effects
no-chain-check             I6       recovery believes every record of the journal
keep-half-rebuild          I6       a rebuild that is given up leaves what it has rebuilt, without what was to be published of it
sink-random-token          I4       a block is offered again under another name
sink-commit-first          I4       the offset is committed before the rows are there
"""


@pytest.mark.parametrize("line", MUTANTS.strip().splitlines()[1:], ids=lambda line: line.split()[0])
def test_every_mistake_is_found(line: str) -> None:
    mutant, breaks, mistake = line.split(maxsplit=2)
    found = next((each for each in run_all(range(1, SEARCHED + 1), f"mutant:{mutant}") if breaks in each.report.broken), None)
    assert found is not None, mistake
    assert run(found.seed).report.holds


def test_the_same_seed_is_the_same_run_in_every_process() -> None:
    code = "from bench.sim.run import run_all; [print(each.text()) for each in run_all(range(3, 6))]"
    told = [
        subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert told[0].count("seed ") >= 3


def test_a_seed_that_fails_prints_itself() -> None:
    done = CliRunner().invoke(app, ["sim", "--seed", "1", "--seeds", "5", "--mutant", "commit-first"])
    assert done.exit_code == 1
    assert "seed 1\n" in done.output
    assert "messages come in" in done.output
    assert "I1       BROKEN" in done.output


def test_seeds_that_hold_are_counted() -> None:
    done = CliRunner().invoke(app, ["sim", "--seed", "7", "--seeds", "2", "--json"])
    assert done.exit_code == 0
    assert '"seeds": 2' in done.output
