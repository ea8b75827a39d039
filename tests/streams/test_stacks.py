"""The stacks say where a worker stands, and nothing of what it holds."""

import asyncio
import threading
from pathlib import Path

from streams.stacks import write_stacks

SECRET = "123-45-6789"


def test_threads_and_tasks_are_there_and_values_are_not(tmp_path: Path) -> None:
    stop = threading.Event()

    def waits_in_a_thread(patient: str) -> None:
        assert patient
        stop.wait(10)

    async def waits_in_a_task(patient: str) -> None:
        assert patient
        await asyncio.sleep(10)

    async def look() -> None:
        task = asyncio.create_task(waits_in_a_task(SECRET))
        await asyncio.sleep(0)
        with (tmp_path / "stacks").open("w") as file:
            write_stacks(file)
        task.cancel()

    thread = threading.Thread(target=waits_in_a_thread, args=(SECRET,))
    thread.start()
    asyncio.run(look())
    stop.set()
    thread.join()
    said = (tmp_path / "stacks").read_text()
    assert "waits_in_a_thread" in said
    assert "waits_in_a_task" in said
    assert SECRET not in said
