"""Who the patients are."""

from collections import Counter

from simulator.hospitals import HOSPITALS
from simulator.patients import Temper, patient, temper_of

PEOPLE = [patient(1, index) for index in range(4000)]


def test_a_patient_is_the_same_person_every_time_and_another_under_another_seed() -> None:
    assert patient(1, 5) == PEOPLE[5] != patient(2, 5)
    assert len({who.account for who in PEOPLE}) == len(PEOPLE)
    assert patient(1, 5, family="visitor").account != PEOPLE[5].account


def test_the_temper_follows_from_the_account_so_that_the_bank_knows_it_too() -> None:
    assert all(who.temper is temper_of(1, who.account, who.hospital) for who in PEOPLE[:100])


def test_hospitals_get_patients_by_their_size() -> None:
    counted = Counter(who.hospital.hospital_id for who in PEOPLE)
    total = sum(hospital.share for hospital in HOSPITALS)
    for hospital in HOSPITALS:
        assert abs(counted[hospital.hospital_id] / len(PEOPLE) - hospital.share / total) < 0.02


def test_most_people_are_punctual_and_high_risk_ones_cluster_at_one_hospital() -> None:
    tempers = Counter(who.temper for who in PEOPLE)
    assert 0.58 < tempers[Temper.PUNCTUAL] / len(PEOPLE) < 0.68
    assert set(tempers) == set(Temper)
    risky = Counter(who.hospital.hospital_id for who in PEOPLE if who.temper is Temper.RISKY)
    assert risky.most_common(1)[0][0] == "H11"
    assert risky["H11"] > sum(count for name, count in risky.items() if name != "H11")
