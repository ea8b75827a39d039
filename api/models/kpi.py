"""KPIs: what each means, what it is, and of how many."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from api.models.common import Answer, Instant

Cell = str | int | float | bool | None
State = Literal["met", "missed", "no_target", "no_baseline", "no_data", "too_few", "ok", "warning_60", "warning_80", "breach"]

Fresh = Annotated[bool, Field(description="False when `within` let an earlier answer be given; a newer one is being made.")]


Restated = Annotated[
    int,
    Field(
        ge=0,
        description="Events of the period that came in when the ledger had been past their day for a quarter of an hour: numbers of the "
        "period that were shown before may have been others. 0: nothing was restated.",
    ),
]


class KpiGoal(Answer):
    """The bound that the value is held to."""

    sense: Literal[">=", "<="]
    bound: float


class KpiShare(Answer):
    """A column that is a share of cases: of fewer than `few_below` it is shown as `part` of `of`."""

    column: str
    part: Annotated[str, Field(description="The column with the counted cases.")]
    of: Annotated[str, Field(description="The column with all of them.")]


class KpiBaseline(Answer):
    """What is usual at this hospital: the same KPI over the days before. It judges nothing; targets do."""

    since: Annotated[dt.date, Field(alias="from", description="First business date.")]
    until: Annotated[dt.date, Field(alias="to", description="Last business date, included.")]
    value: Annotated[Cell, Field(description="In the KPI's unit; null without data.")]
    n: Annotated[int | None, Field(description="Of how many things the value speaks.")]
    state: Literal["comparable", "too_few", "no_data"]


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
    column: Annotated[str, Field(description="The column that is the value; empty for tables and series.")]
    shares: list[KpiShare]
    few_below: Annotated[int, Field(description="A share of fewer cases is not compared with anything.")]
    sql: str


Baseline = Annotated[KpiBaseline | None, Field(description="Null for all hospitals together, and where nothing is usual.")]


class KpiHeadline(KpiDefinition):
    """A KPI with the one number that a tile shows."""

    value: Annotated[Cell, Field(description="In the KPI's unit; dollars as a decimal string; null without data.")]
    n: Annotated[int | None, Field(description="Of how many things the value speaks.")]
    state: State
    baseline: Baseline
    row: Annotated[dict[str, Cell], Field(description="The value and what it is made of.")]


class KpiAnswer(KpiDefinition):
    """A KPI's rows. Columns `…_amount` and `amount` are dollars as decimal strings, `…_percent` percent, `…_seconds` seconds."""

    as_of: Instant
    fresh: Fresh
    filters: KpiFilters
    value: Cell
    n: int | None
    state: State
    baseline: Baseline
    restated: Restated
    rows: list[dict[str, Cell]]


class KpiPage(Answer):
    """Every KPI that has one number, and what the others mean."""

    as_of: Instant
    fresh: Fresh
    filters: KpiFilters
    restated: Restated
    kpis: list[KpiHeadline]
    tables: list[KpiDefinition]
