"""The TRN segment of an insurer's payment."""

import pytest

from ach.remittance import Reassociation, reassociation
from tests.ach.samples import entry, payment_information, with_addenda

SEGMENTS = """
TRN*1*12345*1512345678~              12345     1512345678
TRN*1*12345*1512345678\\             12345     1512345678
TRN*1*ABC-99*1512345678*999999999~   ABC-99    1512345678
REF*X~TRN*1*777*1512345678~          777       1512345678
TRN*1**1512345678~                   -         -
RMR*IV*4711                          -         -
"""


@pytest.mark.parametrize("row", SEGMENTS.strip().splitlines())
def test_the_payers_reference_is_found(row: str) -> None:
    text, trace, payer = row.split()
    plain = entry(1, 22)
    found = reassociation(with_addenda(plain, payment_information(text.replace("\\\\", "\\"), plain.trace_number)))
    assert (found.trace, found.payer) == (trace, payer) if found else (trace, payer) == ("-", "-")


def test_the_originating_company_may_follow() -> None:
    plain = entry(1, 22)
    text = "TRN*1*ABC-99*1512345678*999999999~"
    found = reassociation(with_addenda(plain, payment_information(text, plain.trace_number)))
    assert found == Reassociation("ABC-99", "1512345678", "999999999")
    assert reassociation(plain) is None
