"""The trace that an insurer's money and its remittance advice share."""

import pytest

from ledger.advice import Trace, trace_of
from tests.ledger.columns import columns

SEGMENTS = """
text                                 | trace   | payer
TRN*1*EFT4711*1512345678~            | EFT4711 | 1512345678
TRN*1*EFT4711*1512345678*DEPT9\\     | EFT4711 | 1512345678
REF*X~TRN*1*777*1512345678~          | 777     | 1512345678
HCCLAIMPMT/TRN:1:EFT4711:1512345678  | EFT4711 | 1512345678
TRN:1:EFT-4711/2:1512345678:DEPT9    | EFT-4711/2 | 1512345678
TRN*2*EFT4711*1512345678~            |         |
TRN*1**1512345678~                   |         |
TRN*1:EFT4711*1512345678~            |         |
TRN-4711                             |         |
INV-9                                |         |
"""


@pytest.mark.parametrize(("text", "number", "payer"), columns(SEGMENTS))
def test_the_trace_of_an_addenda_or_reference(text: str, number: str, payer: str) -> None:
    assert trace_of(text) == (Trace(number, payer) if number else None)
