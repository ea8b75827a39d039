"""What is wrong with a rule book: values with a line, never exceptions, so that every error is told at once."""

from msgspec import Struct


class LintError(Struct, frozen=True, order=True):
    """One error in the text of a rule book."""

    line: int
    """line in the text, from 1; 1 when the text as a whole is meant"""
    where: str
    """the table and key, e.g. `rule hard-limit, when`"""
    message: str

    def __str__(self) -> str:
        """The error as one line for a terminal: `line 12, rule hard-limit, when: …`."""
        return f"line {self.line}, {self.where}: {self.message}"
