"""Text tables with named columns: `a | b`, a heading first, an empty cell where there is nothing."""


def columns(table: str) -> list[list[str]]:
    """The lines below the heading, cut at bars that stand between blanks."""
    _, *lines = [line for line in table.strip().splitlines() if line.strip()]
    return [[cell.strip() for cell in f" {line} ".split(" | ")] for line in lines]
