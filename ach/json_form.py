"""The JSON form of a file: every record with every field, and back without loss."""

import msgspec

from ach.records import File

_DECODER = msgspec.json.Decoder(File, strict=True)


def to_json(file: File) -> bytes:
    """The file as JSON: fields by their names, amounts in cents, a `type` where records have several forms."""
    return msgspec.json.encode(file)


def from_json(data: bytes) -> File:
    """The file in this JSON; ValueError saying where it is not the form that `to_json` gives."""
    try:
        return _DECODER.decode(data)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a Nacha file in JSON: {error}") from None
