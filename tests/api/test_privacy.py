"""Personal data at the edge: sealed before Kafka, refused in the wrong place, shown for a purpose, erased for good."""

import json
from typing import Any

import httpx2
import msgspec
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import ECKey

from journal.keys import jwe
from journal.keys.sealer import Unopened
from ledger.seal import context, header_of, why_not
from tests.api.ledger_fake import World
from tests.api.test_initiate import ask
from tests.ledger.columns import columns

EVENT, FIELD, PATIENT = "payment.initiated.v1", "instrument", "patient-1"
ACCOUNT = {"routing_number": "021000021", "account_number": "CANARY123456789", "name": "Canary Roe", "account_type": "savings"}
CTX = context(EVENT, FIELD, PATIENT)
ACCOUNTS = "UNION DISTINCT"
STANDING = "argMaxIf"


def sealed_to(key: dict[str, str], ctx: str = CTX, content: Any = ACCOUNT) -> str:
    return jwe.seal_to(ECKey.import_key(dict(key)), key["kid"], ctx, json.dumps(content).encode())


def published(world: World) -> Any:
    return json.loads(world.ledger.published[-1])["data"]


def test_an_account_in_the_clear_leaves_sealed(client: TestClient, world: World) -> None:
    answer = ask(client, bank_account=ACCOUNT)
    assert answer.status_code == 201
    told = b"".join(world.ledger.published + world.ledger.records) + answer.content
    assert b"CANARY" not in told
    assert b"Canary" not in told
    data = published(world)
    assert "bank_account" not in data
    assert why_not(data["instrument"], EVENT, FIELD, PATIENT) == ""
    opened = world.personal.sealer.open(data["instrument"], EVENT, FIELD, PATIENT)
    assert not isinstance(opened, Unopened)
    assert json.loads(opened) == ACCOUNT


def test_a_repeat_in_the_clear_is_a_repeat_and_another_account_is_not(client: TestClient, world: World) -> None:
    assert ask(client, bank_account=ACCOUNT).status_code == 201
    again = ask(client, bank_account=ACCOUNT)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    other = ask(client, bank_account={**ACCOUNT, "account_number": "1"})
    assert other.status_code == 422
    assert other.json()["type"].endswith("idempotency-key-reused")
    bodies = {json.loads(value)["data"]["body_sha256"] for value in world.ledger.published}
    assert len(bodies) == 2


def test_what_is_sealed_to_the_house_is_sealed_anew_to_the_patient(client: TestClient, world: World) -> None:
    house = client.get("/api/v1/privacy/key").json()
    sent = sealed_to(house)
    assert ask(client, instrument=sent).status_code == 201
    header = header_of(published(world)["instrument"])
    assert header is not None
    assert (header.kid.rpartition(".")[0], header.ctx) == (PATIENT, CTX)


def test_what_is_sealed_to_the_patients_key_goes_as_it_is(client: TestClient, world: World) -> None:
    key = client.post(f"/api/v1/subjects/{PATIENT}/key").json()
    assert key == client.post(f"/api/v1/subjects/{PATIENT}/key").json()
    sent = sealed_to(key)
    assert ask(client, instrument=sent).status_code == 201
    assert published(world)["instrument"] == sent


REFUSED = """
what is sent                          | pointer        | what is said
bank_account, a wrong check digit     | #/bank_account | the routing number's check digit is wrong
both                                  | #/bank_account | send it sealed or in the clear, not both
house, for another patient            | #/instrument   | cannot be opened, or is no bank account
house, no bank account                | #/instrument   | cannot be opened, or is no bank account
another patient's key                 | #/instrument   | sealed with a key of another subject
the patient's key, another field      | #/instrument   | sealed for another place (ctx)
the patient's key, no bank account    | #/instrument   | is no bank account
a key that nobody has                 | #/instrument   | there is no such key
the patient's key, a flipped bit      | #/instrument   | the text was changed
a JWE without a header of ours        | #/instrument   | not a JWE in compact serialization
"""


