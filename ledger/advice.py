"""A payer's remittance advice (X12 835): which bills its payment is for. The TRN segment ties it to the money."""

import re
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

_TRN = re.compile(r"TRN([*:])1\1(?P<number>[^*:~\\]+)\1(?P<payer>[^*:~\\]+)")
"""with `:` between its elements where a reference may not hold `*`"""


class Trace(Struct, frozen=True, array_like=True, gc=False):
    """The TRN segment: the re-association trace number that payer and provider share, and the payer's identifier."""

    number: str
    payer_id: str

    def key(self) -> str:
        """Both as one word; neither holds a colon."""
        return f"{self.number}:{self.payer_id}"


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


class Pair(Struct, frozen=True, array_like=True, gc=False):
    """What shares a trace: its only advice, and the first deposit. The one that has not come is empty."""

    advice_id: str = ""
    deposit_id: str = ""


Traces = dict[str, Pair]
"""by the trace's key; never changed in place"""


def with_advice(traces: Traces, advice: Advice) -> Traces:
    """The traces, with that of an advice."""
    key = advice.trace.key()
    return {**traces, key: replace(traces.get(key, _NEITHER), advice_id=advice.advice_id)}


def with_deposit(traces: Traces, deposit_id: str, reference: str) -> Traces:
    """The traces, with that of a deposit if it has one and is the first of it."""
    trace = trace_of(reference)
    found = traces.get(trace.key(), _NEITHER) if trace else _NEITHER
    if trace is None or found.deposit_id:
        return traces
    return {**traces, trace.key(): replace(found, deposit_id=deposit_id)}


def traced(deposits: Iterable[tuple[str, str]], advices: Iterable[Advice]) -> Traces:
    """The traces of deposits, by id and reference, and of advices: for an account from a checkpoint that is older than they are."""
    first: dict[str, str] = {}
    for deposit_id, reference in deposits:
        if trace := trace_of(reference):
            first.setdefault(trace.key(), deposit_id)
    only = {advice.trace.key(): advice.advice_id for advice in advices}
    return {key: Pair(only.get(key, ""), first.get(key, "")) for key in (first | only)} or _NONE


_NEITHER = Pair()
_NONE: Traces = {}
"""shared by the accounts without a trace; never changed"""


def trace_of(text: str) -> Trace | None:
    """The trace in an addenda's payment information or in a reference made of it, `TRN*1*<trace>*<payer>`; None where there is none."""
    found = _TRN.search(text) if "TRN" in text else None
    number, payer_id = (found["number"].strip(), found["payer"].strip()) if found else ("", "")
    return Trace(number, payer_id) if number and payer_id else None
