"""Return rates, held to Nacha's figures and limits."""

from collections import Counter
from functools import cache
from random import Random

import pytest

from ach.codes import ADMINISTRATIVE_CODES, RETURN_CODES, UNAUTHORIZED_CODES
from simulator.hospitals import BY_ID
from simulator.outcomes import CREDIT_RETURNS, DEBIT_RETURNS, RISKY_RETURNS, draw
from simulator.patients import Temper

DRAWS = 30_000


@cache
def rates(
    side: str = "debit", attempt: int = 1, hospital: str = "H01", temper: Temper = Temper.PUNCTUAL, progress: float = 0.5
) -> Counter[str]:
    """Outcomes of many entries by code; the empty code is a settlement."""
    rng = Random(f"{side}/{attempt}/{hospital}/{temper}/{progress}")
    drawn = (draw(rng, side, attempt, BY_ID[hospital], temper, progress) for _ in range(DRAWS))
    return Counter("failed" if outcome.failed else outcome.code for outcome in drawn)


def share(counted: Counter[str], codes: frozenset[str]) -> float:
    """Percent of all entries that came back with one of these codes."""
    return 100 * sum(counted[code] for code in codes) / DRAWS


def test_every_code_is_nachas() -> None:
    assert set(DEBIT_RETURNS) | set(CREDIT_RETURNS) | set(RISKY_RETURNS) <= set(RETURN_CODES)


def test_a_middling_hospital_stays_well_within_nachas_limits() -> None:
    counted = rates()
    returned = 100 * (DRAWS - counted[""] - counted["failed"]) / DRAWS
    assert 3.0 < returned < 4.2, "all returns: limit 15 %"
    assert 0.4 < share(counted, ADMINISTRATIVE_CODES) < 0.8, "administrative: limit 3 %"
    assert 0.04 < share(counted, UNAUTHORIZED_CODES) < 0.16, "unauthorized: limit 0.5 %"


def test_want_of_funds_is_the_cause_of_most_returns() -> None:
    counted = rates()
    assert counted.most_common(2)[1][0] == "R01"
    assert counted["R01"] > 0.6 * (DRAWS - counted[""] - counted["failed"])


@pytest.mark.parametrize(("progress", "low", "high"), [(0.0, 0.7, 1.2), (0.5, 1.6, 2.3), (1.0, 2.5, 3.0)])
def test_one_hospital_drifts_towards_the_administrative_limit(progress: float, low: float, high: float) -> None:
    assert low < share(rates(hospital="H07", progress=progress), ADMINISTRATIVE_CODES) < high


def test_high_risk_accounts_mostly_come_back_and_credits_hardly_ever() -> None:
    assert 0.35 < 1 - rates(temper=Temper.RISKY)[""] / DRAWS < 0.50
    assert 1 - rates(side="credit")[""] / DRAWS < 0.002


@pytest.mark.parametrize(("attempt", "low", "high"), [(2, 0.39, 0.45), (3, 0.52, 0.58)])
def test_a_re_presentment_settles_about_every_second_time(attempt: int, low: float, high: float) -> None:
    assert low < rates(attempt=attempt)["R01"] / DRAWS < high