@pytest.mark.parametrize(("what", "pointer", "said"), columns(REFUSED))
def test_refused_instruments(client: TestClient, world: World, what: str, pointer: str, said: str) -> None:
    house = client.get("/api/v1/privacy/key").json()
    mine = client.post(f"/api/v1/subjects/{PATIENT}/key").json()
    theirs = client.post("/api/v1/subjects/patient-2/key").json()
    bodies: dict[str, dict[str, Any]] = {
        "bank_account, a wrong check digit": {"bank_account": {**ACCOUNT, "routing_number": "021000022"}},
        "both": {"bank_account": ACCOUNT, "instrument": sealed_to(mine)},
        "house, for another patient": {"instrument": sealed_to(house, context(EVENT, FIELD, "patient-2"))},
        "house, no bank account": {"instrument": sealed_to(house, content={"card": 1})},
        "another patient's key": {"instrument": sealed_to(theirs)},
        "the patient's key, another field": {"instrument": sealed_to(mine, context(EVENT, "contact", PATIENT))},
        "the patient's key, no bank account": {"instrument": sealed_to(mine, content=["x"])},
        "a key that nobody has": {"instrument": sealed_to({**mine, "kid": f"{PATIENT}.0000"})},
        "the patient's key, a flipped bit": {"instrument": sealed_to(mine)[:-3] + "AAA"},
        "a JWE without a header of ours": {"instrument": "eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn"},
    }
    answer = ask(client, **bodies[what])
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"] == [{"detail": said, "pointer": pointer}]
    assert world.ledger.published == []


PERSONAL = """
field            | value                | said
patient_id       | jane@example.org     | an e-mail address may not stand here
patient_id       | 078-05-1120          | a social security number may not stand here
credit_reference | 4111111111111111     | a card number may not stand here
reference        | card:4111111111111111 | a card number may not stand here
client_reference | 212-555-0147         | a telephone number may not stand here
hospital_id      | 378282246310005      | a card number may not stand here
"""


@pytest.mark.parametrize(("field", "value", "said"), columns(PERSONAL))
def test_tokens_that_give_somebody_away_are_refused(client: TestClient, world: World, field: str, value: str, said: str) -> None:
    answer = ask(client, **{field: value})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"detail": said, "pointer": f"#/{field}"}]
    assert value not in answer.text
    assert world.ledger.published == []


def test_an_idempotency_key_is_nobody(client: TestClient) -> None:
    for key in ("4111111111111111", "jane@example.org"):
        answer = ask(client, key=key)
        assert (answer.status_code, key in answer.text) == (400, False)


def test_a_broker_that_does_not_take_keys_seals_nothing(client: TestClient, world: World) -> None:
    world.topic.write_fails = True
    answer = ask(client, bank_account=ACCOUNT)
    assert answer.status_code == 503
    assert world.ledger.published == []


def change(client: TestClient, what: str, **body: Any) -> httpx2.Response:
    return client.post(f"/api/v1/subjects/{PATIENT}/{what}", json={"requested_by": "olga", "ticket": "case-7", **body})


def reveal(client: TestClient, transaction_id: str, **body: Any) -> httpx2.Response:
    return client.post(f"/api/v1/payments/{transaction_id}/reveal", json={"requested_by": "olga", "purpose": "a disputed debit", **body})


def paid(client: TestClient, world: World, amount: str = "15000.01") -> str:
    """A payment with an instrument; the default one is declined, so that nothing is under way."""
    answer = ask(client, bank_account=ACCOUNT, amount=amount)
    assert answer.status_code == 201, answer.text
    world.store.stored[ACCOUNTS] = [("credit-1",)]
    transaction_id: str = answer.json()["transaction_id"]
    return transaction_id


def test_an_account_is_shown_for_a_purpose_that_is_journalled_first(client: TestClient, world: World) -> None:
    transaction_id = paid(client, world)
    answer = reveal(client, transaction_id)
    assert answer.json() == {"transaction_id": transaction_id, **ACCOUNT}
    last = msgspec.json.decode(world.ledger.records[-1])[8][0]
    assert last[3] == "subject.revealed.v1"
    assert last[6] == [["subject-revealed", PATIENT, "instrument", transaction_id, "a disputed debit", "olga", ""]]


def test_nothing_is_shown_without_a_purpose_or_before_the_ledger_answers(client: TestClient, world: World) -> None:
    transaction_id = paid(client, world)
    for purpose in ("", "call jane at 212-555-0147"):
        assert reveal(client, transaction_id, purpose=purpose).status_code == 422
    assert reveal(client, "unknown").status_code == 404
    world.ledger.decides = False
    answer = reveal(client, transaction_id)
    assert answer.status_code == 503
    assert "CANARY" not in answer.text


