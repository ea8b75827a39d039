"""Where a worker stands: the stacks of its threads and tasks, without the values in them. They hold people's data, which no log may have.

`kill -USR1 PID` writes them to the worker's log; the watchdog does before it ends a worker.
"""

import asyncio
import faulthandler
import sys
from typing import TextIO

import faust


def write_stacks(file: TextIO) -> None:
    """Write the stack of every thread, then of every task of the running loop. `file` has a descriptor."""
    print("threads:", file=file, flush=True)
    faulthandler.dump_traceback(file)
    print("tasks:", file=file)
    for task in asyncio.all_tasks():
        task.print_stack(file=file)
    file.flush()


class StackWorker(faust.Worker):  # type: ignore[misc]
    """Faust's worker, except for two signals: its USR1 also writes local variables, and its USR2 waits in a debugger."""

    def _on_sigusr1(self) -> None:
        write_stacks(sys.stderr)

    def _on_sigusr2(self) -> None:
        pass
