"""KPIs, asked of ClickHouse, once for as long as the tables stand where they stood."""

import asyncio
import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from api.answers import Answers, Given
from api.models.common import dollars, epoch_ms, instant
from api.models.kpi import Cell, KpiAnswer, KpiBaseline, KpiDefinition, KpiFilters, KpiGoal, KpiHeadline, KpiPage, KpiShare, State
from api.restated import RESTATED, period
from api.store import Store
from dashboards.baseline import PERIODS
from dashboards.kpi import FEW, HOSPITALS, Kpi, kpis

_CENTS: Final = "_cents"


class Asked(NamedTuple):
    """A question: business dates, both included; the instant that ages are measured at, None for now."""

    since: dt.date
    until: dt.date
    hospital: str = ""
    status: str = ""
    as_of_ms: int | None = None
    baseline: bool = True
    """whether one hospital's answer says what is usual there"""


class _Rows(NamedTuple):
    as_of_ms: int
    rows: list[dict[str, Cell]]


class KpiReader:
    """Answers KPIs from one store. `now_ms` is the clock."""

    def __init__(self, store: Store, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._now_ms = now_ms
        self._answers = Answers(store)

    async def answer(self, kpi: Kpi, asked: Asked, within: frozenset[str] | None = None, within_s: float = 0) -> KpiAnswer:
        """One KPI with all its rows; `within` are the hospitals that may be named, None: all.

        With `within_s` the answer may be one of a moment ago (`Answers.give`).
        """
        position = await self._answers.position()
        ((rows, fresh), as_of_ms), usual, restated = await asyncio.gather(
            self._rows(kpi, asked, position, within_s),
            self._usual(kpi, asked, position, within_s),
            self._restated(asked, within, position, within_s),
        )
        if within is not None and kpi.name == HOSPITALS:
            rows = [row for row in rows if row["hospital_id"] in within]
        first = _first(rows) if kpi.value else {}
        return KpiAnswer(
            **_defined(kpi),
            as_of=instant(as_of_ms),
            fresh=fresh and restated.fresh,
            filters=_filters(asked),
            value=_headline(kpi, first),
            n=_count(first) if kpi.value else len(rows),
            state=_state(kpi, first),
            baseline=usual,
            restated=restated.value,
            rows=rows,
        )

    async def page(self, asked: Asked, within: frozenset[str] | None = None, within_s: float = 0) -> KpiPage:
        """Every KPI that has one number, all of one position; to who may see some hospitals, those that can be kept to one."""
        wanted = [kpi for kpi in kpis().values() if kpi.value and (within is None or kpi.of_hospitals)]
        position = await self._answers.position()
        found = await asyncio.gather(*(self._rows(kpi, asked, position, within_s) for kpi in wanted))
        usual = await asyncio.gather(*(self._usual(kpi, asked, position, within_s) for kpi in wanted))
        restated = await self._restated(asked, within, position, within_s)
        return KpiPage(
            as_of=instant(min(as_of_ms for _, as_of_ms in found)),
            fresh=restated.fresh and all(fresh for (_, fresh), _ in found),
            filters=_filters(asked),
            restated=restated.value,
            kpis=[_tile(kpi, _first(rows), one) for kpi, ((rows, _), _), one in zip(wanted, found, usual, strict=True)],
            tables=[KpiDefinition(**_defined(kpi)) for kpi in kpis().values() if not kpi.value],
        )

    async def _usual(self, kpi: Kpi, asked: Asked, position: int, within_s: float) -> KpiBaseline | None:
        """What is usual at the hospital that was asked for; None for all together."""
        made = kpi.baseline
        if made is None or not asked.hospital or not asked.baseline:
            return None
        since, until = made.period(asked.since, asked.until)
        of = kpis()[made.kpi] if made.kpi else kpi
        (rows, _), _ = await self._rows(of, asked._replace(since=since, until=until), position, within_s)
        value, n = _mean(rows, made.column) if made.how == "column" else (_headline(kpi, _first(rows)), _count(_first(rows)))
        if made.how == "averaged":
            value = _averaged(value)
        state = "no_data" if value is None or not n else "too_few" if kpi.few(_first(rows), kpi.value) else "comparable"
        return KpiBaseline.model_validate({"from": since, "to": until, "value": value, "n": n, "state": state})

    async def _restated(self, asked: Asked, within: frozenset[str] | None, position: int, within_s: float) -> Given[int]:
        """Events of the period that came in late."""
        of = period(asked.since, asked.until, asked.hospital, within)
        if of is None:
            return Given(0, True)
        found = await self._answers.give((RESTATED, *of), position, lambda: self._store.named(RESTATED, of.given()), within_s=within_s)
        return Given(int(found.value[0]["events"]) if found.value else 0, found.fresh)

    async def _rows(self, kpi: Kpi, asked: Asked, position: int, within_s: float) -> tuple[Given[list[dict[str, Cell]]], int]:
        """The rows, and the instant they are of. Questions that are the same to the SQL are one question."""
        given = {name: value for name, value in parameters(asked, 0).items() if name in kpi.parameters}
        ages = "as_of" in given and asked.as_of_ms is None
        key = (kpi.sql, *given.items(), asked.as_of_ms if "as_of" in given else None)
        found = await self._answers.give(key, position, lambda: self._ask(kpi, asked), ages=ages, within_s=within_s)
        return Given(found.value.rows, found.fresh), found.value.as_of_ms

    async def _ask(self, kpi: Kpi, asked: Asked) -> _Rows:
        as_of_ms = self._now_ms() if asked.as_of_ms is None else asked.as_of_ms
        given = {name: value for name, value in parameters(asked, as_of_ms).items() if name in kpi.parameters}
        rows = await self._store.named(kpi.sql, given)
        return _Rows(as_of_ms, [shown(row) for row in rows])


def parameters(asked: Asked, as_of_ms: int) -> dict[str, str]:
    """What the SQL of a KPI is given."""
    return {
        "from": asked.since.isoformat(),
        "to": asked.until.isoformat(),
        "hospital": asked.hospital,
        "status": asked.status,
        "as_of": instant(as_of_ms).strftime("%Y-%m-%d %H:%M:%S.") + f"{as_of_ms % 1000:03d}",
    }


def shown(row: Mapping[str, Any]) -> dict[str, Cell]:
    """A row as it is sent: dollars for cents, ISO dates, RFC 3339 instants."""
    return dict(_cell(name, value) for name, value in row.items())


def _cell(name: str, value: Any) -> tuple[str, Cell]:
    if name.endswith(_CENTS):
        renamed = name.removesuffix(_CENTS)
        return (renamed if renamed == "amount" else f"{renamed}_amount"), None if value is None else dollars(int(value))
    if isinstance(value, dt.datetime):
        at_ms = epoch_ms(value if value.tzinfo else value.replace(tzinfo=dt.UTC))
        return name, instant(at_ms).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at_ms % 1000:03d}Z"
    if isinstance(value, dt.date):
        return name, value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return name, None
    return name, value


