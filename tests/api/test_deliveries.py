"""Requests to send webhooks again; what the lists say is tested on the real engine."""

import pytest
from confluent_kafka import KafkaError, KafkaException
from fastapi.testclient import TestClient

from api.deliveries import Asks, Deliveries
from tests.api.ledger_fake import World

URL = "/api/v1/webhooks/deliveries/replay"
RANGE = {"from": "2026-03-02T14:00:00Z", "to": "2026-03-02T15:00:00-05:00"}


def test_a_replay_is_asked_for_by_range(client: TestClient, world: World) -> None:
    asked = {**RANGE, "credit_reference": "CR-1", "undelivered_only": True, "requested_by": "alice"}
    answer = client.post(URL, json=asked)
    assert (answer.status_code, answer.json()) == (202, {"request_id": "replay-1"})
    ((found, by),) = world.replays
    assert (found.since.hour, found.until.utctimetuple().tm_hour) == (14, 20)
    assert (found.credit_reference, found.undelivered_only, by) == ("CR-1", True, "alice")


REFUSED = """
change                                     pointer
from 2026-03-03T00:00:00Z                  #/to
from 2026-03-02T14:00:00                   #/from
from 2026-02-30T14:00:00Z                  #/from
to -                                       #/to
credit_reference a b                       #/credit_reference
outcome all                                #/outcome
"""


@pytest.mark.parametrize("line", REFUSED.strip().splitlines()[1:])
def test_a_range_that_is_none_is_refused(line: str, client: TestClient, world: World) -> None:
    change, pointer = line.rsplit(None, 1)
    name, value = change.strip().split(" ", 1)
    asked = {**RANGE, "requested_by": "alice", name: value.strip()}
    if value.strip() == "-":
        del asked[name]
    answer = client.post(URL, json=asked)
    assert answer.status_code == 422
    assert pointer in {each["pointer"] for each in answer.json()["errors"]}
    assert not world.replays


def test_somebody_has_to_ask(client: TestClient, world: World) -> None:
    """While nobody is signed in the request says who it is; `tests.api.auth` has the rest."""
    assert client.post(URL, json=RANGE).status_code == 422
    assert not world.replays


def test_going_on_after_a_410_is_asked_for(client: TestClient) -> None:
    assert client.post("/api/v1/webhooks/enable", json={"requested_by": "alice"}).json() == {"request_id": "enabled by alice"}


def test_without_kafka_the_answer_is_503(client: TestClient, world: World) -> None:
    def refuse(*_asked: object) -> str:
        raise KafkaException(KafkaError(KafkaError._ALL_BROKERS_DOWN))

    world.app.state.deliveries = Deliveries(world.services.lists, Asks(refuse, refuse))
    answer = client.post(URL, json={**RANGE, "requested_by": "alice"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


@pytest.mark.parametrize("path", ["/api/v1/webhooks/deliveries", "/api/v1/notifications/deliveries"])
def test_a_log_without_attempts_is_an_empty_page(path: str, client: TestClient) -> None:
    assert client.get(path, params={"outcome": "failed"}).json() == {"deliveries": [], "next": None}
    assert client.get(path, params={"outcome": "lost"}).status_code == 422
