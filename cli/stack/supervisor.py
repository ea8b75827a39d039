"""Keeps the children of a stack running until it is told to stop, and leaves none behind."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby

from cli.errors import UserError
from cli.stack.child import Child, ChildSpec
from cli.stack.folder import DataFolder
from cli.stack.logs import rotate
from cli.stack.restart import RestartPolicy
from cli.stack.signals import StopSignals
from cli.stack.state import ChildState

_TICK_SECONDS = 0.5
_PROBE_SECONDS = 0.1
_ROTATE_SECONDS = 10.0
_GROUND_SECONDS = 1.0


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked
    """A signal asked to stop while the stack was still starting."""


@dataclass
class _Watched:
    child: Child
    started_at: float = 0.0
    starts: int = 0
    deaths: list[float] = field(default_factory=list)
    start_due: float | None = None
    finished: bool = False


class Supervisor:
    """Starts children in order, starts dead ones again, stops all in reverse order. One thread, the main one.

    `changed` is called after every start of a child, with what `states` says then. `ground` tells whether what the
    later stages stand on (Kafka) is there: while it is not, their deaths are not held against them and their starts wait.
    """

    def __init__(
        self,
        folder: DataFolder,
        signals: StopSignals,
        tell: Callable[[str], None],
        changed: Callable[[tuple[ChildState, ...]], None] = lambda _states: None,
        ground: Callable[[], bool] = lambda: True,
        policy: RestartPolicy | None = None,
    ) -> None:
        self._folder = folder
        self._signals = signals
        self._tell = tell
        self._changed = changed
        self._ground = ground
        self._policy = policy or RestartPolicy()
        self._watched: list[_Watched] = []
        self._rotate_due = 0.0

    def start(self, spec: ChildSpec) -> None:
        """Start one more child; its log is `logs/<name>.log`."""
        watched = _Watched(Child(spec, self._folder.logs / f"{spec.name}.log"))
        self._watched.append(watched)
        self._start(watched)

    def wait_for(self, ready: Callable[[], bool], seconds_max: float) -> bool:
        """Whether `ready` has come true within `seconds_max`, the children being looked after meanwhile.

        Raises `Stopped` on a signal, UserError when a child keeps dying.
        """
        deadline = time.monotonic() + seconds_max
        while time.monotonic() < deadline:
            self._tend()
            if ready():
                return True
            self._signals.wait(_PROBE_SECONDS)
            if self._signals.stopping:
                raise Stopped
        return False

    def watch(self) -> None:
        """Look after the children until a signal asks to stop. Raises UserError when a child keeps dying."""
        while not self._signals.stopping:
            self._tend()
            self._signals.wait(self._pause())

    def stop(self) -> None:
        """Stop every child, the last started stage first; within a stage all at once, by force after its `stop_seconds`."""
        stages = groupby(reversed(self._watched), key=lambda watched: watched.child.spec.stage)
        for _stage, members in stages:
            stop_together([watched.child for watched in members])
        self._watched.clear()

    def states(self) -> tuple[ChildState, ...]:
        """Name, process id, start time and number of restarts of every child."""
        return tuple(
            ChildState(watched.child.spec.name, watched.child.pid, watched.started_at, watched.starts - 1) for watched in self._watched
        )

    def _start(self, watched: _Watched) -> None:
        watched.child.start()
        watched.started_at, watched.start_due = time.time(), None
        watched.starts += 1
        self._changed(self.states())

    def _tend(self) -> None:
        now = time.monotonic()
        for watched in self._watched:
            if watched.start_due is not None:
                if now >= watched.start_due:
                    self._start_again(watched, now)
            elif not watched.finished and (code := watched.child.exit_code()) is not None:
                self._bury(watched, code, now)
        if now >= self._rotate_due:
            self._rotate_due = now + _ROTATE_SECONDS
            for watched in self._watched:
                rotate(watched.child.log)

    def _start_again(self, watched: _Watched, now: float) -> None:
        if self._stands(watched):
            self._start(watched)
        else:
            watched.start_due = now + _GROUND_SECONDS

    def _stands(self, watched: _Watched) -> bool:
        return watched.child.spec.stage == 0 or self._ground()

    def _bury(self, watched: _Watched, code: int, now: float) -> None:
        spec = watched.child.spec
        if code == 0 and spec.may_finish:
            watched.finished = True
            self._tell(f"{spec.name} has finished.")
            return
        if not self._stands(watched):
            watched.start_due = now + _GROUND_SECONDS
            self._tell(f"{spec.name} ended ({how(code)}) while Kafka does not answer, and waits for it.")
            return
        watched.deaths = [*self._policy.recent(watched.deaths, now), now]
        wait = self._policy.wait(watched.deaths, now)
        if wait is None:
            raise UserError(
                f"{spec.name} keeps dying ({len(watched.deaths)} times within {self._policy.window_seconds:.0f} s, last {how(code)}); "
                f"the end of {watched.child.log}:\n" + "\n".join(watched.child.last_lines())
            )
        watched.start_due = now + wait
        self._tell(f"{spec.name} ended ({how(code)}) and is started again in {wait:.1f} s.")

    def _pause(self) -> float:
        now = time.monotonic()
        return min([_TICK_SECONDS, *(watched.start_due - now for watched in self._watched if watched.start_due is not None)])


def stop_together(children: list[Child]) -> None:
    """Ask all to stop at once, wait for the slowest's `stop_seconds`, then end what still runs by force."""
    begun = time.monotonic()
    for child in children:
        child.ask_to_stop()
    for child in children:
        if not child.wait(begun + child.spec.stop_seconds - time.monotonic()):
            child.kill()


def how(code: int) -> str:
    """An exit code in words: `exit code 3` or `signal 9`."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"
