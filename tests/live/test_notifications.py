"""Messages to patients on a real broker, over a real mail server and a real gateway: killed in the middle, stopped by consent."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from journal import topics
from journal.failpoint import EXIT_CODE
from journal.keys.sealer import Sealer
from journal.keys.store import KeyStore
from sinks.notifications.contacts import EVENT, FIELD
from tests.live.outbox_world import OutboxWorld, running_broker, running_world, wait_until
from tests.sinks.notifications.test_sms import Gateway
from tests.sinks.notifications.test_smtp import Box

pytestmark = pytest.mark.live
LOG = topics.NOTIFICATION_DELIVERIES
SINK = "sinks.notifications"


@pytest.fixture(scope="module")
def bootstrap() -> Iterator[str]:
    with running_broker() as found:
        yield found


@pytest.fixture
def world(bootstrap: str) -> Iterator[OutboxWorld]:
    with running_world(bootstrap) as found:
        yield found


def due(world: OutboxWorld, number: int, channel: str, account: str = "", patient: str = "", contact: str = "") -> None:
    account = account or f"CR-{number}"
    data = {
        "template": "approved",
        "channel": channel,
        "transaction_id": f"tx-{number}",
        "patient_id": patient or f"p-{number}",
        "amount": "10.00",
        "currency": "USD",
        "not_before": None,
        "hospital_id": "h-1",
        "contact": contact,
    }
    world.publish(topics.NOTIFICATIONS, account, f"{channel}-{number}", "notification.due.v1", data)


def consent(world: OutboxWorld, account: str, granted: bool) -> None:
    world.publish(
        topics.NOTIFICATIONS, account, f"consent-{account}-{granted}", "consent.recorded.v1", {"purpose": "sms", "granted": granted}
    )


def outcomes(world: OutboxWorld) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for attempt in world.attempts(LOG):
        found.setdefault(attempt.delivery_id, []).append((attempt.outcome, attempt.reason))
    return found


def test_kills_lose_no_message_and_a_consent_withdrawn_in_the_meantime_stops_it(world: OutboxWorld) -> None:
    people = [{"patient_id": f"p-{n}", "sms": f"+1202555{n:04}", "email": f"p{n}@patients.example"} for n in range(100, 130)]
    contacts, token = world.folder / "contacts.jsonl", world.folder / "token"
    contacts.write_text("".join(json.dumps(each) + "\n" for each in people))
    token.write_text("token-1")
    for path in (contacts, token):
        path.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    box, gateway = Box(), Gateway(202, {})
    mail = Controller(box, hostname="127.0.0.1", port=port)
    with ExitStack() as stack:
        mail.start()
        stack.callback(mail.stop)
        url = stack.enter_context(gateway.running())
        options: dict[str, Any] = {
            "notify_smtp": f"127.0.0.1:{port}",
            "notify_smtp_tls": "none",
            "notify_sms_url": f"{url}/messages",
            "notify_sms_token_file": token,
            "notify_contacts": contacts,
            "notify_quiet": "00:00-00:00",
            "notify_cap": 2,
        }
        for number in range(100, 130):
            due(world, number, "sms")
            due(world, number, "email")
        due(world, 200, "sms")  # of nobody we know
        for number in (301, 302, 303):  # one patient, three accounts, a cap of two
            due(world, number, "sms", patient="p-100" if number < 303 else "p-101")
        consent(world, "CR-110", granted=False)
        consent(world, "CR-111", granted=False)
        consent(world, "CR-111", granted=True)
        with KeyStore.of(world.settings) as store:
            due(world, 400, "sms", contact=Sealer(store).seal("p-400", EVENT, FIELD, b"+12125550147"))
            due(world, 401, "sms", contact=Sealer(store).seal("p-400", EVENT, FIELD, b"+12125550147"))  # another one's
        for failpoint in ("outbox-after-send:2", "outbox-after-log:2"):
            with world.sink(SINK, failpoint=failpoint, **options) as sink:
                assert sink.wait(60) == EXIT_CODE, world.said()
        with world.sink(SINK, **options) as sink:
            wait_until(lambda: len(outcomes(world)) == 66, 60, lambda: (len(outcomes(world)), world.said()))
            sink.terminate()
            assert sink.wait(30) == 0, world.said()
    found = {identity: said[-1] for identity, said in outcomes(world).items()}
    assert found["sms-110"] == ("suppressed", "consent withdrawn")
    assert found["sms-200"] == ("undeliverable", "no sms contact is known")
    assert found["sms-401"] == ("undeliverable", "no sms contact is known")
    assert {body["to"] for _, _, body in gateway.taken if body["id"] == "sms-400"} == {"+12125550147"}
    assert sorted(found[f"sms-{n}"][0] for n in (100, 301, 302)) == ["delivered", "delivered", "suppressed"]
    rest = {
        identity: said
        for identity, said in found.items()
        if identity not in {"sms-110", "sms-200", "sms-401", "sms-100", "sms-301", "sms-302"}
    }
    assert set(rest.values()) == {("delivered", "")}
    texted = [body["id"] for _, _, body in gateway.taken]
    assert set(texted) == {identity for identity, said in found.items() if said[0] == "delivered" and identity.startswith("sms")}
    assert len(texted) - len(set(texted)) <= 16  # what was under way when it was killed, at most
    assert {envelope.rcpt_tos[0] for envelope in box.taken} == {each["email"] for each in people}
    assert not any("555" in attempt.reason or "example" in attempt.reason for attempt in world.attempts(LOG))
    assert "+1202555" not in world.said()
    assert "+1212555" not in world.said()
    assert "patients.example" not in world.said()


def test_one_process_sends_and_another_stands_by(world: OutboxWorld) -> None:
    """Caps are counted by patient over all accounts, so only one may send."""
    options: dict[str, Any] = {"notify_sandbox": True, "notify_quiet": "00:00-00:00"}
    with world.sink(SINK, **options) as first, world.sink(SINK, worker_index=1, **options):
        wait_until(lambda: "partitions []," in world.said(), 60, world.said)
        for number in range(5):
            due(world, number, "sms")
        wait_until(lambda: len(outcomes(world)) == 5, 60, world.said)
        first.terminate()
        assert first.wait(30) == 0, world.said()
        for number in range(5, 10):
            due(world, number, "sms")
        wait_until(lambda: len(outcomes(world)) == 10, 60, world.said)
    assert [said for said in outcomes(world).values() if said != [("delivered", "")]] == []
    lines = [json.loads(line) for line in (world.folder / "notifications.jsonl").read_text().splitlines()]
    assert sorted(line["id"] for line in lines) == sorted(f"sms-{number}" for number in range(10))
    assert all(line["to"].startswith("+12025550") for line in lines)
