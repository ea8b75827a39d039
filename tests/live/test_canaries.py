"""Canaries: unmistakable personal data goes through the real pipeline and is searched for everywhere afterwards (faults, row 52)."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType
from joserfc.jwk import ECKey

from cli.rail import cut_now
from journal import topics
from journal.keys import jwe
from journal.keys.sealer import Sealer, Unopened
from journal.keys.store import KeyStore
from ledger.seal import context, header_of, subject_of
from sinks.clickhouse.database import Database
from tests.api.system import API, WORKER, System, running

pytestmark = pytest.mark.live
RAIL: Final = "sinks.ach"
PATIENT, OTHER = "patient-canary", "patient-other"
NAME, NUMBER, PHONE, EMAIL = "Kanarienvogel Roe", "CNRY4711081599", "+12025550147", "kanarienvogel@example.org"
CARD, STRAY = "4111111111111111", "STRAYCANARY0815"
CANARIES: Final = tuple(text.encode() for text in (NAME, NUMBER, PHONE, EMAIL, CARD))
ACCOUNT = {"routing_number": "021000021", "account_number": NUMBER, "name": NAME}
SEALED: Final = re.compile(rb"eyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){4}")
WAIT_S: Final = 90.0


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("canaries"), decision_wait_ms=10_000, ach_sandbox=True) as system:
        system.start(RAIL)
        yield system


def until(what: str, condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.3)


def ask(system: System, key: str, **changes: Any) -> Any:
    body = {
        "patient_id": PATIENT,
        "hospital_id": "hospital-1",
        "amount": "125.00",
        "credit_reference": f"credit-{PATIENT}",
        "direction": "disbursement",
        "bank_account": ACCOUNT,
        **changes,
    }
    return system.client.post("/api/v1/payments/initiate", json=body, headers={"Idempotency-Key": key})


def post(system: System, path: str, **body: Any) -> Any:
    return system.client.post(f"/api/v1/{path}", json={"requested_by": "olga", **body}).json()


def credit(system: System) -> Producer:
    return Producer({"bootstrap.servers": system.settings.kafka_bootstrap, "partitioner": "murmur2_random"})


def send(system: System, kind: str, account: str, data: dict[str, Any], identity: str) -> None:
    event = {"specversion": "1.0", "id": identity, "source": "/credit", "type": kind, "time": "2026-11-20T10:00:00Z"}
    producer = credit(system)
    producer.produce(topics.PAYMENTS, json.dumps({**event, "data": {"credit_reference": account, **data}}).encode(), account.encode())
    assert producer.flush(10) == 0


def everything(system: System) -> dict[str, list[bytes]]:
    """Key, value and headers of every message on every topic, unpacked: segments are compressed, their bytes prove nothing."""
    consumer = Consumer(
        {
            "bootstrap.servers": system.settings.kafka_bootstrap,
            "group.id": "canaries",
            "enable.partition.eof": True,
            "enable.auto.commit": False,
        }
    )
    found: dict[str, list[bytes]] = {}
    wanted = {spec.name for spec in topics.specs()}
    for name, topic in consumer.list_topics(timeout=10).topics.items():
        reading = {(name, number) for number in topic.partitions} if name in wanted else set()
        consumer.assign([TopicPartition(name, number, 0) for name, number in reading])
        while reading:
            message = consumer.poll(10)
            assert message is not None, f"{name} gives nothing"
            error = message.error()
            if error is not None:
                assert error.code() == KafkaError._PARTITION_EOF
                reading.discard((str(message.topic()), message.partition() or 0))
                continue
            parts: list[Any] = [message.key(), message.value()]
            parts += [part for pair in message.headers() or () for part in pair]
            found.setdefault(name, []).append(b"\0".join(part if isinstance(part, bytes) else str(part).encode() for part in parts))
    consumer.close()
    return found


def tables(system: System) -> dict[str, bytes]:
    """Every row of every table. ClickHouse's files are compressed, too."""
    with Database(system.settings) as database:
        client = database.client()
        name = system.settings.clickhouse_database
        names = [
            row[0]
            for row in client.query(f"SELECT name FROM system.tables WHERE database = '{name}' AND engine LIKE '%MergeTree'").result_rows
        ]
        return {table: client.raw_query(f"SELECT * FROM {name}.{table} FORMAT JSONEachRow") for table in names}


