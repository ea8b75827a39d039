"""How fast a payment is decided over HTTP, mutual TLS and access token included: `python -m bench.api [--data .data] [--rate 400]`.

Two parts: one request at a time on an idle system (the latency that a patient at the desk sees), then an open loop at a fixed rate, where a
slow answer does not slow the next request down. Without `--data`, the folder of a stack that runs, it starts broker, worker and API in a
folder of its own.
"""

import argparse
import asyncio
import contextlib
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from cli.client import access_token, tls
from cli.environment import running_settings
from journal.settings import Settings

CONNECTIONS = 100
"""that an integrator's pool keeps; more would only handshake while the ones there are wait"""


class Tally:
    """Answers and how long they took."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.answers: Counter[str] = Counter()

    def report(self, name: str, elapsed_s: float) -> dict[str, object]:
        """Percentiles in milliseconds."""
        ordered = sorted(self.seconds) or [0.0]
        at = {f"p{p}_ms": round(ordered[min(len(ordered) - 1, len(ordered) * p // 100)] * 1000, 1) for p in (50, 90, 99)}
        rate = round(len(self.seconds) / elapsed_s, 1)
        return {
            "part": name,
            "requests": len(self.seconds),
            "per_s": rate,
            **at,
            "max_ms": round(ordered[-1] * 1000, 1),
            "answers": dict(self.answers),
        }


class Client:
    """A bare HTTP/1.1 client over kept connections: on a small machine a comfortable one would take more CPU than what it measures."""

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.api_url())
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._tls = tls(settings) if settings.auth == "on" else None
        self._token = access_token(settings) if settings.auth == "on" else ""
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._room = asyncio.Semaphore(CONNECTIONS)

    async def initiate(self, body: bytes, key: str) -> tuple[int, bytes]:
        """Status and body of the answer; whoever finds no connection free waits for one."""
        async with self._room:
            return await self._initiate(body, key)

    async def _initiate(self, body: bytes, key: str) -> tuple[int, bytes]:
        reader, writer = self._idle.pop() if self._idle else await asyncio.open_connection(self._host, self._port, ssl=self._tls)
        writer.write(_HEAD % (self._host.encode(), self._token.encode(), key.encode(), len(body)) + body)
        head = await reader.readuntil(b"\r\n\r\n")
        answer = await reader.readexactly(int(_LENGTH.search(head)[1]))  # type: ignore[index]
        self._idle.append((reader, writer))
        return int(head[9:12]), answer

    def close(self) -> None:
        """Let go of the connections."""
        for _, writer in self._idle:
            writer.close()


_HEAD = (
    b"POST /api/v1/payments/initiate HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\n"
    b"Authorization: Bearer %b\r\nIdempotency-Key: %b\r\nContent-Length: %d\r\n\r\n"
)
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


async def ask(client: Client, tally: Tally, account: int) -> None:
    """One small pre-approval of an account."""
    body = {
        "patient_id": f"patient-{account}",
        "hospital_id": f"hospital-{account % 20}",
        "amount": "25.00",
        "credit_reference": f"bench-{account}",
        "direction": "preapproval",
    }
    began = time.perf_counter()
    status, answer = await client.initiate(json.dumps(body).encode(), str(uuid4()))
    tally.seconds.append(time.perf_counter() - began)
    tally.answers[f"{status} {json.loads(answer).get('status', '')}"] += 1


async def idle(client: Client, requests: int) -> dict[str, object]:
    """One after the other, with a pause between."""
    tally, began = Tally(), time.perf_counter()
    for number in range(requests):
        await ask(client, tally, number)
        await asyncio.sleep(0.02)
    return tally.report("idle", time.perf_counter() - began)


async def open_loop(client: Client, rate: int, seconds: int) -> dict[str, object]:
    """`rate` requests a second, sent when they are due whether or not the ones before are answered."""
    tally, began = Tally(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(rate * seconds):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(ask(client, tally, number))
    return tally.report(f"open loop, {rate}/s", time.perf_counter() - began)


@contextlib.contextmanager
def own_system(auth: str) -> Iterator[Settings]:
    """Broker, worker and API of this bench alone."""
    from tests.api.system import running

    with tempfile.TemporaryDirectory(prefix="hms-ach-bench-api-") as folder, running(Path(folder), auth=auth) as system:
        yield system.settings


async def measure(settings: Settings, rate: int, seconds: int) -> None:
    """Warm up, then both parts; a JSON line each."""
    client = Client(settings)
    await idle(client, 20)
    for report in (await idle(client, 200), await open_loop(client, rate, seconds)):
        print(json.dumps(report), flush=True)
    client.close()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser("python -m bench.api")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--auth", choices=("on", "off"), default="on", help="Of the system that it starts.")
    parser.add_argument("--rate", type=int, default=400)
    parser.add_argument("--seconds", type=int, default=10)
    asked = parser.parse_args()
    with contextlib.nullcontext(running_settings(data_dir=asked.data)) if asked.data else own_system(asked.auth) as settings:
        asyncio.run(measure(settings, asked.rate, asked.seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
