"""Progress of long work over rows."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

PROGRESS_ROWS = 20_000
"""the display is renewed after so many rows"""


def counted(rows: Iterable[T], title: str, *, quiet: bool) -> Iterator[T]:
    """The same rows, with their number shown on standard error while they pass."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed:,} rows"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as progress:
        task = progress.add_task(title)
        for n, row in enumerate(rows, 1):
            yield row
            if n % PROGRESS_ROWS == 0:
                progress.update(task, completed=n)
