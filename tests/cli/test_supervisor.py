"""The supervisor with real child processes: small programs that live, die, hang and finish."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.errors import UserError
from cli.stack.child import ChildSpec
from cli.stack.folder import DataFolder
from cli.stack.restart import RestartPolicy
from cli.stack.signals import StopSignals
from cli.stack.supervisor import Stopped, Supervisor

LIVES = "import time\nwhile True: time.sleep(60)"
DIES = "import sys; print('cannot find the ledger', flush=True); sys.exit(3)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True)\nwhile True: time.sleep(60)"
QUICK = RestartPolicy(deaths_max=3, wait_seconds_first=0.05, wait_seconds_max=0.1)


def spec(name: str, program: str, stage: int = 0, stop_seconds: float = 4.0, *, may_finish: bool = False) -> ChildSpec:
    return ChildSpec(name, (sys.executable, "-S", "-c", program), {}, stage, stop_seconds, may_finish)


class Told(list[str]):
    """What the supervisor said."""


@contextmanager
def supervised(folder: Path, told: Told, ground: Callable[[], bool] = lambda: True) -> Iterator[Supervisor]:
    data = DataFolder(folder)
    with data.owned(), StopSignals() as signals:
        supervisor = Supervisor(data, signals, told.append, ground=ground, policy=QUICK)
        try:
            yield supervisor
        finally:
            supervisor.stop()


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def pid_of(supervisor: Supervisor, name: str) -> int | None:
    return next(state.pid for state in supervisor.states() if state.name == name)


def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    told = Told()
    with supervised(tmp_path, told) as supervisor:
        supervisor.start(spec("worker-0", LIVES))
        first = pid_of(supervisor, "worker-0")
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert supervisor.wait_for(lambda: supervisor.states()[0].restarts == 1, 5)
        second = pid_of(supervisor, "worker-0")
    assert second not in {None, first}
    assert told == ["worker-0 ended (signal 9) and is started again in 0.1 s."]


def test_a_child_that_keeps_dying_is_named_with_its_last_log_lines_and_all_are_stopped(tmp_path: Path) -> None:
    with supervised(tmp_path, Told()) as supervisor:
        supervisor.start(spec("broker", LIVES))
        pid = pid_of(supervisor, "broker")
        assert pid is not None
        supervisor.start(spec("worker-0", DIES, stage=1))
        with pytest.raises(UserError, match=r"worker-0 keeps dying \(3 times within 60 s, last exit code 3\)(?s:.*)cannot find the ledger"):
            supervisor.watch()
    assert is_gone(pid)


def test_while_kafka_does_not_answer_deaths_do_not_count_and_starts_wait(tmp_path: Path) -> None:
    told, answers = Told(), [False]
    with supervised(tmp_path, told, ground=lambda: answers[0]) as supervisor:
        supervisor.start(spec("worker-0", DIES, stage=1))
        assert not supervisor.wait_for(lambda: len(told) > 1, 2.5)
        assert told == ["worker-0 ended (exit code 3) while Kafka does not answer, and waits for it."]
        answers[0] = True
        assert supervisor.wait_for(lambda: supervisor.states()[0].restarts == 1, 5)


def test_a_child_that_may_finish_is_not_started_again_after_success(tmp_path: Path) -> None:
    told = Told()
    with supervised(tmp_path, told) as supervisor:
        supervisor.start(spec("simulator", "pass", may_finish=True))
        assert supervisor.wait_for(lambda: bool(told), 5)
        assert not supervisor.wait_for(lambda: len(told) > 1, 0.5)
    assert told == ["simulator has finished."]


def test_stopping_goes_in_reverse_order_and_ends_the_deaf_by_force(tmp_path: Path) -> None:
    order = tmp_path / "order"
    program = (
        "import signal, sys, time\n"
        f"def stop(*_):\n    open({str(order)!r}, 'a').write(NAME + ' '); sys.exit()\n"
        "signal.signal(signal.SIGTERM, stop); print('ready', flush=True)\nwhile True: time.sleep(60)"
    )
    with supervised(tmp_path, Told()) as supervisor:
        supervisor.start(spec("broker", f"NAME='broker'\n{program}"))
        supervisor.start(spec("worker-0", f"NAME='worker'\n{program}", stage=1))
        supervisor.start(spec("deaf", DEAF, stage=2, stop_seconds=0.5))
        assert supervisor.wait_for(lambda: all((tmp_path / "logs" / f"{n}.log").stat().st_size for n in ("broker", "worker-0", "deaf")), 10)
        pids = [state.pid for state in supervisor.states()]
        begun = time.monotonic()
        supervisor.stop()
        assert time.monotonic() - begun < 5
    assert order.read_text() == "worker broker "
    assert all(is_gone(pid) for pid in pids if pid is not None)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_watch_and_a_second_one_changes_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with supervised(tmp_path, Told()) as supervisor:
        supervisor.start(spec("worker-0", LIVES))
        pid = pid_of(supervisor, "worker-0")
        assert pid is not None
        threading.Timer(0.2, os.kill, (os.getpid(), number)).start()
        supervisor.watch()
        os.kill(os.getpid(), number)
        supervisor.stop()
    assert is_gone(pid)


def test_a_signal_ends_a_wait_while_starting(tmp_path: Path) -> None:
    with supervised(tmp_path, Told()) as supervisor:
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
        with pytest.raises(Stopped):
            supervisor.wait_for(lambda: False, 30)
