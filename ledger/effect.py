"""What all effects have in common."""

from msgspec import Struct


class Effect(Struct, frozen=True, array_like=True, gc=False, tag_field="kind"):
    """Base of all effects."""
