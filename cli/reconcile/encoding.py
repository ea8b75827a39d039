"""What a file's bytes mean: UTF-8 if they are that, UTF-16 if they say so, else the Windows code page that most older exports have."""

import codecs
import gzip
import io
from pathlib import Path
from typing import BinaryIO, TextIO

CHUNK = 1 << 20
WINDOWS = "cp1252"


def open_text(path: Path) -> tuple[TextIO, str]:
    """The file as text, unpacked when it is a .gz, and the name of its encoding. Raises OSError."""
    with _open(path) as file:
        name = _encoding(file)
    return io.TextIOWrapper(_open(path), encoding=name, errors="replace", newline=""), name


def _open(path: Path) -> BinaryIO:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]  # GzipFile reads like one


def _encoding(file: BinaryIO) -> str:
    """Every byte is looked at once: a single accent in the last row decides as well."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    chunk = file.read(CHUNK)
    if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        while chunk:
            decoder.decode(chunk)
            chunk = file.read(CHUNK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return WINDOWS
    return "utf-8-sig"
