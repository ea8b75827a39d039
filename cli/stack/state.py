"""What a running stack says about itself to other processes: one small file in the data folder."""

from pathlib import Path

import msgspec

from cli.stack.folder import DataFolder


class ChildState(msgspec.Struct, frozen=True):
    """One child: process id (None while it is down), start as Unix seconds, how often it was started again."""

    name: str
    pid: int | None
    started_at: float
    restarts: int


class StackState(msgspec.Struct, frozen=True):
    """A stack: its supervisor's process id, start as Unix seconds, where Kafka and the API answer, its children, and the port that the
    operator wanted for the API, which is elsewhere when that one was taken."""

    pid: int
    started_at: float
    kafka_bootstrap: str
    api_url: str
    children: tuple[ChildState, ...] = ()
    wanted_port: int = 0


def write(path: Path, state: StackState) -> None:
    """Replace the state file at once: a reader sees the old or the new one."""
    temporary = path.with_suffix(".new")
    temporary.write_bytes(msgspec.json.format(msgspec.json.encode(state), indent=1))
    temporary.replace(path)


def read(folder: DataFolder) -> StackState | None:
    """The state of the stack that owns the folder now; None when none does (a killed one may have left its file)."""
    owner = folder.owner()
    if owner is None or not folder.state.is_file():
        return None
    state = msgspec.json.decode(folder.state.read_bytes(), type=StackState)
    return state if state.pid == owner else None
