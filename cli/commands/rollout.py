"""`hms-ach rollout`: the phase of each hospital, from shadow over assisted to live, and the brake."""

from typing import Annotated

import typer

from cli.announce import ByOption, announce_all, person
from cli.errors import UserError
from cli.output import JsonOption, print_json, print_table, tell

rollout = typer.Typer(no_args_is_help=True, help="Hospitals come in by phases: shadow, assisted, live; paused is the brake.")


def register(app: typer.Typer) -> None:
    """Add `rollout`."""
    app.add_typer(rollout, name="rollout")


@rollout.command("set")
def set_phase(
    hospital: Annotated[str, typer.Argument(help="The hospital's id.")],
    phase: Annotated[str, typer.Argument(help="shadow, assisted, live or paused.")],
    by: ByOption = "",
    as_json: JsonOption = False,
) -> None:
    """Put a hospital into a phase: shadow only records, assisted waits for people, live acts, paused takes nothing new."""
    from ledger.governance import PHASES

    if phase not in PHASES:
        raise UserError(f"A phase is {', '.join(PHASES)}, not {phase}.")
    data = {"hospital_id": hospital, "phase": phase, "changed_by": person(by)}
    announce_all("rollout.changed.v1", data, as_json=as_json, done=f"{hospital} is {phase}")


@rollout.command("list")
def list_phases(as_json: JsonOption = False) -> None:
    """The phase of each hospital that an event has spoken of; every other one is live."""
    from cli.environment import reachable_settings
    from cli.progress import bar
    from journal.overview import overview

    settings = reachable_settings()
    with bar("Journal records", quiet=as_json) as advance:
        phases = overview(settings, advance).phases
    rows = [(hospital, _together(by_partition, settings.partitions)) for hospital, by_partition in sorted(phases.items())]
    if as_json:
        print_json({"hospitals": dict(rows)})
        return
    print_table("Rollout", ("hospital", "phase"), rows)
    tell("Hospitals that are not listed are live.")


def _together(by_partition: dict[int, str], partitions: int) -> str:
    """One phase; while a change is under way, all there are."""
    return " and ".join(dict.fromkeys(by_partition.get(number, "live") for number in range(partitions)))
