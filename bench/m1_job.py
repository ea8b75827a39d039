"""Job M1 as a machine of the engine: settle payments against open balances, three alert rules, one output a payment.

A state is a dict of accounts; an account is [balances, payment times], a balance [id, reference, open cents]. The journal holds, for
every payment, the output itself (its effects), so the bytes that are journalled are the bytes that are published.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from confluent_kafka import Message

from journal.letter_box import Seal
from ledger.record import Record
from streams.engine.machine import Bad, Output, Position

OPEN_MAX = 20
WINDOW_MS = 60_000
LARGE_CENTS = 250_000
MANY = 5
FLAGGED = frozenset({"H03", "H07", "H11"})
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_MS = timedelta(milliseconds=1)

State = dict[str, list[Any]]


class Data(msgspec.Struct, gc=False):
    credit_reference: str
    hospital_id: str
    amount: str
    reference: str
    transaction_id: str = ""
    balance_id: str = ""


class Event(msgspec.Struct, gc=False):
    type: str
    time: str
    data: Data


class Allocation(msgspec.Struct, gc=False):
    balance_id: str
    cents: int


class Result(msgspec.Struct, gc=False):
    transaction_id: str
    credit_reference: str
    allocations: list[Allocation]
    residual_cents: int
    alerts: list[str]
    src: tuple[int, int]


class Entry(msgspec.Struct, array_like=True, gc=False):
    """An opened balance (`balance` set) or a payment (`result` is its output, else null)."""

    account: str
    at_ms: int
    balance: tuple[str, str, int] | None
    result: msgspec.Raw


_decode_event = msgspec.json.Decoder(Event).decode
_decode_result = msgspec.json.Decoder(Result).decode
_decode_record = msgspec.json.Decoder(Record[Entry]).decode
_decode_checkpoint = msgspec.json.Decoder(tuple[int, list[Any]]).decode
_NOTHING = msgspec.Raw(b"null")
_encode = msgspec.json.Encoder().encode
_seconds: dict[str, int] = {}


def cents(text: str) -> int:
    """Exact decimal string to cents."""
    whole, point, rest = text.partition(".")
    if not (whole.isdecimal() and whole.isascii() and (not point or (rest.isdecimal() and rest.isascii() and len(rest) <= 2))):
        raise ValueError(f"bad amount {text!r}")
    return int(whole) * 100 + (int(rest) * (10 if len(rest) == 1 else 1) if rest else 0)


def epoch_ms(text: str) -> int:
    """RFC 3339 to epoch milliseconds; whole seconds are remembered."""
    if len(text) == 24 and text[19] == "." and text[23] == "Z":
        second = text[:19]
        base = _seconds.get(second)
        if base is None:
            if len(_seconds) > 10_000:
                _seconds.clear()
            base = _seconds[second] = (datetime.fromisoformat(second + "+00:00") - _EPOCH) // _MS
        return base + int(text[20:23])
    return (datetime.fromisoformat(text) - _EPOCH) // _MS


class M1:
    """`streams.engine.machine.Machine` for job M1."""

    spreads = -1

    def __init__(self, run: str, source: str, output: str) -> None:
        self.name = f"m1.engine.{run}"
        self.sources: tuple[str, ...] = (source,)
        self.journal = f"m1.journal.{run}"
        self.checkpoints = f"m1.checkpoints.{run}"
        self.letters = f"m1.letters.{run}"
        self.seal: Seal = bytes  # made-up payments: nothing to hide
        self._output = output

    def open(self, partition: int) -> State:
        return {"": [partition]}

    def decode(self, state: State, source: int, message: Message) -> Event | Bad:
        try:
            return _decode_event(message.value())  # type: ignore[arg-type]
        except msgspec.MsgspecError as error:
            return Bad("MALFORMED", str(error))

    def apply(self, state: State, event: Event, position: Position, done: int) -> Iterable[Entry] | Bad:
        data = event.data
        name = data.credit_reference
        account = state.get(name)
        if event.type == "payment.settled.v1":
            if account is None:
                account = state[name] = [[], []]
            at_ms = epoch_ms(event.time)
            result = _settle(account, data, at_ms)
            result.src = (state[""][0], position.offset)
            return (Entry(name, at_ms, None, msgspec.Raw(_encode(result))),)
        if event.type == "balance.opened.v1":
            amount = cents(data.amount)
            if amount > 0 and (account is None or len(account[0]) < OPEN_MAX):
                if account is None:
                    account = state[name] = [[], []]
                account[0].append([data.balance_id, data.reference, amount])
                return (Entry(name, 0, (data.balance_id, data.reference, amount), _NOTHING),)
        return ()

    def dead(self, position: Position, bad: Bad) -> Entry:
        return Entry("", 0, None, _NOTHING)

    def replay(self, state: State, entry: Entry) -> None:
        account = state.get(entry.account)
        if account is None:
            account = state[entry.account] = [[], []]
        if entry.balance is not None:
            account[0].append(list(entry.balance))
        elif entry.account:
            taken = {part.balance_id: part.cents for part in _decode_result(entry.result).allocations}
            for balance in account[0]:
                balance[2] -= taken.get(balance[0], 0)
            account[0] = [balance for balance in account[0] if balance[2]]
            _remember(account, entry.at_ms)

    def effects(self, entry: Entry) -> int:
        return 1

    def account(self, entry: Entry) -> str:
        return entry.account

    def encode(self, entry: Entry) -> bytes:
        return _encode(entry)

    def decode_record(self, value: bytes) -> Record[Entry]:
        return _decode_record(value)

    def outputs(self, partition: int, sources: Sequence[str], entries: Sequence[Entry]) -> Iterator[Output]:
        topic = self._output
        for entry in entries:
            if entry.balance is None and entry.account:
                yield Output(topic, entry.account.encode(), bytes(entry.result))

    def snapshot(self, state: State, keys: Iterable[str]) -> Mapping[str, Any]:
        return {key: _encode(state[key]) for key in keys if key and key in state}

    def dump(self, sequence: int, value: Any) -> bytes:
        return _encode((sequence, msgspec.Raw(value)))

    def load(self, state: State, key: str, value: bytes) -> int:
        sequence, account = _decode_checkpoint(value)
        state[key] = account
        return sequence

    def tick(self, now_ms: int) -> None:
        return None


def _settle(account: list[Any], data: Data, at_ms: int) -> Result:
    balances: list[list[Any]] = account[0]
    amount = cents(data.amount)
    reference = data.reference
    hit = None
    if reference:
        for balance in balances:
            if balance[1] == reference and balance[2] >= amount:
                hit = balance
                break
    if hit is None:
        for balance in balances:
            if balance[2] == amount:
                hit = balance
                break
    rest = amount
    if hit is not None:
        allocations = [Allocation(hit[0], amount)]
        hit[2] -= amount
        rest = 0
        if not hit[2]:
            balances.remove(hit)
    else:
        allocations = []
        gone = 0
        for balance in balances:
            if not rest:
                break
            part = min(balance[2], rest)
            allocations.append(Allocation(balance[0], part))
            balance[2] -= part
            rest -= part
            gone += not balance[2]
        del balances[:gone]
    count = _remember(account, at_ms)
    alerts = []
    if amount > LARGE_CENTS:
        alerts.append("R1")
    if count > MANY:
        alerts.append("R2")
    if data.hospital_id in FLAGGED:
        alerts.append("R3")
    return Result(data.transaction_id, data.credit_reference, allocations, rest, alerts, (0, 0))


def _remember(account: list[Any], at_ms: int) -> int:
    """Payments in the window that ends now, this one included."""
    times: list[int] = account[1]
    low = at_ms - WINDOW_MS
    if times and times[0] <= low:
        times[:] = [moment for moment in times if moment > low]
    times.append(at_ms)
    return len(times)
