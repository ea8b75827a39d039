"""One child process: its log, its end, and what binds it to its parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from cli.stack.child import Child, ChildSpec


def child(folder: Path, program: str, stop_seconds: float = 5.0, **environment: str) -> Child:
    return Child(ChildSpec("child", (sys.executable, "-S", "-c", program), environment, stop_seconds=stop_seconds), folder / "child.log")


def wait_for_line(started: Child) -> None:
    deadline = time.monotonic() + 10
    while not started.last_lines():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_output_goes_to_a_log_that_later_starts_continue(tmp_path: Path) -> None:
    talks = child(tmp_path, "import os, sys; print(os.environ['WORD'], flush=True); sys.exit('bad')", WORD="good")
    for _ in range(2):
        talks.start()
        assert talks.wait(10)
    assert talks.exit_code() == 1
    assert talks.last_lines() == ["good", "bad"] * 2
    assert talks.last_lines(1) == ["bad"]


def test_an_orderly_stop_lets_it_finish(tmp_path: Path) -> None:
    polite = child(tmp_path, "import signal, sys, time\nsignal.signal(15, lambda *_: sys.exit(7))\nprint('up', flush=True)\ntime.sleep(60)")
    polite.start()
    wait_for_line(polite)
    assert polite.stop() == 7


def test_one_that_ignores_the_request_is_killed_with_its_own_children(tmp_path: Path) -> None:
    deaf = child(
        tmp_path,
        "import signal, subprocess, sys, time\nsignal.signal(15, signal.SIG_IGN)\n"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True)\ntime.sleep(60)",
        stop_seconds=0.2,
    )
    deaf.start()
    wait_for_line(deaf)
    grandchild = int(deaf.last_lines()[0])
    assert deaf.stop() == -signal.SIGKILL
    deadline = time.monotonic() + 30
    while Path(f"/proc/{grandchild}").exists() and ") Z " not in Path(f"/proc/{grandchild}/stat").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_stopping_what_never_started_or_has_ended_is_harmless(tmp_path: Path) -> None:
    never = child(tmp_path, "")
    assert never.stop() is None
    never.start()
    assert never.wait(10)
    assert never.stop() == 0
    assert never.pid is None


def test_it_dies_with_its_parent_even_when_the_parent_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from tests.cli.test_child import child, wait_for_line\n"
        "bound = child(Path(sys.argv[1]), \"print('up', flush=True)\\nimport time; time.sleep(60)\"); bound.start(); wait_for_line(bound)\n"
        "print(bound.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    parent = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False)
    pid, deadline = int(parent.stdout), time.monotonic() + 30
    while Path(f"/proc/{pid}").exists() and ") Z " not in Path(f"/proc/{pid}/stat").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_command_whose_parent_is_gone_before_it_is_bound_does_not_run(tmp_path: Path) -> None:
    leash = Path(__file__).parents[2] / "cli" / "stack" / "leash.py"
    stranger = [sys.executable, "-I", "-S", str(leash), str(os.getpid() + 1), sys.executable, "-c", "print('ran')"]
    refused = subprocess.run(stranger, capture_output=True, text=True, check=False)
    assert refused.stdout == ""
    assert refused.stderr == "the starting process is gone\n"
