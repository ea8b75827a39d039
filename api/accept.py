"""Which of our media types a caller likes best (RFC 9110, 12.5.1)."""

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def preferred(accept: str, offered: Mapping[str, T]) -> T | None:
    """What belongs to the best of the offered media types; the first one when all are equally liked, None when none is."""
    ranges = [_range(part) for part in accept.split(",")]
    best, best_quality = None, 0.0
    for media_type, value in offered.items():
        quality = max(((exactness, weight) for exactness, weight in (_fit(media_type, *each) for each in ranges)), default=(0, 0.0))[1]
        if quality > best_quality:
            best, best_quality = value, quality
    return best


def _range(part: str) -> tuple[str, float]:
    name, *parameters = part.split(";")
    weight = 1.0
    for parameter in parameters:
        key, _, value = parameter.strip().partition("=")
        if key.lower() == "q":
            try:
                weight = min(max(float(value), 0.0), 1.0)
            except ValueError:
                weight = 0.0
    return name.strip().lower(), weight


def _fit(media_type: str, wanted: str, weight: float) -> tuple[int, float]:
    """How exactly a range names the type, and its weight; the most exact range counts."""
    if wanted == media_type:
        return 3, weight
    if wanted == f"{media_type.partition('/')[0]}/*":
        return 2, weight
    return (1, weight) if wanted == "*/*" else (0, 0.0)
