"""Fee schedules found in differences."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.matching.terms import Fee
from ledger.reconcile.fees import learn

GROSS = st.builds(range, st.integers(2_000, 5_000), st.integers(200_000, 400_000), st.integers(5_003, 15_000))
"""amounts far enough apart to tell a share from a flat fee"""


@given(GROSS, st.sampled_from([(30, 290), (0, 150), (250, 0), (10, 260)]))
@settings(max_examples=80, deadline=None)
def test_a_schedule_behind_the_differences_explains_them_all(gross: range, schedule: tuple[int, int]) -> None:
    fee = Fee("", *schedule)
    found = learn([(amount, fee.of(amount)) for amount in gross])
    assert found
    assert all(any(one.of(amount) == fee.of(amount) for one in found) for amount in gross)


def test_a_card_fee_is_named_by_what_it_is() -> None:
    fee = Fee("", 30, 290)
    assert [one.name for one in learn([(amount, fee.of(amount)) for amount in range(1_000, 90_000, 777)])] == ["2.90%+0.30"]


def test_accidental_differences_are_no_schedule() -> None:
    accidental = [(100_000 + 977 * n, 1_000 + (7_919 * n * n) % 30_011) for n in range(40)]
    assert learn(accidental) == ()
    assert learn([(10_000, 250)] * 30) == (), "one amount alone proves nothing"
    assert learn([]) == ()
