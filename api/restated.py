"""Whether a period's numbers were restated: events of it that came in when its numbers had stood for a while."""

import datetime as dt
from collections.abc import Collection
from typing import Any, Final, NamedTuple

STOOD_MINUTES: Final = 15
"""How long the ledger has to have been past a day before what still comes in for it restates it. A history that is loaded goes past each
day in moments, somewhat out of order, and nobody reads numbers in between."""

_MOVES: Final = """
SELECT partition, source_topic, source_offset, at, recorded_at, business_date, hospital_id FROM ledger_entries
UNION ALL
SELECT partition, source_topic, source_offset, at, recorded_at, business_date, hospital_id FROM payment_events
"""
RESTATED: Final = """
SELECT uniqExact(moved.partition, moved.source_topic, moved.source_offset) AS events
FROM
(
    SELECT partition, source_topic, source_offset, recorded_at, business_date FROM (@moves)
    WHERE business_date BETWEEN {from:Date} AND {to:Date}
        AND (empty({hospitals:Array(String)}) OR has({hospitals:Array(String)}, hospital_id))
) AS moved
ASOF INNER JOIN
(
    SELECT
        partition, day,
        min(first) OVER (PARTITION BY partition ORDER BY day DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS seen_from
    FROM
    (
        SELECT partition, toDate(at - INTERVAL 1 HOUR, 'America/New_York') AS day, min(recorded_at) AS first FROM (@moves)
        WHERE business_date >= {from:Date}
        GROUP BY partition, day
    )
) AS later ON moved.partition = later.partition AND moved.business_date < later.day
WHERE moved.recorded_at > later.seen_from + INTERVAL @stood MINUTE
""".replace("@moves", _MOVES).replace("@stood", str(STOOD_MINUTES))
"""Events that changed payments or postings. A day is over when the partition has seen an event from an hour into a later one; what comes in
around midnight is late for nobody. By the clock of the journal's records."""


class Period(NamedTuple):
    """Business dates, both included, and the hospitals that are counted; none for all."""

    since: dt.date
    until: dt.date
    hospitals: tuple[str, ...]

    def given(self) -> dict[str, Any]:
        """What the SQL is given."""
        return {"from": self.since.isoformat(), "to": self.until.isoformat(), "hospitals": list(self.hospitals)}


def period(since: dt.date, until: dt.date, hospital: str, within: Collection[str] | None) -> Period | None:
    """The period of a question about one hospital or all, by somebody who may see those `within`; None when that is none."""
    if hospital:
        return Period(since, until, (hospital,))
    if within is None:
        return Period(since, until, ())
    return Period(since, until, tuple(sorted(within))) if within else None
