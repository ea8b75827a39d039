"""Nacha's return rates."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from api.models.common import Answer, Instant


class ReturnRate(Answer):
    """One rate of one hospital and entry class."""

    hospital_id: str
    sec_code: str
    kind: Literal["unauthorized", "administrative", "overall"]
    returns: Annotated[int, Field(description="Debits of the window that came back with a code of this kind.")]
    debits: Annotated[int, Field(description="Debits originated in the window; every presentment is one.")]
    rate_basis_points: Annotated[int, Field(description="Hundredths of a percent, rounded down.")]
    threshold_basis_points: int
    level: Literal["ok", "warning_60", "warning_80", "breach"]
    entries_until_breach: Annotated[int, Field(description="So many more returns exceed the threshold; 0 when it is exceeded.")]
    debits_to_recover: Annotated[int, Field(description="So many debits that do not come back bring an exceeded rate to its threshold.")]


class ReturnRates(Answer):
    """All rates, the worst first."""

    as_of: Instant
    since: Annotated[dt.date, Field(alias="from", description="First business date of origination that counts.")]
    until: Annotated[dt.date, Field(alias="to", description="Last one.")]
    rates: tuple[ReturnRate, ...]
