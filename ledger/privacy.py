"""What keeps personal data out of the ledger: an event whose marked fields are not what their mark says is no event.

The checks follow from the marks in the models. A reason names the field and the kind of data, never the data.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, get_args, get_type_hints

from msgspec import Meta, Struct

from ledger import events
from ledger.personal import FREE_TEXT, PSEUDONYM, REFERENCE, SEALED_KINDS, found_in, found_in_token, holds_card_number
from ledger.seal import why_not
from ledger.wire import BadInput, Unreadable

_BANKS: Final = (
    events.PaymentSubmitted,
    events.PaymentSettled,
    events.PaymentReturned,
    events.PaymentFailed,
    *get_args(events.DepositEvent),
    *get_args(events.DisputeEvent),
)
"""A bank's words may name trace and file numbers; losing its event for them would lose money. Card numbers are refused there as well."""
_Check = Callable[[str, Any], Unreadable | None]
_NUMBER_LENGTHS: Final = frozenset({11, 12})
"""078-05-1120 and 212-555-0147"""


def marked(model: type) -> Iterator[tuple[str, str]]:
    """The marked fields of a model, by name, with their kinds; those of a list's items as `list[].field`."""
    for name, hint in get_type_hints(model, include_extras=True).items():
        kind = next((found for found in _kinds(hint)), "")
        if kind:
            yield name, kind
        for item in _items(hint):
            for inner, inner_kind in marked(item):
                yield f"{name}[].{inner}", inner_kind


def breach(event: events.AccountEvent) -> Unreadable | None:
    """Why the event must not be posted: personal data where none may be, or unsealed; None for every other event."""
    checks = _CHECKS.get(type(event))
    if checks is None:
        return None
    data = event.data
    for name, check in checks:
        value = getattr(data, name)
        if value and (found := check(value, data)) is not None:
            return found
    return None


def _kinds(hint: Any) -> Iterator[str]:
    for meta in getattr(hint, "__metadata__", ()):
        if isinstance(meta, Meta) and meta.extra:
            yield meta.extra["personal"]


def _items(hint: Any) -> Iterator[type]:
    for argument in get_args(hint):
        if isinstance(argument, type) and issubclass(argument, Struct):
            yield argument
        else:
            yield from _items(argument)


def _sealed(event_type: str, name: str, _kind: str) -> _Check:
    def check(value: str, data: Any) -> Unreadable | None:
        why = why_not(value, event_type, name, getattr(data, "patient_id", ""))
        return Unreadable(BadInput.NOT_SEALED, f"{why} - at `$.data.{name}`") if why else None

    return check


def _pseudonym(_event_type: str, name: str, _kind: str) -> _Check:
    def check(value: str, _: Any) -> Unreadable | None:
        suspicious = "@" in value or len(value) in _NUMBER_LENGTHS or value.isdigit()
        found = found_in_token(value) if suspicious else ""
        return _told(found, f"$.data.{name}")

    return check


def _reference(_event_type: str, name: str, _kind: str) -> _Check:
    def check(value: str, _: Any) -> Unreadable | None:
        return _told("a card number", f"$.data.{name}") if holds_card_number(value) else None

    return check


def _free_text(_event_type: str, name: str, _kind: str) -> _Check:
    def check(value: str, _: Any) -> Unreadable | None:
        return _told(found_in(value), f"$.data.{name}")

    return check


def _each(field: str, name: str) -> _Check:
    def check(values: Any, _: Any) -> Unreadable | None:
        for number, item in enumerate(values):
            if holds_card_number(getattr(item, name)):
                return _told("a card number", f"$.data.{field}[{number}].{name}")
        return None

    return check


def _told(found: str, where: str) -> Unreadable | None:
    if not found:
        return None
    code = BadInput.CARD_NUMBER if found == "a card number" else BadInput.PERSONAL_DATA
    return Unreadable(code, f"{found} stands at `{where}`")


_MAKERS: Final[dict[str, Callable[[str, str, str], _Check]]] = {
    **dict.fromkeys(SEALED_KINDS, _sealed),
    PSEUDONYM: _pseudonym,
    REFERENCE: _reference,
    FREE_TEXT: _free_text,
}


def _checks_of(event: type) -> Sequence[tuple[str, _Check]]:
    event_type = str(event.__struct_config__.tag)  # type: ignore[attr-defined]
    found = []
    for path, kind in marked(get_type_hints(event)["data"]):
        name, _, inner = path.partition("[].")
        if inner:
            found.append((name, _each(name, inner)))
        else:
            make = _reference if kind == FREE_TEXT and event in _BANKS else _MAKERS[kind]
            found.append((name, make(event_type, name, kind)))
    return tuple(found)


_CHECKS: Final = {event: checks for event in get_args(events.AccountEvent) if (checks := _checks_of(event))}
