"""KPIs as values, read from the SQL files of this package. Nothing is asked of any database here."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final, Literal, NamedTuple

from dashboards.baseline import Baseline, BaselineError, baseline

_HEADER: Final = re.compile(r"-- (?:(?P<key>[a-z]+): (?P<text>.*)|  (?P<more>.*))")
_PART: Final = re.compile(r"(?m)^(?P<before>[ \t]*)(?P<open>.*?)@(?P<name>[a-z_]+)(?P<after>.*)$")
_PARAMETER: Final = re.compile(r"\{([a-z_]+):")
_SHARE: Final = re.compile(r"(\w+) = (\w+) of (\w+)")
_KEYS: Final = frozenset({"title", "definition", "unit", "grain", "target", "goal", "value", "leads", "share", "baseline", "trap"})
_MANY: Final = frozenset({"share", "trap"})
UNITS: Final = frozenset(
    {
        *("percent", "per_thousand", "seconds", "cents", "payments", "exceptions", "postings", "sources", "returns", "entries"),
        *("alerts", "records", "events", "hospitals"),
    }
)
PARAMETERS: Final = {"from": "Date", "to": "Date", "hospital": "String", "as_of": "DateTime64(3, 'UTC')", "status": "String"}
"""What a question may be given, and its ClickHouse type."""

HOSPITALS: Final = "hospitals"
"""The KPI that lists the hospitals themselves."""


FEW: Final = 20
"""A share of fewer cases is told as its counts: one case more would move it by five points or more."""


class Share(NamedTuple):
    """A column that is a share of cases, and the columns of their counts."""

    column: str
    part: str
    of: str


class Goal(NamedTuple):
    """The bound that the KPI's value is held to."""

    sense: Literal[">=", "<="]
    bound: float


class Kpi(NamedTuple):
    """One KPI. `value` names the column of its single row that a tile shows; empty for tables and series."""

    name: str
    title: str
    definition: str
    unit: str
    grain: str
    traps: tuple[str, ...]
    sql: str
    target: str = ""
    goal: Goal | None = None
    value: str = ""
    leads: str = ""
    """the view of the web page where the number can be followed to its payments"""
    shares: tuple[Share, ...] = ()
    baseline: Baseline | None = None
    """how what is usual at a hospital comes about"""

    @property
    def parameters(self) -> frozenset[str]:
        """Names of the parameters that the SQL binds."""
        return frozenset(_PARAMETER.findall(self.sql))

    @property
    def of_one_hospital(self) -> bool:
        """Whether it can be kept to one hospital."""
        return "hospital" in self.parameters

    @property
    def of_hospitals(self) -> bool:
        """Whether it can be shown to somebody who may see some hospitals: kept to one of them, or a list of them by name."""
        return self.of_one_hospital or self.name == HOSPITALS

    def few(self, row: Mapping[str, Any], column: str) -> bool:
        """Whether this column of a row is a share of too few cases to be compared with anything. Of none at all it has no value."""
        whole = next((row.get(share.of) for share in self.shares if share.column == column), None)
        return isinstance(whole, int) and 0 < whole < FEW


class KpiError(ValueError):
    """A KPI's file is not as it has to be. The message names the file."""


@cache
def kpis() -> dict[str, Kpi]:
    """Every KPI by its name, in the order of names."""
    files = {
        file.name.removesuffix(".sql"): file.read_text("utf-8")
        for file in resources.files("dashboards.kpis").iterdir()
        if file.name.endswith(".sql")
    }
    return {name: read(name, files[name], _parts()) for name in sorted(files)}


@cache
def _parts() -> dict[str, str]:
    folder = resources.files("dashboards.kpis") / "parts"
    return {file.name.removesuffix(".sql"): file.read_text("utf-8").strip() for file in folder.iterdir() if file.name.endswith(".sql")}


def sql_of(text: str) -> str:
    """SQL in which each `@name` of a part stands for it. Raises KpiError."""
    return _expanded("sql", text, _parts())


def read(name: str, text: str, parts: dict[str, str]) -> Kpi:
    """A KPI of its file's text; `@name` in the SQL stands for a part. Raises KpiError."""
    head = [line for line in text.splitlines() if line.startswith("--")]
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip()
    found = _header(name, head)
    single = {key: " ".join(texts) for key, texts in found.items() if key not in _MANY}
    missing = {"title", "definition", "unit", "grain"} - set(single)
    if missing or "trap" not in found:
        raise KpiError(f"{name}.sql does not state: {', '.join(sorted(missing) or ['trap'])}")
    if single["unit"] not in UNITS:
        raise KpiError(f"{name}.sql: unknown unit {single['unit']}")
    kpi = Kpi(
        name=name,
        title=single["title"],
        definition=single["definition"],
        unit=single["unit"],
        grain=single["grain"],
        traps=tuple(found["trap"]),
        sql=_expanded(name, body, parts),
        target=single.get("target", ""),
        goal=_goal(name, single.get("goal", "none")),
        value=single.get("value", ""),
        leads=single.get("leads", ""),
        shares=tuple(_share(name, text) for text in found.get("share", ())),
        baseline=_baseline(name, single.get("baseline", "none")),
    )
    if unknown := kpi.parameters - set(PARAMETERS):
        raise KpiError(f"{name}.sql asks for unknown parameters: {', '.join(sorted(unknown))}")
    return kpi


def _header(name: str, lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    last = ""
    for line in lines:
        match = _HEADER.fullmatch(line)
        if match is None or (match["more"] is not None and not last):
            raise KpiError(f"{name}.sql: header line not understood: {line}")
        if match["more"] is not None:
            found[last][-1] += f" {match['more']}"
            continue
        last = match["key"]
        if last not in _KEYS:
            raise KpiError(f"{name}.sql: unknown header {last}")
        found.setdefault(last, []).append(match["text"])
    return found


def _expanded(name: str, sql: str, parts: dict[str, str], within: tuple[str, ...] = ()) -> str:
    """The SQL with each `@part` in its place, indented as it stands there; parts may be made of parts."""

    def part(match: re.Match[str]) -> str:
        wanted = match["name"]
        if wanted not in parts or wanted in within:
            raise KpiError(f"{name}.sql: there is no part {wanted}" if wanted not in parts else f"{name}.sql: {wanted} is a part of itself")
        before, opened, after = match["before"], match["open"], match["after"]
        indent = before + ("    " if opened else "")
        lines = _expanded(name, parts[wanted], parts, (*within, wanted)).splitlines()
        text = "\n".join(indent + line for line in lines)
        return f"{before}{opened}\n{text}\n{before}{after}" if opened else text + after

    return _PART.sub(part, sql)


def _share(name: str, text: str) -> Share:
    match = _SHARE.fullmatch(text)
    if match is None:
        raise KpiError(f"{name}.sql: share {text} is not 'column = part of whole'")
    return Share(*match.groups())


def _baseline(name: str, text: str) -> Baseline | None:
    try:
        return baseline(text)
    except BaselineError as error:
        raise KpiError(f"{name}.sql: {error}") from error


def _goal(name: str, text: str) -> Goal | None:
    if text == "none":
        return None
    sense, _, bound = text.partition(" ")
    if sense == ">=":
        return Goal(">=", float(bound))
    if sense == "<=":
        return Goal("<=", float(bound))
    raise KpiError(f"{name}.sql: goal {text} is neither '>= n' nor '<= n'")
