"""`hms-ach kpi`: the numbers of the boards, from the API."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.errors import UserError
from cli.output import JsonOption, print_json, print_table, tell

if TYPE_CHECKING:
    from journal.settings import Settings

NameArgument = Annotated[str, typer.Argument(help="One KPI with all its rows; every KPI if left out.")]
SinceOption = Annotated[str, typer.Option("--from", help="First business date; 29 days before the last if left out.")]
UntilOption = Annotated[str, typer.Option("--to", help="Last business date, included; today in New York if left out.")]
HospitalOption = Annotated[str, typer.Option("--hospital", help="One hospital alone.")]
STATES: Mapping[str, str] = {
    "met": "target met",
    "missed": "target missed",
    "no_target": "",
    "no_baseline": "no baseline",
    "no_data": "no data",
    "too_few": "too few to compare",
    "ok": "within the limit",
    "warning_60": "over 60 % of the limit",
    "warning_80": "over 80 % of the limit",
    "breach": "over the limit",
}
_SIGNS: Mapping[str, str] = {"percent": " %", "per_thousand": " per 1,000", "seconds": " s"}
_TIMEOUT_S = 60.0


def register(app: typer.Typer) -> None:
    """Add `kpi`."""
    app.command()(kpi)


def kpi(
    name: NameArgument = "", since: SinceOption = "", until: UntilOption = "", hospital: HospitalOption = "", as_json: JsonOption = False
) -> None:
    """Show the KPIs with their targets, or one with its definition and all rows."""
    from cli.environment import running_settings

    settings = running_settings()
    asked = {"from": since, "to": until, "hospital": hospital}
    answer = fetch(settings, name, {key: value for key, value in asked.items() if value})
    if as_json:
        print_json(answer)
    elif name:
        _show_one(answer)
    else:
        _show_all(answer)


def fetch(settings: "Settings", name: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the API says. Raises UserError when it does not answer or refuses."""
    import httpx2

    from cli.client import connect

    try:
        with connect(settings, _TIMEOUT_S) as client:
            answer = client.get("/api/v1/kpis" + (f"/{name}" if name else ""), params=asked)
    except httpx2.TransportError as error:
        raise UserError(f"The API at {settings.api_url()} does not answer ({type(error).__name__}); `hms-ach up` starts it.") from error
    if answer.status_code != HTTPStatus.OK:
        raise UserError(_refusal(answer.status_code, answer.content))
    found: dict[str, Any] = answer.json()
    return found


def text_of(value: Any, unit: str) -> str:
    """A headline for people: grouped digits, dollars, and its unit's sign."""
    if value is None:
        return "-"
    if unit == "cents":
        return f"${float(value):,.2f}"
    number = f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
    return f"{number}{_SIGNS.get(unit, '')}"


def few_text(kpi: Mapping[str, Any], row: Mapping[str, Any], column: str) -> str:
    """A share of too few cases as its counts, `3 of 7`; empty for everything else."""
    share = next((share for share in kpi["shares"] if share["column"] == column), None)
    if share is None or not 0 < row[share["of"]] < kpi["few_below"]:
        return ""
    return f"{row[share['part']]} {'for' if kpi['unit'] == 'per_thousand' else 'of'} {row[share['of']]}"


def _usual(kpi: Mapping[str, Any]) -> str:
    found = kpi["baseline"]
    if found is None:
        return ""
    return text_of(found["value"], kpi["unit"]) if found["state"] == "comparable" else STATES[found["state"]]


def _refusal(status: int, content: bytes) -> str:
    try:
        problem = json.loads(content)
    except ValueError:
        return f"The API answered {status}."
    findings = "; ".join(f"{found.get('parameter')}: {found['detail']}" for found in problem.get("errors", []))
    return f"The API refused: {findings or problem.get('detail', status)}"


def _period(answer: Mapping[str, Any]) -> str:
    filters = answer["filters"]
    where = f", {filters['hospital']}" if filters["hospital"] else ""
    return f"{filters['from']} to {filters['to']}{where}, as of {answer['as_of']}"


def _show_all(answer: Mapping[str, Any]) -> None:
    hospital = answer["filters"]["hospital"]
    rows = [
        (
            each["name"],
            few_text(each, each["row"], each["column"]) or text_of(each["value"], each["unit"]),
            *((_usual(each),) if hospital else ()),
            each["n"] if each["n"] is not None else "",
            each["target"],
            STATES[each["state"]],
        )
        for each in answer["kpis"]
    ]
    print_table(f"KPIs, {_period(answer)}", ("kpi", "value", *(("usual",) if hospital else ()), "n", "target", "state"), rows)
    tell(f"Tables and series: {', '.join(each['name'] for each in answer['tables'])}.")


def _show_one(answer: Mapping[str, Any]) -> None:
    tell(f"{answer['title']}: {answer['definition']}")
    for trap in answer["traps"]:
        tell(f"- {trap}")
    rows = answer["rows"]
    columns = list(rows[0]) if rows else []
    cells = [[few_text(answer, row, column) or ("" if row[column] is None else row[column]) for column in columns] for row in rows]
    if len(cells) == 1 and answer["value"] is not None:
        columns, cells = ["column", "value"], [list(pair) for pair in zip(columns, cells[0], strict=True)]
    print_table(f"{answer['name']}, {_period(answer)}", columns, cells)
    if usual := _usual(answer):
        before = answer["baseline"]
        tell(f"Usual at {answer['filters']['hospital']}: {usual} ({before['from']} to {before['to']}, n = {before['n']}).")
