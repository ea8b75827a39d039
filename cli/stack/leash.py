"""Runs a command so that it cannot outlive the process that started it.

Started by path, `python -I -S leash.py PARENT COMMAND…`, and replaced by the command with `exec`: no process is added.
On Linux the kernel then kills the command when its parent dies, even by SIGKILL. Other systems have no such call; there
the command runs unleashed.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Tie this process to its parent and become the command. Does not return."""
    parent, command = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != parent:  # it died before the kernel knew of the tie
            sys.exit("the starting process is gone")
    os.execv(command[0], command)  # noqa: S606 - the argument list comes from our own process


if __name__ == "__main__":
    main(sys.argv[1:])
