"""Whether a message may go: consent, night, caps, repeats, age. Faults 56 and 57."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from sinks.notifications.contacts import NoContacts, SandboxContacts
from sinks.notifications.courier import NotificationCourier, Policy
from sinks.notifications.hours import Quiet, Zones
from sinks.outbox.courier import Drop, Later, Send
from sinks.outbox.due import Due
from sinks.outbox.events import Attempt
from tests.sinks.notifications.carried import Kept

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
POLICY = Policy("Payment service", "", Quiet.of("21:00-08:00"), Zones("America/New_York", {}), 3, timedelta(hours=24))


def courier(**changes: object) -> NotificationCourier:
    carriers = {"sms": Kept(), "email": Kept()}
    return NotificationCourier(POLICY, changes.get("contacts", SandboxContacts()), changes.get("carriers", carriers))  # type: ignore[arg-type]


def notification(number: int = 1, account: str = "CR-1", at: datetime = NOON, partition: int = 0, **changes: object) -> Due:
    data = {"template": "approved", "channel": "sms", "transaction_id": f"t-{number}", "patient_id": "p-1", "amount": "1.00", **changes}
    value = {"id": f"n-{number}", "type": "notification.due.v1", "subject": account, "time": at, "data": data}
    return Due(partition, number, f"n-{number}", "notification.due.v1", account, msgspec.json.encode(value))


def consent(granted: bool, account: str = "CR-1", purpose: str = "sms") -> Due:
    value = {"id": "c", "type": "consent.recorded.v1", "subject": account, "data": {"purpose": purpose, "granted": granted}}
    return Due(0, 99, "c", "consent.recorded.v1", account, msgspec.json.encode(value))


def told(due: Due, outcome: str = "delivered", **changes: object) -> Attempt:
    data = msgspec.json.decode(due.value)["data"]
    fields = {
        "credit_reference": due.account,
        "delivery_id": due.id,
        "partition": 0,
        "offset": due.offset,
        "number": 1,
        "outcome": outcome,
        **{name: data[name] for name in ("transaction_id", "channel", "template", "patient_id")},
        **changes,
    }
    return msgspec.convert(fields, Attempt)


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


CONSENTS = """
heard after the message                verdict
-                                      send
sms withdrawn                          consent withdrawn
sms withdrawn, sms given               send
sms given, sms withdrawn               consent withdrawn
email withdrawn                        send
sms withdrawn of another account       send
"""


@pytest.mark.parametrize("line", CONSENTS.strip().splitlines()[1:])
def test_a_consent_withdrawn_since_stops_it(line: str) -> None:
    heard, verdict = (part.strip() for part in line.split("  ", 1))
    tried = courier()
    for each in heard.split(", ") if heard != "-" else ():
        words = each.split()
        assert tried.parcel(consent(words[1] == "given", "CR-2" if "another" in words else "CR-1", words[0])) is None
    found = tried.admit(notification(), ms(NOON))
    assert found == (Send() if verdict == "send" else Drop("suppressed", verdict))


TIMES = """
channel   decided           now               verdict
sms       2026-03-02T17:00  2026-03-02T17:00  send
sms       2026-03-02T17:00  2026-03-03T17:00  send
sms       2026-03-02T17:00  2026-03-03T17:01  too late to be of use
sms       2026-03-03T01:00  2026-03-03T02:30  later 2026-03-03T13:00
email     2026-03-03T01:00  2026-03-03T02:30  send
sms       2026-03-02T17:05  2026-03-02T17:00  later 2026-03-02T17:05
"""


@pytest.mark.parametrize("line", TIMES.strip().splitlines()[1:])
def test_night_and_age(line: str) -> None:
    channel, decided, now, verdict = line.split(None, 3)
    at, asked = (datetime.fromisoformat(f"{text}+00:00") for text in (decided, now))
    found = courier().admit(notification(at=at, channel=channel), ms(asked))
    match verdict.split():
        case ["send"]:
            assert found == Send()
        case ["later", until]:
            assert found == Later(ms(datetime.fromisoformat(f"{until}+00:00")))
        case _:
            assert found == Drop("suppressed", verdict)


def test_a_message_may_be_due_later() -> None:
    begins = NOON + timedelta(days=5)
    due = notification(not_before=begins)
    assert courier().admit(due, ms(NOON)) == Later(ms(begins))
    assert courier().admit(due, ms(begins)) == Send()


def test_the_cap_counts_a_day_of_one_patient_and_channel() -> None:
    tried = courier()
    for number in range(1, 4):
        due = notification(number)
        assert tried.admit(due, ms(NOON)) == Send()
        tried.remember(told(due), NOON)
    assert tried.admit(notification(4), ms(NOON)) == Drop("suppressed", "3 messages today already")
    assert tried.admit(notification(4, channel="email"), ms(NOON)) == Send()
    assert tried.admit(notification(4, patient_id="p-2"), ms(NOON)) == Send()
    tomorrow = NOON + timedelta(hours=23)
    assert tried.admit(notification(4), ms(tomorrow)) == Send()


def test_the_cap_holds_for_a_patient_with_two_accounts_at_once() -> None:
    tried = courier()
    first, second = notification(1, "CR-1", partition=0), notification(2, "CR-2", partition=1)
    assert tried.admit(first, ms(NOON)) == Send()
    assert isinstance(tried.admit(second, ms(NOON)), Later)
    assert tried.admit(first, ms(NOON)) == Send()
    tried.remember(told(first, "failed"), NOON)
    assert tried.admit(second, ms(NOON)) == Send()


def test_the_same_is_not_said_twice() -> None:
    tried = courier()
    tried.remember(told(notification(1)), NOON)
    again = notification(2, transaction_id="t-1")
    assert tried.admit(again, ms(NOON)) == Drop("suppressed", "said already")
    other = notification(3, transaction_id="t-1", template="failed")
    assert tried.admit(other, ms(NOON)) == Send()
    tried.remember(told(other), NOON)
    late = NOON + timedelta(days=3)
    assert tried.admit(notification(4, transaction_id="t-2", at=late), ms(late)) == Send()


def test_what_cannot_be_delivered_says_why() -> None:
    assert courier(carriers={}).admit(notification(), ms(NOON)) == Drop("undeliverable", "nobody carries sms")
    assert courier(contacts=NoContacts()).admit(notification(), ms(NOON)) == Drop("undeliverable", "no sms contact is known")
    assert courier().admit(notification(template="birthday"), ms(NOON)) == Drop("undeliverable", "there is no message birthday")