def files(system: System) -> dict[str, bytes]:
    """Every file in the folder as it lies there, but for what goes to the bank: its files name accounts, that is what they are for."""
    skipped = {system.folder / "ach"}
    return {
        str(path.relative_to(system.folder)): path.read_bytes()
        for path in system.folder.rglob("*")
        if path.is_file() and not skipped & set(path.parents)
    }


def hms(system: System, *words: str) -> str:
    given = {f"HMS_{name.upper()}": str(getattr(system.settings, name)) for name in system.settings.model_fields_set}
    done = subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", *words],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def in_clear(where: dict[str, Any], *canaries: bytes) -> list[tuple[str, bytes]]:
    wanted = canaries or CANARIES
    return [
        (name, canary)
        for name, held in where.items()
        for piece in (held if isinstance(held, list) else [held])
        for canary in wanted
        if canary in piece
    ]


def sealed_texts(found: dict[str, list[bytes]], patient: str) -> set[str]:
    texts = {text.decode() for pieces in found.values() for piece in pieces for text in SEALED.findall(piece)}
    return {text for text in texts if (header := header_of(text)) is not None and subject_of(header.kid) == patient}


def openable(sealer: Sealer, texts: set[str]) -> int:
    opened = 0
    for text in texts:
        header = header_of(text)
        assert header is not None
        event, field, subject = header.ctx.split("|")
        opened += not isinstance(sealer.open(text, event, field, subject), Unopened)
    return opened


def test_no_canary_is_found_in_clear_and_after_the_erasure_none_can_be_opened(system: System) -> None:
    until("the pipeline decides", lambda: ask(system, "warm-up", patient_id=OTHER, credit_reference="credit-other").status_code == 201)
    answers = [ask(system, f"pay-{number}") for number in range(3)]
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    paid = [answer.json()["transaction_id"] for answer in answers]
    key = post(system, f"subjects/{PATIENT}/key")
    for purpose, contact in (("sms", PHONE), ("email", EMAIL)):
        ctx = context("consent.changed.v1", "contact", PATIENT)
        sealed = jwe.seal_to(ECKey.import_key(dict(key)), key["kid"], ctx, contact.encode())
        data = {"patient_id": PATIENT, "purpose": purpose, "granted": True, "contact": sealed}
        send(system, "consent.changed.v1", f"credit-{PATIENT}", data, f"consent-{purpose}")

    # hostile: in the wrong field, in headers, in the URL, unsealed
    for number, changes in enumerate(({"instrument": NUMBER}, {"patient_id": EMAIL}, {"reference": CARD}, {"hospital_id": CARD})):
        assert ask(system, f"hostile-{number}", **{"bank_account": None, **changes}).status_code == 422
    assert ask(system, EMAIL).status_code == 400
    assert system.client.get(f"/api/v1/payments/{NUMBER}/status", headers={"traceparent": NAME, "X-Canary": PHONE}).status_code == 404
    assert system.client.post("/api/v1/payments/initiate", content=f'{{"name": "{NAME}"'.encode()).status_code in {400, 415}
    # a producer that sends an account in the clear: its own record stays in its own topic, and nothing of ours repeats it
    data = {"patient_id": PATIENT, "hospital_id": "hospital-1", "amount": "1.00", "transaction_id": "stray", "instrument": STRAY}
    send(system, "payment.initiated.v1", "credit-stray", data, "stray")

    shown = post(system, f"payments/{paid[0]}/reveal", purpose="a disputed credit")
    assert (shown["account_number"], shown["name"]) == (NUMBER, NAME)
    (cut,) = cut_now(system.settings, WAIT_S)
    assert not cut.left_out
    outbox = b"".join(path.read_bytes() for path in (system.folder / "ach").rglob("*.ach"))
    assert outbox.count(NUMBER.encode()) == len(paid) + 1  # the other patient has the same bank account

    query = "from=2020-01-01&to=2020-12-31&basis=business_date"
    exports = {
        "csv": system.client.get(f"/api/v1/ledger?{query}&format=csv").content,
        "status": system.client.get(f"/api/v1/payments/{paid[0]}/status").content,
        "trace": system.client.get(f"/api/v1/payments/{paid[0]}/trace").content,
        "subject": system.client.get(f"/api/v1/subjects/{PATIENT}").content,
        "cells": system.client.get("/api/v1/ledger/deidentified?from=2026-01-01&to=2026-12-01").content,
        "dlq": hms(system, "dlq", "list", "--json").encode(),
    }
    assert list(csv.reader(io.StringIO(exports["csv"].decode())))[-1][0] == "end"
    cells = json.loads(exports["cells"])
    assert (cells["cells"], cells["suppressed_cells"] > 0) == ([], True)
    [letter] = json.loads(exports["dlq"])
    assert letter["code"] == "NOT_SEALED"

    found = everything(system)
    assert in_clear({**found, **exports}) == []
    assert {name for name, _ in in_clear(found, STRAY.encode())} == {topics.PAYMENTS}
    assert in_clear(exports, STRAY.encode()) == []
    assert STRAY in hms(system, "dlq", "show", letter["letter"], "--purpose", "a test", "--json")
    mine, theirs = sealed_texts(found, PATIENT), sealed_texts(found, OTHER)
    with KeyStore.of(system.settings) as store:
        sealer = Sealer(store)
        assert openable(sealer, mine) == len(mine) == 5
        assert openable(sealer, theirs) == len(theirs) == 1
        wrapped = [version.key.wrapped for version in store.keys_of(PATIENT)]

    # the master key is rotated and forgotten under way (faults, row 54)
    hms(system, "privacy", "rotate-master")
    assert json.loads(hms(system, "privacy", "rewrap", "--forget", "--json").splitlines()[0])["forgotten"] == ["m1"]
    assert json.loads(hms(system, "privacy", "status", "--json").splitlines()[0])["keys"] == {"m2": 2}
    assert post(system, f"payments/{paid[0]}/reveal", purpose="a disputed credit") == shown
    with KeyStore.of(system.settings) as store:
        wrapped += [version.key.wrapped for version in store.keys_of(PATIENT)]
    assert len(set(wrapped)) == 2

    # a payment is under way: the erasure waits; what the bank refuses is under way no longer
    until("ClickHouse has the account", lambda: post(system, f"subjects/{PATIENT}/erase")["accounts"])
    assert not post(system, f"subjects/{PATIENT}/erase")["complete"]
    for transaction_id in paid:
        send_bank(system, f"credit-{PATIENT}", transaction_id)
    until("the erasure is complete", lambda: post(system, f"subjects/{PATIENT}/erase", ticket="case-7")["complete"])
    assert ask(system, "after").status_code == 422
    with KeyStore.of(system.settings) as store:
        sealer = Sealer(store)
        mine = sealed_texts(everything(system), PATIENT)
        assert (len(mine), openable(sealer, mine), openable(sealer, theirs)) == (5, 0, 1)

    compact(system)
    until("the wrapped key is off the disk", lambda: not holds(system, wrapped))
    verified = json.loads(hms(system, "verify", "--json").splitlines()[0])
    assert verified["ok"], verified["findings"]

    for module in (RAIL, API, WORKER):
        system.stop(module, within_s=30)
    assert in_clear(tables(system)) == []
    on_disk = files(system)
    assert {name for name in on_disk if name.endswith(".log") and "/" not in name} == {f"{module}.log" for module in (RAIL, API, WORKER)}
    assert in_clear(on_disk) == []


