"""The payer's reference in an insurer's payment: the X12 835 `TRN` segment in the one addenda record of a CCD entry.

Source: CORE-required minimum CCD+ reassociation data elements (CAQH), description `HCCLAIMPMT`: `TRN*1*trace*payer~`;
effective date, amount and this trace number tell which remittance advice (835) the money belongs to.
"""

import re

from msgspec import Struct

from ach.records import Addenda05, Entry

HCCLAIMPMT = "HCCLAIMPMT"
_TRN = re.compile(r"TRN\*(?P<kind>[0-9])\*(?P<trace>[^*~\\]{1,50})\*(?P<payer>[^*~\\]{1,10})(?:\*(?P<more>[^*~\\]{0,50}))?")


class Reassociation(Struct, frozen=True):
    """What ties an insurer's payment to its remittance advice."""

    trace: str
    payer: str
    """1 and the payer's tax number"""
    originating_company: str = ""


def reassociation(entry: Entry) -> Reassociation | None:
    """The TRN segment of this entry, or None when it carries none that can be read."""
    for addenda in entry.addenda:
        if isinstance(addenda, Addenda05):
            found = _TRN.search(addenda.payment_related_information)
            if found is not None:
                return Reassociation(found["trace"].strip(), found["payer"].strip(), (found["more"] or "").strip())
    return None
