"""`hms-ach sim`: poster, relay and sink in a world of accidents that a seed decides, and the oracle's word on what they leave behind."""

import time
from collections.abc import Iterator
from itertools import count
from typing import Annotated

import typer

from cli.output import JsonOption, print_json, tell

SeedOption = Annotated[int, typer.Option("--seed", help="The first seed. The same seed always gives the same run.")]
SeedsOption = Annotated[int, typer.Option("--seeds", min=1, help="How many seeds, one after the other; without end if --seconds is given.")]
SecondsOption = Annotated[float, typer.Option("--seconds", min=0, help="Stop after so long.")]
MutantOption = Annotated[str, typer.Option("--mutant", help="Let the product make this mistake, to see whether it is found.")]


def register(app: typer.Typer) -> None:
    """Add `sim`."""
    app.command()(sim)


def sim(
    seed: SeedOption = 1, seeds: SeedsOption = 1, seconds: SecondsOption = 0, mutant: MutantOption = "", as_json: JsonOption = False
) -> None:
    """Run seeds in memory: crashes, zombies, lost answers, rebalances at every step. Stops at the first seed that breaks an invariant."""
    from bench.sim.run import run_all

    began, tried, deaths, steps = time.monotonic(), 0, 0, 0
    for outcome in run_all(_wanted(seed, seeds, seconds), f"mutant:{mutant}" if mutant else ""):
        tried, deaths, steps = tried + 1, deaths + outcome.tried.deaths, steps + len(outcome.tried.steps)
        if not outcome.report.holds:
            if as_json:
                print_json({"holds": False, "seed": outcome.seed, "broken": outcome.report.broken, "steps": outcome.tried.steps})
            else:
                tell(outcome.text())
            raise typer.Exit(1)
    took_s = time.monotonic() - began
    if as_json:
        print_json({"holds": True, "seeds": tried, "steps": steps, "deaths": deaths, "seconds": round(took_s, 3)})
    else:
        tell(
            f"{tried:,} seeds from {seed} on hold: {steps:,} steps, {deaths:,} deaths; {tried * 60 / max(took_s, 1e-9):,.0f} seeds a minute"
        )


def _wanted(seed: int, seeds: int, seconds: float) -> Iterator[int]:
    """The seeds, until their number or the time is used up."""
    end_s = time.monotonic() + seconds
    for number in count():
        if time.monotonic() >= end_s if seconds else number >= seeds:
            return
        yield seed + number
