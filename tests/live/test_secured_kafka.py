"""TLS, passwords and grants on a real broker: the programs run with the grants that `topics acl` prints, and nobody gets further."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import uuid4

import httpx2
import pytest
from confluent_kafka import Consumer, KafkaError, Message, Producer
from typer.testing import CliRunner

from cli.environment import reachable_settings, to_environment
from cli.errors import UserError
from cli.main import app
from cli.stack.ports import Ports
from journal import topics
from journal.settings import Settings
from tests.live.asking import ask
from tests.live.secured_kafka import Cluster, cluster

pytestmark = pytest.mark.live
PARTIES: Final = ("operator", "worker", "windows", "api", "credit", "bank")
PROGRAMS: Final = {"worker": "streams.worker", "windows": "streams.windows_worker", "api": "api.serve"}
WAIT_S: Final = 60.0


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The cluster with all grants, its topics made by the operator's command."""
    with cluster(tmp_path_factory.mktemp("kafka"), (*PARTIES, "stranger")) as made:
        for party in PARTIES:
            printed = CliRunner().invoke(app, ["topics", "acl", party, "--commands"])
            assert printed.exit_code == 0
            made.grant(printed.output.splitlines())
        applied = CliRunner(env=environment(made.settings("hms-operator"))).invoke(app, ["topics", "apply"])
        assert applied.exit_code == 0, applied.output
        yield made


def environment(settings: Settings) -> dict[str, str]:
    """What was said of this process and nothing else."""
    return {name: value for name, value in to_environment(settings).items() if name[4:].lower() in settings.model_fields_set}


@contextlib.contextmanager
def programs(kafka: Cluster) -> Iterator[str]:
    """Worker, windows and API, each as its own user; the API's address."""
    with Ports() as ports, contextlib.ExitStack() as running:
        api = kafka.settings("hms-api", api_port=ports.choose(0), auth="off", decision_wait_ms=20_000)
        children = []
        for party, module in PROGRAMS.items():
            settings = api if party == "api" else kafka.settings(f"hms-{party}")
            log = running.enter_context((kafka.folder / f"{party}.log").open("ab"))
            children.append(subprocess.Popen([sys.executable, "-m", module], env=to_environment(settings), stdout=log, stderr=log))
            running.callback(children[-1].wait, 20)
        for child in children:
            running.callback(child.terminate)
        yield api.api_url()


def until(condition: Callable[[], bool], kafka: Cluster) -> None:
    deadline = time.monotonic() + WAIT_S
    while not condition():
        logs = "\n".join((kafka.folder / f"{party}.log").read_text()[-2000:] for party in PROGRAMS)
        assert time.monotonic() < deadline, logs
        time.sleep(0.1)


def produced(settings: Settings, topic: str, key: bytes, value: bytes, partition: int) -> KafkaError | None:
    """What the broker said of one message."""
    said: list[KafkaError | None] = []
    producer = Producer(settings.kafka(partitioner="murmur2_random"))
    producer.produce(topic, value, key, partition, on_delivery=lambda error, _: said.append(error))
    producer.flush(20)
    return said[0]


@contextlib.contextmanager
def subscribed(settings: Settings, topic: str, group: str) -> Iterator[Consumer]:
    consumer = Consumer(settings.kafka(group_id=group, auto_offset_reset="earliest", isolation_level="read_committed"))
    try:
        consumer.subscribe([topic])
        yield consumer
    finally:
        consumer.close()


def heard(settings: Settings, topic: str, group: str, kafka: Cluster) -> Message:
    """The first message that a member of the group gets."""
    found: list[Message] = []
    with subscribed(settings, topic, group) as consumer:

        def there() -> bool:
            found.extend(message for message in consumer.consume(1, 1.0) if message.error() is None)
            return bool(found)

        until(there, kafka)
    return found[0]


def refused(settings: Settings, topic: str, group: str) -> int:
    """The error that a reader is told."""
    deadline = time.monotonic() + WAIT_S
    with subscribed(settings, topic, group) as consumer:
        while time.monotonic() < deadline:
            message = consumer.poll(1.0)
            if message is not None and (error := message.error()) is not None:
                return int(error.code())
    raise AssertionError("nothing was refused")


def test_every_program_does_its_work_with_its_own_grants_and_no_others(kafka: Cluster) -> None:
    """CREDIT asks through Kafka and hears the decision; what is no event is sealed, which takes a key; the windows note the payment; the
    API takes another one, and has the first."""
    credit = kafka.settings("hms-credit")
    with programs(kafka) as url, httpx2.Client(base_url=url, timeout=30) as client:
        assert produced(credit, *ask("CR-1", "T-1")) is None
        decided = json.loads(heard(credit, topics.DECISIONS, "credit-billing", kafka).value() or b"")
        assert (decided["type"], decided["data"]["credit_reference"]) == ("payment.status_changed.v1", "CR-1")
        assert produced(credit, topics.PAYMENTS, b"CR-1", b"no event", -1) is None
        operator = kafka.settings("hms-operator")
        assert dict(heard(operator, topics.DEAD_LETTERS, "any", kafka).headers() or ())["hms_error_code"] == b"MALFORMED_JSON"
        assert heard(operator, topics.WINDOWS, "any", kafka).value()

        def ready() -> bool:
            with contextlib.suppress(httpx2.HTTPError):
                return client.get("/readyz").status_code == 200
            return False

        until(ready, kafka)
        body = {"patient_id": "P1", "hospital_id": "H1", "amount": "10.00", "credit_reference": "CR-2", "direction": "preapproval"}
        answer = client.post("/api/v1/payments/initiate", json=body, headers={"Idempotency-Key": str(uuid4())})
        assert answer.status_code == 201, answer.text
        assert client.get("/api/v1/payments/T-1/status").status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kafka_password_file": "hms-bank"}, "Authentication failed"),
        ({"kafka_ca": "other-ca.crt"}, "broker certificate could not be verified"),
        ({"kafka_certificate": "foreign.crt", "kafka_key": "foreign.key"}, "SSL alert"),
        ({"kafka_tls": False}, "hangs up, as one that speaks TLS does"),
    ],
    ids=["another's password", "another authority", "a certificate of another authority", "no TLS"],
)
def test_who_is_not_let_in_is_told_why(kafka: Cluster, changes: dict[str, Any], sentence: str) -> None:
    files = {name: kafka.folder / value if isinstance(value, str) and name != "kafka_user" else value for name, value in changes.items()}
    given = kafka.settings("hms-credit", **files)
    with pytest.raises(UserError, match=f"Kafka at {kafka.bootstrap} does not answer us: .*{sentence}"):
        reachable_settings(**{name: getattr(given, name) for name in given.model_fields_set})


def test_a_party_without_a_grant_reads_and_writes_nothing(kafka: Cluster) -> None:
    bank, credit = kafka.settings("hms-bank"), kafka.settings("hms-credit")
    written = produced(bank, *ask("CR-1", "T-9"))
    assert written is not None
    assert written.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED
    assert refused(credit, topics.JOURNAL, "credit-billing") == KafkaError.TOPIC_AUTHORIZATION_FAILED
    assert refused(credit, topics.DECISIONS, topics.POSTER) == KafkaError.GROUP_AUTHORIZATION_FAILED
    checked = CliRunner(env=environment(kafka.settings("hms-stranger"))).invoke(app, ["topics", "check"])
    assert checked.exit_code == 1
    assert "topic ledger.journal.v1 is missing, or this user has no grant for it; create it with" in checked.output
