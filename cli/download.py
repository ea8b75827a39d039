"""The progress bar of the first download of Kafka's jars."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from cli.stack import jars


@contextlib.contextmanager
def download_bar(cache: Path) -> Iterator[jars.Advance]:
    """A function that advances a bar by bytes; the bar is shown on standard error, from the first byte to the last."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("Kafka's jars, once"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    total = sum(jar.size_bytes for jar in jars.missing(jars.folder_in(cache), jars.locked_jars()))
    with contextlib.ExitStack() as shown:
        bar = Progress(*columns, console=Console(stderr=True))
        task = bar.add_task("download", total=total)

        def advance(count: int) -> None:
            bar.start()
            bar.advance(task, count)
            if bar.finished:
                bar.stop()

        shown.callback(bar.stop)
        yield advance
