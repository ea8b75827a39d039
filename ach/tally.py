"""Running totals of a batch or a file: what its control record must say."""

from ach.records import AnyEntry
from ach.routing import entry_hash, is_digits
from ach.transaction_codes import is_debit


class Tally:
    """Counts and sums; the only mutable thing in a reading, so it stays small."""

    __slots__ = ("addenda", "credit_cents", "debit_cents", "entries", "rdfi_sum")

    def __init__(self) -> None:
        """All zero."""
        self.entries = 0
        self.addenda = 0
        self.debit_cents = 0
        self.credit_cents = 0
        self.rdfi_sum = 0

    @property
    def records(self) -> int:
        """Entry and addenda records together, as both controls count them."""
        return self.entries + self.addenda

    def add_entry(self, entry: AnyEntry) -> None:
        """Count an entry with its addenda."""
        self.entries += 1
        self.addenda += len(entry.addenda)
        identification = entry.rdfi_identification
        self.rdfi_sum += int(identification) if is_digits(identification) else 0
        if is_debit(entry.transaction_code):
            self.debit_cents += entry.amount_cents
        else:
            self.credit_cents += entry.amount_cents

    def add_batch(self, batch: "Tally", stated_hash: int | None = None) -> None:
        """Count a batch; its hash counts as its control states it, so that one error is reported once."""
        self.entries += batch.entries
        self.addenda += batch.addenda
        self.debit_cents += batch.debit_cents
        self.credit_cents += batch.credit_cents
        self.rdfi_sum += entry_hash(batch.rdfi_sum) if stated_hash is None else stated_hash
