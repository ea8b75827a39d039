"""The hospitals as a table."""

import pytest

from simulator.hospitals import BY_ID, HOSPITALS, administrative_factor


def test_there_are_twelve_with_their_own_names() -> None:
    assert len(HOSPITALS) == len(BY_ID) == 12


def test_they_join_in_phases_and_pilots_are_there_from_the_beginning() -> None:
    joins = sorted(hospital.joins for hospital in HOSPITALS)
    assert joins[0] == 0.0
    assert len(set(joins)) >= 4
    assert joins[-1] < 0.5, "the last has half of the history to show"


def test_exactly_one_decays_and_exactly_one_has_a_cluster_of_high_risk_accounts() -> None:
    assert [h.hospital_id for h in HOSPITALS if h.drift != h.administrative] == ["H07"]
    assert [h.hospital_id for h in HOSPITALS if h.risky > 0.02] == ["H11"]


@pytest.mark.parametrize(("progress", "factor"), [(-1.0, 1.6), (0.0, 1.6), (0.5, 3.3), (1.0, 5.0), (3.0, 5.0)])
def test_the_drift_is_steady_and_ends_with_the_history(progress: float, factor: float) -> None:
    assert administrative_factor(BY_ID["H07"], progress) == pytest.approx(factor)
