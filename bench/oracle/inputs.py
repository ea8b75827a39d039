"""I1: every input is in the journal exactly once, and ends in exactly one place: posted, refused, or dead-lettered."""

from collections import Counter

from bench.oracle.contract import CLOCK
from bench.oracle.evidence import Evidence, event_of
from bench.oracle.journal import Chain, Group
from bench.oracle.kafka import Raw
from bench.oracle.report import Finding, Violations

_REASONS = ("__connect.errors.", "hms_error_code")
_CUT, _CUT_HASH = "hms_truncated_from_bytes", "hms_value_sha256"
"""Headers of a letter too large to be kept whole: its beginning is."""
_NOTE = "hms_letter"
"""Header of a note that a letter was dealt with."""


def check(evidence: Evidence) -> Finding:
    """The finding."""
    bad = Violations("I1", "every input is journalled exactly once; inputs = posted + refused + dead-lettered")
    groups = [group for chain in evidence.chains.values() for group in chain.groups]
    seen = Counter((group.topic, group.partition, group.offset) for group in groups)
    for place, count in seen.items():
        at = f"{place[0]}[{place[1]}]@{place[2]}"
        bad.add_if(count > 1, f"{at} is in the journal {count} times")
        bad.add_if(place not in evidence.inputs, f"{at} is in the journal, but not among the inputs")
    silent = 0
    for place, raw in evidence.inputs.items():
        if place in seen:
            continue
        if _may_be_silent(raw):
            silent += 1
        else:
            bad.add(f"{raw.place} ({event_of(raw).get('type', 'no event')}) is not in the journal")
    for group in groups:
        bad.add_if(not group.whole, f"the effects of {group.place} are not numbered without gaps")
    for chain in evidence.chains.values():
        _check_order(chain, bad)
        _check_positions(chain, bad)
    outcomes = Counter(group.outcome for group in groups)
    bad.counted = {
        "inputs": len(evidence.inputs),
        **{name: outcomes[name] for name in ("posted", "refused", "dead")},
        "ticks with nothing due": silent,
        "records": sum(len(chain.records) for chain in evidence.chains.values()),
        "strays": sum(chain.strays for chain in evidence.chains.values()),
    }
    total = sum(outcomes.values()) + silent
    bad.add_if(total != len(evidence.inputs), f"{len(evidence.inputs)} inputs, but {total} outcomes")
    return bad.finding()


def check_letters(evidence: Evidence) -> Finding:
    """The finding about dead letters; a letter may be there twice, for it is written before the journal speaks of it."""
    bad = Violations("I1 dead", "every dead-lettered input lies in the dead-letter topic with its own bytes, and nothing else does")
    dead = {
        (group.topic, group.partition, group.offset): group
        for chain in evidence.chains.values()
        for group in chain.groups
        if group.outcome == "dead"
    }
    found = set()
    for letter in evidence.letters:
        if _NOTE in dict(letter.headers):
            continue
        place = _origin(letter)
        if place is None or place not in dead:
            bad.add(f"{letter.place} is a letter of {place}, which the journal does not call dead")
            continue
        found.add(place)
        _check_letter(letter, evidence.inputs.get(place), dead[place], bad)
    for place in dead.keys() - found:
        bad.add(f"{place[0]}[{place[1]}]@{place[2]} is dead in the journal, but there is no letter")
    bad.counted = {"dead": len(dead), "letters": len(evidence.letters)}
    return bad.finding()


def _may_be_silent(raw: Raw) -> bool:
    """A tick with nothing due leaves no trace but the position of a later record."""
    return raw.topic == CLOCK and event_of(raw).get("type") == "tick.v1"


def _check_order(chain: Chain, bad: Violations) -> None:
    """Within one topic the journal keeps the order of the inputs."""
    last: dict[str, int] = {}
    for group in chain.groups:
        before = last.get(group.topic, -1)
        bad.add_if(group.offset <= before, f"{group.place} comes after offset {before} in the journal")
        last[group.topic] = max(before, group.offset)


def _check_positions(chain: Chain, bad: Violations) -> None:
    """The positions in the records never go back, and at the end they lie behind every journalled event."""
    last: dict[str, int] = {}
    for record in chain.records:
        for topic, position in zip(record.sources, record.next, strict=True):
            before = last.get(topic, -1)
            bad.add_if(position < before, f"record {record.sequence} of partition {chain.partition}: {topic} goes back to {position}")
            last[topic] = position
    for group in chain.groups:
        behind = last.get(group.topic, -1)
        bad.add_if(group.offset >= behind, f"{group.place} is journalled, but the last position of its topic is {behind}")


def _origin(letter: Raw) -> tuple[str, int, int] | None:
    told = {name: value or b"" for name, value in letter.headers}
    try:
        return (
            told["__connect.errors.topic"].decode(),
            int(told["__connect.errors.partition"]),
            int(told["__connect.errors.offset"]),
        )
    except (KeyError, ValueError):
        return None


def _check_letter(letter: Raw, original: Raw | None, group: Group, bad: Violations) -> None:
    if original is None:
        return
    if dict(letter.headers).get(_CUT) == str(len(original.value or b"")).encode():
        original = original._replace(key=_start(original.key, letter.key), value=_start(original.value, letter.value), headers=())
    own = tuple(header for header in letter.headers if not header[0].startswith((*_REASONS, _CUT, _CUT_HASH)))
    theirs = tuple(header for header in original.headers if not header[0].startswith(_REASONS))
    bad.add_if((letter.key, letter.value, own) != (original.key, original.value, theirs), f"{letter.place} differs from {original.place}")
    bad.add_if(letter.partition != original.partition, f"{letter.place} is not in the partition of {original.place}")
    code = dict(letter.headers).get("hms_error_code") or b""
    bad.add_if(code.decode() != group.facts[0].values["code"], f"{letter.place} says {code!r}, the journal {group.facts[0].values['code']}")


def _start(whole: bytes | None, kept: bytes | None) -> bytes | None:
    return whole[: len(kept)] if whole is not None and kept is not None else whole
