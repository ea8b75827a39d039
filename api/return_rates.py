"""Return rates by hospital and entry class, asked of ClickHouse; the arithmetic and the thresholds are `ach.rates`."""

import datetime as dt
from typing import Final

from ach.rates import WINDOW_DAYS, DayCounts, Level, Rate, add_debits, add_return, debits_to_recover, rates
from api.models.common import instant
from api.models.return_rate import ReturnRate, ReturnRates
from api.store import Store
from dashboards.kpi import sql_of

_ORDER: Final = (Level.BREACH, Level.WARNING_80, Level.WARNING_60, Level.OK)
_DEBITS: Final = sql_of("""SELECT hospital_id, sec_code, originated_on, came_back, code, count()
FROM
(
    @debits
)
GROUP BY hospital_id, sec_code, originated_on, came_back, code""")


async def return_rates(store: Store, today: dt.date, now_ms: int, hospital: str, within: frozenset[str] | None) -> ReturnRates:
    """Rates of the 60 days up to `today`, of one hospital or, when it is empty, of all those within the caller's sight (None: all)."""
    days: dict[tuple[str, str], dict[dt.date, DayCounts]] = {}
    for name, sec, day, came_back, code, number in await store.ask(_DEBITS, {"to": today.isoformat(), "hospital": hospital}):
        if within is not None and name not in within:
            continue
        group = days.setdefault((name, sec), {})
        counts = add_debits(group.get(day, DayCounts(day)), number)
        for _ in range(number if came_back else 0):
            counts = add_return(counts, code)
        group[day] = counts
    found = [_rate(*group, rate) for group in sorted(days) for rate in rates(days[group].values(), today).values()]
    return ReturnRates.model_validate(
        {
            "as_of": instant(now_ms),
            "from": today - dt.timedelta(days=WINDOW_DAYS - 1),
            "to": today,
            "rates": tuple(sorted(found, key=lambda each: _ORDER.index(Level(each.level)))),
        }
    )


def _rate(hospital: str, sec: str, rate: Rate) -> ReturnRate:
    return ReturnRate(
        hospital_id=hospital,
        sec_code=sec,
        kind=rate.kind.value,
        returns=rate.returns,
        debits=rate.debits,
        rate_basis_points=rate.basis_points,
        threshold_basis_points=rate.threshold_basis_points,
        level=rate.level.value,
        entries_until_breach=rate.returns_until_breach,
        debits_to_recover=debits_to_recover(rate),
    )
