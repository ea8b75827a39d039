"""Where a key of a TOML text stands: `tomllib` forgets line numbers, and an error without its line helps nobody.

The text has been accepted by `tomllib` before, so this scan needs to be right only for valid TOML.
"""

import re
from collections.abc import Mapping

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\"' -]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*[.=]")
_FENCES = ('"""', "'''")

Place = tuple[str, int, str]
"""table, its number among tables of this name, key; the key is empty for the table's own header"""


def line_index(text: str) -> Mapping[Place, int]:
    """Line number (from 1) of every table and key; plain tables and keys before the first table have number 0."""
    found: dict[Place, int] = {}
    counts: dict[str, int] = {}
    table, number, fence = "", 0, ""
    for line_number, line in enumerate(text.splitlines(), 1):
        inside, fence = fence, _fence_after(line, fence)
        if inside:
            continue
        if header := _HEADER.fullmatch(line):
            table = header[2].strip("\"'")
            number = counts.get(table, 0) if header[1] == "[[" else 0
            counts[table] = number + 1
            found[table, number, ""] = line_number
        elif key := _KEY.match(line):
            found.setdefault((table, number, key[1].strip("\"'")), line_number)
    return found


def _fence_after(line: str, fence: str) -> str:
    """The multi-line quote that is open after this line, given the one open before it."""
    at = 0
    while True:
        if fence:
            at = line.find(fence, at)
            if at < 0:
                return fence
            at, fence = at + 3, ""
        else:
            starts = [(line.find(f, at), f) for f in _FENCES if line.find(f, at) >= 0]
            if not starts:
                return ""
            at, fence = min(starts)
            at += 3
