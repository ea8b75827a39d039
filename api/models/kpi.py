"""KPIs: what each means, what it is, and of how many."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from api.models.common import Answer, Instant

Cell = str | int | float | bool | None
State = Literal["met", "missed", "no_target", "no_baseline", "no_data", "ok", "warning_60", "warning_80", "breach"]

Fresh = Annotated[bool, Field(description="False when `within` let an earlier answer be given; a newer one is being made.")]


class KpiGoal(Answer):
    """The bound that the value is held to."""

    sense: Literal[">=", "<="]
    bound: float


class KpiFilters(Answer):
    """What the numbers speak of."""

    since: Annotated[dt.date, Field(alias="from", description="First business date, New York.")]
    until: Annotated[dt.date, Field(alias="to", description="Last business date, included.")]
    hospital: Annotated[str, Field(description="Empty for all.")]
    status: Annotated[str, Field(description="Empty for all; only lists of payments know it.")] = ""


class KpiDefinition(Answer):
    """What a KPI means. `sql` is what is asked, with its parameters in braces."""

    name: str
    title: str
    definition: str
    unit: str
    grain: str
    target: str
    goal: KpiGoal | None
    traps: tuple[str, ...]
    leads: Annotated[str, Field(description="The view where the number can be followed to its payments.")]
    sql: str


class KpiHeadline(KpiDefinition):
    """A KPI with the one number that a tile shows."""

    value: Annotated[Cell, Field(description="In the KPI's unit; dollars as a decimal string; null without data.")]
    n: Annotated[int | None, Field(description="Of how many things the value speaks.")]
    state: State
    row: Annotated[dict[str, Cell], Field(description="The value and what it is made of.")]


class KpiAnswer(KpiDefinition):
    """A KPI's rows. Columns `…_amount` and `amount` are dollars as decimal strings, `…_percent` percent, `…_seconds` seconds."""

    as_of: Instant
    fresh: Fresh
    filters: KpiFilters
    value: Cell
    n: int | None
    state: State
    rows: list[dict[str, Cell]]


class KpiPage(Answer):
    """Every KPI that has one number, and what the others mean."""

    as_of: Instant
    fresh: Fresh
    filters: KpiFilters
    kpis: list[KpiHeadline]
    tables: list[KpiDefinition]
