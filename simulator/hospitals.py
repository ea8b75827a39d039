"""The hospitals: how large they are, when they join, and how their patients' debits come back."""

from typing import NamedTuple


class Hospital(NamedTuple):
    """One hospital of the simulation. Shares and factors are relative to a middling one."""

    hospital_id: str
    state: str
    share: float
    """weight among the patients"""
    joins: float
    """when it goes live, as a part of the history: the pilots at 0"""
    funds: float
    """factor on returns for want of funds"""
    administrative: float
    """factor on administrative returns (R02 R03 R04) when it joins"""
    drift: float
    """factor on the same at the end of the history; where it differs, data quality decays steadily"""
    risky: float
    """share of high-risk accounts"""


HOSPITALS = (
    Hospital("H01", "US-NY", 2.2, 0.00, 1.0, 1.0, 1.0, 0.004),
    Hospital("H02", "US-NY", 1.6, 0.00, 0.8, 0.8, 0.8, 0.004),
    Hospital("H03", "US-NJ", 1.3, 0.00, 1.1, 1.0, 1.0, 0.006),
    Hospital("H04", "US-CT", 1.0, 0.08, 0.7, 0.7, 0.7, 0.003),
    Hospital("H05", "US-PA", 1.4, 0.08, 1.3, 1.1, 1.1, 0.006),
    Hospital("H06", "US-MA", 0.9, 0.15, 0.9, 1.0, 1.0, 0.004),
    Hospital("H07", "US-OH", 1.5, 0.00, 1.2, 1.6, 5.0, 0.006),  # drifts towards Nacha's 3 % of administrative returns
    Hospital("H08", "US-MI", 0.8, 0.25, 1.4, 1.2, 1.2, 0.006),
    Hospital("H09", "US-IL", 1.1, 0.25, 1.0, 0.9, 0.9, 0.005),
    Hospital("H10", "US-GA", 0.7, 0.35, 1.5, 1.3, 1.3, 0.008),
    Hospital("H11", "US-FL", 1.0, 0.12, 1.6, 1.4, 1.4, 0.090),  # a cluster of high-risk accounts
    Hospital("H12", "US-TX", 0.5, 0.45, 1.1, 1.0, 1.0, 0.005),
)
BY_ID = {hospital.hospital_id: hospital for hospital in HOSPITALS}


def administrative_factor(hospital: Hospital, progress: float) -> float:
    """Factor on administrative returns at this point of the history: 0 its begin, 1 its end, where it stays."""
    part = min(max(progress, 0.0), 1.0)
    return hospital.administrative + (hospital.drift - hospital.administrative) * part
