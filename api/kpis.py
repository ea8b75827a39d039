"""KPIs, asked of ClickHouse. What several people ask at the same moment is asked once."""

import asyncio
import datetime as dt
import math
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from api.models.common import dollars, epoch_ms, instant
from api.models.kpi import Cell, KpiAnswer, KpiDefinition, KpiFilters, KpiGoal, KpiHeadline, KpiPage, State
from api.store import Store
from dashboards.kpi import HOSPITALS, Kpi, kpis

FRESH_S: Final = 2.0
"""How old an answer may be; it says itself of which instant it is."""
_KEPT_MAX: Final = 256
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
        self._kept: dict[tuple[str, Asked], tuple[float, asyncio.Task[_Rows]]] = {}

    async def answer(self, kpi: Kpi, asked: Asked, within: frozenset[str] | None = None) -> KpiAnswer:
        """One KPI with all its rows; `within` are the hospitals that may be named, None: all."""
        found = await self._rows(kpi, asked)
        if within is not None and kpi.name == HOSPITALS:
            found = _Rows(found.as_of_ms, [row for row in found.rows if row["hospital_id"] in within])
        first = found.rows[0] if kpi.value and found.rows else {}
        return KpiAnswer(
            **_defined(kpi),
            as_of=instant(found.as_of_ms),
            filters=_filters(asked),
            value=_headline(kpi, first),
            n=_count(first) if kpi.value else len(found.rows),
            state=_state(kpi, first),
            rows=found.rows,
        )

    async def page(self, asked: Asked, within: frozenset[str] | None = None) -> KpiPage:
        """Every KPI that has one number; to who may see some hospitals, those that can be kept to one."""
        wanted = [kpi for kpi in kpis().values() if kpi.value and (within is None or kpi.of_hospitals)]
        found = await asyncio.gather(*(self._rows(kpi, asked) for kpi in wanted))
        return KpiPage(
            as_of=instant(min(each.as_of_ms for each in found)),
            filters=_filters(asked),
            kpis=[_tile(kpi, each.rows[0] if each.rows else {}) for kpi, each in zip(wanted, found, strict=True)],
            tables=[KpiDefinition(**_defined(kpi)) for kpi in kpis().values() if not kpi.value],
        )

    async def _rows(self, kpi: Kpi, asked: Asked) -> _Rows:
        """The rows, of now or of a moment ago. Who is the first to ask may go away: the answer is kept for the others."""
        key = (kpi.name, asked)
        now_s = time.monotonic()
        until_s, task = self._kept.get(key, (0.0, None))
        if task is None or (task.done() and (until_s < now_s or task.cancelled() or task.exception() is not None)):
            self._forget(now_s)
            task = asyncio.create_task(self._ask(kpi, asked))
            self._kept[key] = (now_s + FRESH_S, task)
        return await asyncio.shield(task)

    def _forget(self, now_s: float) -> None:
        """Let go of what is old, and of the oldest when there is too much."""
        for key in [key for key, (until_s, task) in self._kept.items() if until_s < now_s and task.done()]:
            del self._kept[key]
        for key in list(self._kept)[: max(0, len(self._kept) - _KEPT_MAX)]:
            del self._kept[key]

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
