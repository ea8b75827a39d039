"""The patients: whose account it is, and how this person pays."""

from enum import StrEnum
from typing import NamedTuple

from simulator.dice import dice
from simulator.hospitals import HOSPITALS, Hospital
from simulator.message import token


class Temper(StrEnum):
    """How a person pays."""

    PUNCTUAL = "punctual"
    EARLY = "early"
    LATE = "late"
    PARTIAL = "partial"
    CARELESS = "careless"
    """rounds up, mistypes references, pays twice"""
    RISKY = "risky"
    """many large payments in a row, most of which come back"""


_TEMPERS = ((0.64, Temper.PUNCTUAL), (0.76, Temper.EARLY), (0.87, Temper.LATE), (0.94, Temper.PARTIAL), (1.0, Temper.CARELESS))
_SEC_CODES = ("WEB",) * 70 + ("PPD",) * 22 + ("TEL",) * 8


class Patient(NamedTuple):
    """One patient and account. Tokens are opaque: nothing here is personal data."""

    account: str
    patient_id: str
    mandate_id: str
    hospital: Hospital
    temper: Temper
    sec_code: str


def patient(seed: int, index: int, hospitals: tuple[Hospital, ...] = HOSPITALS, family: str = "patient") -> Patient:
    """Patient number `index` of a family of patients; the same seed and number are always the same person."""
    rng = dice(seed, family, index)
    hospital = rng.choices(hospitals, [hospital.share for hospital in hospitals])[0]
    account = token("CR-", seed, family, index)
    return Patient(
        account,
        token("P-", seed, family, index),
        token("M-", seed, family, index),
        hospital,
        temper_of(seed, account, hospital),
        rng.choice(_SEC_CODES),
    )


def temper_of(seed: int, account: str, hospital: Hospital) -> Temper:
    """How the owner of an account pays. It follows from the account alone, so that the bank knows it too."""
    rng = dice(seed, "temper", account)
    if rng.random() < hospital.risky:
        return Temper.RISKY
    drawn = rng.random()
    return next(temper for limit, temper in _TEMPERS if drawn <= limit)