def test_erasure_destroys_the_key_and_a_repeat_changes_nothing(client: TestClient, world: World) -> None:
    transaction_id = paid(client, world)
    sealed = published(world)["instrument"]
    for outcome in ("done", "already"):
        answer = change(client, "erase")
        assert answer.json() == {
            "patient_id": PATIENT,
            "complete": True,
            "accounts": [{"credit_reference": "credit-1", "outcome": outcome, "reason": ""}],
        }
    assert world.personal.sealer.open(sealed, EVENT, FIELD, PATIENT) is Unopened.ERASED
    assert reveal(client, transaction_id).status_code == 409
    assert ask(client, key="new", bank_account=ACCOUNT).status_code == 422
    assert ask(client, key="newer").json()["detail"] == "The ledger refused the payment: SUBJECT_ERASED."
    assert client.post(f"/api/v1/subjects/{PATIENT}/key").status_code == 422
    said = client.get(f"/api/v1/subjects/{PATIENT}").json()
    assert (said["sealed"], said["erased_by"]) == (False, "olga")


def test_an_open_payment_defers_the_erasure_and_it_is_finished_later(client: TestClient, world: World) -> None:
    transaction_id = paid(client, world, "100.00")
    sealed = published(world)["instrument"]
    for _ in range(2):
        answer = change(client, "erase").json()
        assert (answer["complete"], answer["accounts"][0]["outcome"]) == (False, "deferred")
    assert not isinstance(world.personal.sealer.open(sealed, EVENT, FIELD, PATIENT), Unopened)
    assert reveal(client, transaction_id).status_code == 200
    assert world.personal.sealer.store.erasure(PATIENT) is None


def test_the_latest_word_for_each_purpose_is_told(client: TestClient, world: World) -> None:
    paid(client, world)
    world.store.stored["FROM consents"] = [("credit-1", "sms", False, "3", "NY", 1_772_460_000_000)]
    assert client.get(f"/api/v1/subjects/{PATIENT}").json()["consents"] == [
        {
            "credit_reference": "credit-1",
            "purpose": "sms",
            "granted": False,
            "version": "3",
            "jurisdiction": "NY",
            "at": "2026-03-02T14:00:00Z",
        }
    ]
    assert world.store.asked[-1][1] == {"accounts": ["credit-1"]}


def test_the_log_tells_who_looked_and_says_when_it_is_cut(client: TestClient, world: World) -> None:
    at_ms = 1_772_460_000_000
    line = (at_ms, "revealed", PATIENT, "credit-1", "olga", "case-7", "a disputed debit", "t-1")
    world.store.stored["FROM subjects\nWHERE"] = [line, (at_ms, "hold_began", PATIENT, "credit-1", "olga", "", "", "")]
    whole = client.get("/api/v1/privacy/log", params={"patient_id": PATIENT}).json()
    assert (len(whole["lines"]), whole["more"]) == (2, False)
    assert (whole["lines"][0]["by"], whole["lines"][0]["purpose"]) == ("olga", "a disputed debit")
    cut = client.get("/api/v1/privacy/log", params={"what": "revealed", "limit": 1}).json()
    assert (len(cut["lines"]), cut["more"]) == (1, True)
    assert world.store.asked[-1][1] == {"patient": "", "what": "revealed", "limit": 2}
    assert client.get("/api/v1/privacy/log", params={"what": "stolen"}).status_code == 422
    assert client.get("/api/v1/privacy/log", params={"patient_id": "078-05-1120"}).status_code == 422


def test_a_legal_hold_refuses_the_erasure(client: TestClient, world: World) -> None:
    paid(client, world)
    assert change(client, "hold", held=True).json()["complete"]
    assert change(client, "erase").status_code == 409, "the tables do not know of the hold yet"
    world.store.stored[STANDING] = [("credit-1", "", True)]
    assert client.get(f"/api/v1/subjects/{PATIENT}").json()["accounts"] == [
        {"credit_reference": "credit-1", "state": "", "legal_hold": True}
    ]
    assert world.personal.sealer.store.erasure(PATIENT) is None
    assert change(client, "hold", held=False).json()["complete"]
    assert change(client, "erase").json()["complete"], "the journal says that the hold is over; the tables do not know yet"


def test_who_is_not_known_is_neither_held_nor_erased(client: TestClient, world: World) -> None:
    for answer in (change(client, "hold", held=True), change(client, "erase")):
        assert (answer.status_code, answer.json()["detail"]) == (404, "Nothing is known of this patient.")
    assert world.personal.sealer.store.erasure(PATIENT) is None


def test_an_account_that_the_tables_do_not_have_yet_is_held_and_erased_too(client: TestClient, world: World) -> None:
    paid(client, world)
    del world.store.stored[ACCOUNTS]
    for what, body in (("hold", {"held": True}), ("hold", {"held": False}), ("erase", {})):
        accounts = change(client, what, **body).json()["accounts"]
        assert [(account["credit_reference"], account["outcome"]) for account in accounts] == [("credit-1", "done")]