def _tile(kpi: Kpi, row: dict[str, Cell], usual: KpiBaseline | None) -> KpiHeadline:
    return KpiHeadline(**_defined(kpi), value=_headline(kpi, row), n=_count(row), state=_state(kpi, row), baseline=usual, row=row)


def _first(rows: Sequence[dict[str, Cell]]) -> dict[str, Cell]:
    return rows[0] if rows else {}


def _averaged(value: Cell) -> Cell:
    """One period's share of what several came to: a count, or money as it is sent."""
    if isinstance(value, str):
        return dollars(round(Decimal(value) * 100 / PERIODS))
    return None if value is None else round(value / PERIODS, 1)


def _mean(rows: Sequence[Mapping[str, Cell]], column: str) -> tuple[float | None, int]:
    """The mean of a column of counts, and of how many rows."""
    told = [value for row in rows if isinstance(value := row[column], int)]
    return (round(sum(told) / len(told), 1) if told else None), len(told)


def _headline(kpi: Kpi, row: Mapping[str, Cell]) -> Cell:
    return row.get(_cell(kpi.value, None)[0])


def _count(row: Mapping[str, Cell]) -> int | None:
    found = row.get("n")
    return found if isinstance(found, int) else None


def _state(kpi: Kpi, row: Mapping[str, Cell]) -> State:
    if kpi.few(row, kpi.value):
        return "too_few"
    if "state" in row and kpi.value:
        return row["state"]  # type: ignore[return-value]
    if row.get("baseline") == "none":
        return "no_baseline"
    if kpi.goal is None:
        return "no_target"
    value = _headline(kpi, row)
    if not isinstance(value, int | float):
        return "no_data"
    met = value >= kpi.goal.bound if kpi.goal.sense == ">=" else value <= kpi.goal.bound
    return "met" if met else "missed"


def _defined(kpi: Kpi) -> dict[str, Any]:
    goal = KpiGoal(sense=kpi.goal.sense, bound=kpi.goal.bound) if kpi.goal else None
    return {
        **{name: getattr(kpi, name) for name in ("name", "title", "definition", "unit", "grain", "target", "traps", "leads", "sql")},
        "goal": goal,
        "column": _cell(kpi.value, None)[0] if kpi.value else "",
        "shares": [KpiShare(**share._asdict()) for share in kpi.shares],
        "few_below": FEW,
    }


def _filters(asked: Asked) -> KpiFilters:
    return KpiFilters.model_validate({"from": asked.since, "to": asked.until, "hospital": asked.hospital, "status": asked.status})