def send_bank(system: System, account: str, transaction_id: str) -> None:
    """The bank did not take the entry."""
    event = {
        "specversion": "1.0",
        "id": f"failed-{transaction_id}",
        "source": "/bank",
        "type": "payment.failed.v1",
        "time": "2026-11-21T10:00:00Z",
    }
    data = {"credit_reference": account, "transaction_id": transaction_id, "reason": "the file was rejected"}
    producer = credit(system)
    producer.produce(topics.SETTLEMENTS, json.dumps({**event, "data": data}).encode(), account.encode())
    assert producer.flush(10) == 0


def compact(system: System) -> None:
    """Have the broker do within seconds what `journal.topics` gives it an hour for."""
    admin = AdminClient({"bootstrap.servers": system.settings.kafka_bootstrap})
    entries = [
        ConfigEntry(name, "1000", incremental_operation=AlterConfigOpType.SET)
        for name in ("max.compaction.lag.ms", "segment.ms", "delete.retention.ms")
    ]
    resource = ConfigResource(ResourceType.TOPIC, topics.SUBJECT_KEYS, incremental_configs=entries)
    for future in admin.incremental_alter_configs([resource]).values():
        future.result(10)


def holds(system: System, wrapped: list[bytes]) -> bool:
    """Whether one of the wrapped keys still lies in the broker's files; each look appends a record, as time would."""
    with KeyStore.of(system.settings) as store:
        store.beat(3600)
    raw = b"".join(
        path.read_bytes() for path in (system.folder / "broker").rglob("*") if path.is_file() and topics.SUBJECT_KEYS in str(path)
    )
    assert raw
    return any(b64encode(key) in raw for key in wrapped)
