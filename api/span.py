"""The range of an export: half-open, in instants or in banking days, and never wider than a year and a day."""

import datetime as dt
import re
from typing import Any, Final, NamedTuple

from api.models.common import epoch_ms
from api.models.ledger import Basis
from api.problems import Finding, Kind, Problem

DAYS_MAX: Final = 366
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Span(NamedTuple):
    """`since` belongs to it, `until` does not. The texts are as they were given, the bounds as ClickHouse is asked."""

    basis: Basis
    since_text: str
    until_text: str
    since: int | str
    until: int | str

    @property
    def where(self) -> str:
        """The condition on `ledger_entries`; its parameters are in `parameters`."""
        if self.basis == "posted_at":
            since, until = (f"fromUnixTimestamp64Milli({{{name}:Int64}}, 'UTC')" for name in ("since", "until"))
            return f"recorded_at >= {since} AND recorded_at < {until}"
        return "business_date >= {since:Date} AND business_date < {until:Date}"

    @property
    def parameters(self) -> dict[str, Any]:
        """Bound parameters of `where`."""
        return {"since": self.since, "until": self.until}


def read_span(basis: Basis, since: str, until: str) -> Span:
    """The range that the two texts name. Raises Problem (422) naming the parameter that is wrong."""
    start, end = _bound(basis, "from", since), _bound(basis, "to", until)
    if start > end:
        raise _refusal("from", "from is after to")
    if (end - start) > dt.timedelta(days=DAYS_MAX):
        raise _refusal("to", f"a range spans at most {DAYS_MAX} days; ask for several")
    if basis == "business_date":
        return Span(basis, since, until, start.date().isoformat(), end.date().isoformat())
    return Span(basis, since, until, epoch_ms(start), epoch_ms(end))


def _bound(basis: Basis, name: str, text: str) -> dt.datetime:
    pattern = _DAY if basis == "business_date" else _INSTANT
    try:
        if not pattern.fullmatch(text):
            raise ValueError
        found = dt.datetime.fromisoformat(text.upper())
    except ValueError:
        raise _refusal(name, _WANTED[basis]) from None
    return found.replace(tzinfo=dt.UTC) if basis == "business_date" else found


_WANTED: Final = {
    "posted_at": "an instant with its offset, such as 2026-03-01T00:00:00-05:00 (write + as %2B); dates go with basis=business_date",
    "business_date": "a date such as 2026-03-01",
}


def _refusal(name: str, detail: str) -> Problem:
    return Problem(Kind.INVALID, "The range is not valid; see errors.", errors=[Finding(detail=detail, parameter=name)])
