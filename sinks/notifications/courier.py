"""Messages to patients as an outbox sees them: whether one may go is asked at the last moment."""

import time
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta, Struct

from sinks.notifications.carrier import Carrier
from sinks.notifications.contacts import Contacts
from sinks.notifications.hours import Quiet, Zones
from sinks.notifications.templates import compose
from sinks.notifications.told import Told
from sinks.outbox.courier import Answer, Drop, Later, Parcel, Send, Verdict
from sinks.outbox.due import Due
from sinks.outbox.events import SUPPRESSED, UNDELIVERABLE, Attempt

_DUE: Final = "notification.due.v1"
_CONSENT: Final = "consent.recorded.v1"
_ASK_MS = 500


class _Said(Struct):
    template: str
    channel: str
    transaction_id: str
    patient_id: str
    not_before: Annotated[datetime, Meta(tz=True)] | None = None
    hospital_id: str = ""
    contact: str = ""


class _Notification(Struct):
    time: Annotated[datetime, Meta(tz=True)]
    data: _Said


class _Consent(Struct):
    purpose: str
    granted: bool


class _ConsentRecorded(Struct):
    data: _Consent


_decode = msgspec.json.Decoder(_Notification).decode
_decode_consent = msgspec.json.Decoder(_ConsentRecorded).decode


class Policy(NamedTuple):
    """The house's rules for messages."""

    sender: str
    help_at: str
    quiet: Quiet
    zones: Zones
    cap: int
    """messages of one channel to one patient on one day"""
    age_max: timedelta


class NotificationCourier:
    """Takes messages to patients; one patient's messages of one channel one after the other, so that they can be counted.

    The ledger asked for consent when it decided. A consent withdrawn since stands behind the message in the same partition of the outbox,
    which is read to its end before anything goes.
    """

    def __init__(self, policy: Policy, contacts: Contacts, carriers: dict[str, Carrier]) -> None:
        self._policy = policy
        self._contacts = contacts
        self._carriers = carriers
        self._told = Told()
        self._withdrawn: set[tuple[str, str]] = set()
        self._under_way: dict[str, str] = {}

    def parcel(self, due: Due) -> Parcel | None:
        """The message's names; None for a consent, which is taken in. Raises msgspec.MsgspecError for what cannot be read."""
        if due.type == _CONSENT:
            said = _decode_consent(due.value).data
            (self._withdrawn.discard if said.granted else self._withdrawn.add)((due.account, said.purpose))
            return None
        if due.type != _DUE:
            return None
        data = _decode(due.value).data
        return Parcel(data.transaction_id, data.channel, data.template, data.patient_id)

    def key(self, due: Due) -> str:
        """Patient and channel."""
        data = _decode(due.value).data
        return f"{data.patient_id}/{data.channel}"

    def receiver(self, due: Due) -> str:
        """The carrier's name; empty where there is none for this channel."""
        carrier = self._carriers.get(_decode(due.value).data.channel)
        return carrier.name if carrier is not None else ""

    def sends_to(self, receiver: str) -> bool:
        """Whether one of the carriers has this name."""
        return any(carrier.name == receiver for carrier in self._carriers.values())

    def admit(self, due: Due, now_ms: int) -> Verdict:
        """Whether it may go now. Refused, in this order: no consent any more, too late, said before, too many, nobody to carry it, no
        such message, nobody known; put off: not yet due, night."""
        event, now = _decode(due.value), datetime.fromtimestamp(now_ms / 1000, UTC)
        data, policy = event.data, self._policy
        begins = data.not_before or event.time
        if (due.account, data.channel) in self._withdrawn:
            return Drop(SUPPRESSED, "consent withdrawn")
        if begins > now:
            return Later(_ms(begins))
        if now - begins > policy.age_max:
            return Drop(SUPPRESSED, "too late to be of use")
        if self._told.said(data.patient_id, data.channel, data.transaction_id, data.template):
            return Drop(SUPPRESSED, "said already")
        today = policy.zones.day(now, data.hospital_id)
        lately = self._told.lately(data.patient_id, data.channel, now)
        if sum(policy.zones.day(at, data.hospital_id) == today for at in lately) >= policy.cap:
            return Drop(SUPPRESSED, f"{policy.cap} messages today already")
        if data.channel not in self._carriers:
            return Drop(UNDELIVERABLE, f"nobody carries {data.channel}")
        if compose(data.template, data.channel, data.transaction_id, policy.sender, policy.help_at) is None:
            return Drop(UNDELIVERABLE, f"there is no message {data.template}")
        if self._contacts.find(data.patient_id, data.channel, data.contact) is None:
            return Drop(UNDELIVERABLE, f"no {data.channel} contact is known")
        night_ends = policy.quiet.end(now, policy.zones.of(data.hospital_id)) if data.channel == "sms" else None
        if night_ends is not None:
            return Later(_ms(night_ends))
        # a patient with accounts in several partitions: one at a time, so that the cap counts what is under way
        if self._under_way.setdefault(self.key(due), due.id) != due.id:
            return Later(now_ms + _ASK_MS)
        return Send()

    def remember(self, attempt: Attempt, at: datetime) -> None:
        """For caps and against repeats."""
        self._told.remember(attempt, at)
        key = f"{attempt.patient_id}/{attempt.channel}"
        if self._under_way.get(key) == attempt.delivery_id:
            del self._under_way[key]

    async def send(self, due: Due, _now: datetime) -> Answer:
        """Hand it to the carrier. Consent, hours and caps were asked a moment ago by `admit`."""
        data = _decode(due.value).data
        contact = self._contacts.find(data.patient_id, data.channel, data.contact)
        message = compose(data.template, data.channel, data.transaction_id, self._policy.sender, self._policy.help_at)
        if contact is None or message is None:  # the file of contacts has changed this very moment
            return Answer(UNDELIVERABLE, reason=f"no {data.channel} contact is known")
        began = time.monotonic()
        answer = await self._carriers[data.channel].carry(due.id, contact, message)
        return answer._replace(duration_ms=max(1, int((time.monotonic() - began) * 1000)))

    async def close(self) -> None:
        """Close the carriers."""
        for carrier in self._carriers.values():
            await carrier.close()


def _ms(at: datetime) -> int:
    return -int(-at.timestamp() * 1000 // 1)
