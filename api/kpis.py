"""KPIs, asked of ClickHouse, once for as long as the tables stand where they stood."""

import asyncio
import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from api.answers import Answers, Given
from api.models.common import dollars, epoch_ms, instant
from api.models.kpi import Cell, KpiAnswer, KpiDefinition, KpiFilters, KpiGoal, KpiHeadline, KpiPage, State
from api.store import Store
from dashboards.kpi import HOSPITALS, Kpi, kpis

_CENTS: Final = "_cents"


class Asked(NamedTuple):
    """A question: business dates, both included; the instant that ages are measured at, None for now."""

    since: dt.date
    until: dt.date
    hospital: str = ""
    status: str = ""
    as_of_ms: int | None = None


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
        (rows, fresh), as_of_ms = await self._rows(kpi, asked, await self._answers.position(), within_s)
        if within is not None and kpi.name == HOSPITALS:
            rows = [row for row in rows if row["hospital_id"] in within]
        first = rows[0] if kpi.value and rows else {}
        return KpiAnswer(
            **_defined(kpi),
            as_of=instant(as_of_ms),
            fresh=fresh,
            filters=_filters(asked),
            value=_headline(kpi, first),
            n=_count(first) if kpi.value else len(rows),
            state=_state(kpi, first),
            rows=rows,
        )

    async def page(self, asked: Asked, within: frozenset[str] | None = None, within_s: float = 0) -> KpiPage:
        """Every KPI that has one number, all of one position; to who may see some hospitals, those that can be kept to one."""
        wanted = [kpi for kpi in kpis().values() if kpi.value and (within is None or kpi.of_hospitals)]
        position = await self._answers.position()
        found = await asyncio.gather(*(self._rows(kpi, asked, position, within_s) for kpi in wanted))
        return KpiPage(
            as_of=instant(min(as_of_ms for _, as_of_ms in found)),
            fresh=all(fresh for (_, fresh), _ in found),
            filters=_filters(asked),
            kpis=[_tile(kpi, rows[0] if rows else {}) for kpi, ((rows, _), _) in zip(wanted, found, strict=True)],
            tables=[KpiDefinition(**_defined(kpi)) for kpi in kpis().values() if not kpi.value],
        )

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


def _tile(kpi: Kpi, row: dict[str, Cell]) -> KpiHeadline:
    return KpiHeadline(**_defined(kpi), value=_headline(kpi, row), n=_count(row), state=_state(kpi, row), row=row)


def _headline(kpi: Kpi, row: Mapping[str, Cell]) -> Cell:
    return row.get(_cell(kpi.value, None)[0])


def _count(row: Mapping[str, Cell]) -> int | None:
    found = row.get("n")
    return found if isinstance(found, int) else None


def _state(kpi: Kpi, row: Mapping[str, Cell]) -> State:
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
    }


def _filters(asked: Asked) -> KpiFilters:
    return KpiFilters.model_validate({"from": asked.since, "to": asked.until, "hospital": asked.hospital, "status": asked.status})
