"""How entries end: settled, rejected, or returned by code, at rates like those of the ACH network.

Nacha publishes about 3 % of debits returned in all, most of them for want of funds, 0.03 % as unauthorized; the limits are
15 %, 3 % (administrative: R02 R03 R04) and 0.5 % (unauthorized). Debits of patients come back a little more often.
"""

from random import Random
from typing import NamedTuple

from ach.codes import ADMINISTRATIVE_CODES
from simulator.hospitals import Hospital, administrative_factor
from simulator.patients import Temper

FAILED_PER_MILLION = 400
"""entries whose file the operator rejects"""

DEBIT_RETURNS = {
    "R01": 24_000,
    "R02": 3_000,
    "R03": 2_000,
    "R04": 800,
    "R07": 250,
    "R08": 1_500,
    "R09": 2_200,
    "R10": 450,
    "R11": 100,
    "R14": 30,
    "R15": 60,
    "R16": 350,
    "R20": 400,
    "R29": 60,
}
"""returns in a million debits of a middling hospital"""
CREDIT_RETURNS = {"R02": 120, "R03": 150, "R04": 60, "R16": 20, "R20": 50, "R23": 60}
"""returns in a million credits"""

FUNDS = frozenset({"R01", "R09"})
RISKY_RETURNS = {"R01": 260_000, "R09": 40_000, "R08": 30_000, "R10": 50_000, "R29": 8_000, "R16": 25_000, "R02": 30_000}
"""returns in a million debits of a high-risk account"""
RETRY_RETURNED = (0.42, 0.55)
"""chance that the first and the second re-presentment comes back once more"""


class Outcome(NamedTuple):
    """How one entry ends: with a return code, or failed, or neither."""

    code: str = ""
    failed: bool = False


SETTLED = Outcome()


def draw(rng: Random, side: str, attempt: int, hospital: Hospital, temper: Temper, progress: float) -> Outcome:
    """The outcome of an entry. `progress` is the point of the history, 0 to 1, at which it is sent."""
    drawn = rng.random() * 1_000_000
    if drawn < FAILED_PER_MILLION:
        return Outcome(failed=True)
    if attempt > 1:
        return Outcome("R01") if rng.random() < RETRY_RETURNED[min(attempt, 3) - 2] else SETTLED
    drawn -= FAILED_PER_MILLION
    for code, per_million in _table(side, temper).items():
        drawn -= per_million * _factor(side, code, hospital, temper, progress)
        if drawn < 0:
            return Outcome(code)
    return SETTLED


def _table(side: str, temper: Temper) -> dict[str, int]:
    if side != "debit":
        return CREDIT_RETURNS
    return RISKY_RETURNS if temper is Temper.RISKY else DEBIT_RETURNS


def _factor(side: str, code: str, hospital: Hospital, temper: Temper, progress: float) -> float:
    if side != "debit" or temper is Temper.RISKY:
        return 1.0
    if code in FUNDS:
        return hospital.funds
    return administrative_factor(hospital, progress) if code in ADMINISTRATIVE_CODES else 1.0
