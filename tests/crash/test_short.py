"""The crash proof in short: kills of workers, sink and broker, zombies, a worker that comes and goes, all under load."""

import pytest

from bench.chaos.proof import prove, schedule
from bench.chaos.run import Plan

SEED = 20_260
KILLS, ZOMBIES = 10, 2


@pytest.mark.crash
@pytest.mark.timeout(900)
def test_nothing_is_lost_doubled_or_changed() -> None:
    told: list[str] = []
    outcome = prove(Plan(SEED), KILLS, ZOMBIES, told.append)
    assert outcome.report.holds, "\n".join((*told, outcome.report.text(), outcome.facts))
    assert outcome.kills >= 10
    assert outcome.zombies >= 2


def test_the_same_seed_gives_the_same_faults_and_every_kind_of_them() -> None:
    faults = [fault.__name__ for fault, _ in schedule(SEED, KILLS, ZOMBIES)]
    assert faults == [fault.__name__ for fault, _ in schedule(SEED, KILLS, ZOMBIES)]
    assert {"kill_worker", "kill_sink", "kill_broker", "kill_worker_in_a_gap", "kill_sink_in_a_gap"} <= set(faults)
    assert {"zombie", "zombie_in_a_gap", "join_and_leave"} <= set(faults)
