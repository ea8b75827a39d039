"""Writes the contracts into `docs/`: `python -m api.contract`. A test holds the committed files to what the code says."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.app import create_app
from api.asyncapi import asyncapi
from api.marks import GUIDE, renewed
from api.schemas import event_schemas

FOLDER = Path(__file__).resolve().parent.parent / "docs"


def documents() -> Mapping[str, Any]:
    """Every generated document, by its path in the folder."""
    return {
        "openapi.json": create_app().openapi(),
        "asyncapi.json": asyncapi(),
        **{f"schemas/{kind}.json": schema for kind, schema in event_schemas().items()},
    }


def text(document: Any) -> str:
    """A document as it is committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write what differs, remove schemas of events that are gone, and name each file that changed."""
    wanted = {FOLDER / name: text(document) for name, document in documents().items()}
    wanted[FOLDER / GUIDE] = renewed((FOLDER / GUIDE).read_text(encoding="utf-8"))
    for path in (FOLDER / "schemas").glob("*.json"):
        if path not in wanted:
            path.unlink()
            sys.stdout.write(f"removed {path.relative_to(FOLDER.parent)}\n")
    for path, content in wanted.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(FOLDER.parent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
