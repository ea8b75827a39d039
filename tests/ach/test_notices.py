"""Notices of change: read, written, applied, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ach.codes import CHANGE_CODES
from ach.notices import Correction, apply_correction, corrected_fields, read_correction, write_correction
from tests.ach.test_builder import INSTALMENT

NOTICES = """
code  corrected data                   corrects
C01   1918171614                       account=1918171614
C02   231380104                        routing_number=231380104
C03   231380104   1918171614           routing_number=231380104 account=1918171614
C03   231380104 1918171614             routing_number=231380104 account=1918171614
C04   Jane Roe                         name=Jane Roe
C05   37                               transaction_code=37
C06   1918171614          37           account=1918171614 transaction_code=37
C06   1918171614 37                    account=1918171614 transaction_code=37
C07   2313801041918171614       37     routing_number=231380104 account=1918171614 transaction_code=37
C09   MRN-4711                         identification_number=MRN-4711
C02   231380105                        nothing: the check digit is wrong
C05   99                               nothing: no such transaction code
C03   231380104                        nothing: the account is missing
C13   anything                         nothing: no data to apply
C99   anything                         nothing: unknown
"""


@pytest.mark.parametrize("row", NOTICES.strip().splitlines()[1:])
def test_corrected_data_is_read_or_refused(row: str) -> None:
    code, data, expected = row[:3], row[6:39].rstrip(), row[39:].strip()
    found = read_correction(code, data)
    if expected.startswith("nothing"):
        assert found is None
        return
    assert found is not None
    said = [f"{name}={getattr(found, name)}" for name in found.__struct_fields__ if getattr(found, name)]
    assert sorted(said) == sorted(expected.split()) or said == [expected]


ACCOUNTS = st.text("0123456789ABC-", min_size=1, max_size=17)
CORRECTIONS = st.builds(
    Correction,
    account=ACCOUNTS,
    routing_number=st.sampled_from(["231380104", "121042882"]),
    transaction_code=st.sampled_from([22, 27, 32, 37]),
    name=st.just("Jane Roe"),
    identification_number=st.just("MRN 1"),
)


@given(st.sampled_from(["C01", "C02", "C03", "C04", "C05", "C06", "C07", "C09"]), CORRECTIONS)
def test_what_is_written_is_read(code: str, correction: Correction) -> None:
    data = write_correction(code, correction)
    assert len(data) <= 29
    found = read_correction(code, data)
    assert found is not None
    changed = [name for name in found.__struct_fields__ if getattr(found, name)]
    assert {name: getattr(found, name) for name in changed} == {name: getattr(correction, name) for name in changed}
    assert len(changed) == len(corrected_fields(code)) == len(CHANGE_CODES[code].fields)


def test_only_the_corrected_fields_change() -> None:
    after = apply_correction(INSTALMENT, Correction(account="99", transaction_code=37))
    assert (after.account, after.transaction_code) == ("99", 37)
    assert (after.amount_cents, after.routing_number, after.name, after.effective_date) == (
        INSTALMENT.amount_cents,
        INSTALMENT.routing_number,
        INSTALMENT.name,
        INSTALMENT.effective_date,
    )


def test_a_correction_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="account does not fit"):
        write_correction("C01", Correction(account="1" * 18))
    with pytest.raises(ValueError, match="C13"):
        write_correction("C13", Correction())
