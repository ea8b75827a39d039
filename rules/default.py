"""The rule book that ships."""

from importlib.resources import files


def default_book_text() -> str:
    """TOML text of the default book."""
    return files("rules").joinpath("default.toml").read_text(encoding="utf-8")
