"""Where the simulation stands, in one small file of the data folder, so that a restart goes on instead of beginning again."""

import os
from pathlib import Path

import msgspec

from simulator.feed import Offsets
from simulator.planned import Planned

FILE = "simulator.json"


class OtherSimulationError(Exception):
    """The folder holds another simulation: one sentence that says which."""


class State(msgspec.Struct, kw_only=True):
    """Position of a run. Everything up to `position_ms` is in Kafka; `planned` is what is still to be said."""

    seed: int
    accounts: int
    months: int
    start_ms: int
    live_from_ms: int
    position_ms: int
    next_tick_ms: int
    visits: int = 0
    next_visit_ms: int = 0
    offsets: Offsets = {}
    planned: list[Planned] = []


def load(folder: Path) -> State | None:
    """The state in this folder, None when there is none. msgspec.MsgspecError when the file is not ours."""
    path = folder / FILE
    return msgspec.json.decode(path.read_bytes(), type=State) if path.exists() else None


def save(folder: Path, state: State) -> None:
    """Replace the state in this folder; after a crash there is the old file or the new one, never half of one."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{FILE}.new"
    with fresh.open("wb") as file:
        file.write(msgspec.json.encode(state))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / FILE)


def same(state: State, seed: int, accounts: int, months: int) -> State:
    """The state, if it belongs to this simulation; OtherSimulationError otherwise, because two worlds in one ledger make no sense."""
    if (state.seed, state.accounts, state.months) == (seed, accounts, months):
        return state
    raise OtherSimulationError(
        f"This data folder holds the simulation --seed {state.seed} --accounts {state.accounts} --months {state.months}: "
        "go on with that one, or use another folder (HMS_DATA_DIR)."
    )
