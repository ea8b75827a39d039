"""`python -m bench.export --rows 1000000 [--keep FOLDER]`: how long the whole ledger takes as CSV, and what memory that needs.

The API on the embedded ClickHouse answers over HTTP; another process downloads, and checks the count and the digest of the last line.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import uvicorn

from api.app import create_app
from api.assembly import Assembly
from bench.page import NOW_MS
from bench.page_data import seed
from cli.stack.ports import Ports
from journal.settings import Settings
from sinks.clickhouse.database import Database

_PATH: Final = "/api/v1/ledger?from=2025-03-01&to=2026-03-01&basis=business_date&format=csv"
_DOWNLOAD: Final = """
import hashlib, json, sys, time, urllib.request
began, size, hashed, held = time.monotonic(), 0, hashlib.sha256(), b""
with urllib.request.urlopen(sys.argv[1], timeout=300) as answer:
    while part := answer.read(1 << 20):
        size += len(part)
        cut = (held + part).rfind(b"\\n", 0, -1) + 1 or len(held)
        hashed.update((held + part)[:cut])
        held = (held + part)[cut:]
print(json.dumps({"seconds": round(time.monotonic() - began, 2), "megabytes": round(size / 1e6, 1), "last_line": held.decode(),
                  "sha256": hashed.hexdigest()}))
"""


def download(url: str) -> dict[str, object]:
    """Read an export to its end in a process of its own; seconds, size, and whether the digest holds."""
    done = subprocess.run([sys.executable, "-c", _DOWNLOAD, url], stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    last = str(found.pop("last_line"))
    found["digest_holds"] = str(found.pop("sha256")) in last
    found["last_line"] = last.strip()[:120]
    return found


def _rss_mb() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() >> 20


def _measured(url: str) -> dict[str, object]:
    """One download; the memory before it and the most of it meanwhile."""
    before, most, over = _rss_mb(), [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            most[0] = max(most[0], _rss_mb())

    watcher = threading.Thread(target=watch)
    watcher.start()
    cpu = time.process_time()
    try:
        found = download(url)
    finally:
        over.set()
        watcher.join()
    return {**found, "cpu_s": round(time.process_time() - cpu, 2), "rss_before_mb": before, "rss_most_mb": most[0]}


def main(arguments: Sequence[str] | None = None) -> None:
    """Seed, or take what is kept, and export the year three times."""
    parser = argparse.ArgumentParser("python -m bench.export", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="postings in the ledger")
    parser.add_argument("--keep", type=Path, help="folder of the data; seeded when it does not exist")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hms-ach-export-") as name:
        folder = asked.keep or Path(name) / "data"
        fresh = not (folder / "clickhouse").exists()
        with Ports() as ports:
            port = ports.choose(0)
        settings = Settings.model_validate({"data_dir": folder, "auth": "off", "api_port": port})
        with Database(settings) as database:
            if fresh:
                seed(database, asked.rows, NOW_MS)
            assembly = Assembly(settings, database, with_sink=False)
            app = create_app()
            app.state.services = assembly.services._replace(now_ms=lambda: NOW_MS)
            server = uvicorn.Server(uvicorn.Config(app, port=port, lifespan="off", log_level="warning"))
            thread = threading.Thread(target=server.run, daemon=True)
            thread.start()
            while not server.started:
                time.sleep(0.05)
            for _ in range(3):
                print(json.dumps(_measured(f"http://127.0.0.1:{port}{_PATH}")), flush=True)
            server.should_exit = True
            thread.join()
            assembly.stop()


if __name__ == "__main__":
    main()
