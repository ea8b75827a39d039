"""CREDIT, a client and the bank, as a system of processes hears them, and how to await what it says."""

import json
import time
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final
from uuid import uuid4

import httpx2
from confluent_kafka import Producer

from tests.api.system import System

URL: Final = "/api/v1/payments/initiate"
_numbers = count()


def warm_up(system: System) -> None:
    """The worker has its partitions when it decides."""
    deadline = time.monotonic() + 60
    while ask(system).status_code != 201:
        assert time.monotonic() < deadline, "nothing is decided"


def ask(system: System, key: str = "", account: str = "", **changes: str) -> httpx2.Response:
    body = {
        "patient_id": "patient-1",
        "hospital_id": "hospital-1",
        "amount": "1000.00",
        "credit_reference": account or f"credit-{next(_numbers)}",
        "direction": "preapproval",
        **changes,
    }
    return system.client.post(URL, json=body, headers={"Idempotency-Key": key or str(uuid4())})


def tell(system: System, topic: str, kind: str, account: str, **data: Any) -> None:
    """One event of CREDIT or the bank, through Kafka."""
    producer = Producer({"bootstrap.servers": system.broker.bootstrap, "partitioner": "murmur2_random"})
    event = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/test",
        "type": kind,
        "time": datetime.now(UTC).isoformat(),
        "data": {"credit_reference": account, **data},
    }
    producer.produce(topic, json.dumps(event).encode(), account.encode())
    assert producer.flush(20) == 0


def eventually(system: System, path: str, **wanted: object) -> dict[str, Any]:
    """The answer once it says what is wanted."""
    deadline = time.monotonic() + 60
    said: dict[str, Any] = {}
    while time.monotonic() < deadline:
        answer = system.client.get(path)
        said = answer.json()
        if answer.status_code == 200 and wanted.items() <= said.items():
            return said
        time.sleep(0.1)
    raise AssertionError(f"{path} still says {said}")
