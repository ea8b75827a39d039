"""When lists close next: for entries that are to settle by then. The rail's own configuration says it; without one nothing is said."""

from datetime import timedelta
from typing import Final, NamedTuple

from ach.windows import CutOff, cut_offs
from ach.zone import to_new_york
from sinks.ach.config import ANY_HOSPITAL, Config

_DAYS_MAX: Final = 10
"""no run of days without banking is as long"""


class Closing(NamedTuple):
    """The next cut-off of a hospital, or of any that has no section of its own (`*`)."""

    hospital_id: str
    bank: str
    cut_off: CutOff


def next_closings(config: Config | None, now_ms: int, hospital_id: str, within: frozenset[str] | None) -> list[Closing]:
    """The next cut-off of one hospital, or of every section that the caller may see, the soonest first."""
    if config is None:
        return []
    wanted = {hospital_id} if hospital_id else within
    sections = set(config.hospitals) if wanted is None else {_section(config, name) for name in wanted} - {""}
    found = [Closing(name, config.hospitals[name].bank, _next(config, name, now_ms)) for name in sections]
    return sorted(found, key=lambda closing: (closing.cut_off.closes, closing.hospital_id))


def _section(config: Config, hospital_id: str) -> str:
    return hospital_id if hospital_id in config.hospitals else ANY_HOSPITAL if ANY_HOSPITAL in config.hospitals else ""


def _next(config: Config, section: str, now_ms: int) -> CutOff:
    now = to_new_york(now_ms)
    rules = config.cut_offs(section)
    days = (now.date() + timedelta(days=ahead) for ahead in range(_DAYS_MAX))
    return next(cut_off for day in days for cut_off in cut_offs(rules, day) if cut_off.closes >= now)
