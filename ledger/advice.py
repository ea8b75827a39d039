"""A payer's remittance advice (X12 835): which bills its payment is for. The TRN segment ties it to the money."""

import re

from msgspec import Struct

_TRN = re.compile(r"TRN([*:])1\1(?P<number>[^*:~\\]+)\1(?P<payer>[^*:~\\]+)")
"""with `:` between its elements where a reference may not hold `*`"""


class Trace(Struct, frozen=True, array_like=True, gc=False):
    """The TRN segment: the re-association trace number that payer and provider share, and the payer's identifier."""

    number: str
    payer_id: str


class Advice(Struct, frozen=True, array_like=True, gc=False):
    """An advice that came in, and the deposit that it was found to be of."""

    advice_id: str
    hospital_id: str
    trace: Trace
    amount_cents: int
    day: str
    """on which the payer says that the money settles"""
    pays: tuple[tuple[str, int], ...]
    """(a bill's id or reference, cents)"""
    deposit_id: str = ""


def trace_of(text: str) -> Trace | None:
    """The trace in an addenda's payment information or in a reference made of it, `TRN*1*<trace>*<payer>`; None where there is none."""
    found = _TRN.search(text) if "TRN" in text else None
    number, payer_id = (found["number"].strip(), found["payer"].strip()) if found else ("", "")
    return Trace(number, payer_id) if number and payer_id else None
