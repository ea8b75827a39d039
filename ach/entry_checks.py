"""Checks of an entry within its batch: codes, receiver, amount, trace number, discretionary data.

Each check is a function of the entry and of the batch as it stands so far; `CHECKS` is their order. Source: Nacha
Operating Rules, Appendix Three; what each entry class allows is in `ach.sec`.
"""

from collections.abc import Callable, Iterator

from ach.addenda_checks import check_addenda, check_codes
from ach.findings import Finding
from ach.open_batch import Category, OpenBatch, category_of
from ach.problems import Rule
from ach.records import AdvEntry, AnyEntry, Entry, IatEntry
from ach.routing import check_digit, is_digits
from ach.sec import PRENOTE, REVERSAL, WITHOUT_MONEY
from ach.transaction_codes import TRANSACTION_CODES, Use

OFFSET = "OFFSET"
"""name of the entry that balances a batch; it may stand in a batch of returns"""
CARD_TRANSACTION_TYPES = frozenset({"01", "02", "03", "11", "12", "13", "21", "99"})


def check_transaction_code(entry: AnyEntry, batch: OpenBatch) -> Iterator[Finding]:
    """Known, fit for the service class, fit for the entry class."""
    code = TRANSACTION_CODES.get(entry.transaction_code)
    text = f"{entry.transaction_code:02}"
    if code is None:
        yield Finding(Rule.TRANSACTION_CODE, "transaction_code", "is no transaction code", text)
        return
    if (code.use is Use.ADVICE) != (batch.sec == "ADV") and batch.sec:
        yield Finding(Rule.TRANSACTION_CODE_FOR_SEC, "transaction_code", f"does not belong in {batch.sec}", text)
        return
    service_class = batch.header.service_class_code if batch.header else 200
    wrong = {220: code.is_debit, 225: not code.is_debit, 280: batch.sec != "ADV"}.get(service_class, False)
    if wrong:
        message = f"does not fit service class {service_class}"
        yield Finding(Rule.TRANSACTION_CODE_FOR_CLASS, "transaction_code", message, text)
    if batch.entry_class is None or category_of(entry) is not Category.FORWARD or batch.description == REVERSAL:
        if batch.sec == "COR" and code.use is not Use.RETURN:
            yield Finding(Rule.TRANSACTION_CODE_FOR_SEC, "transaction_code", "must be one of a return", text)
        return
    moves = batch.entry_class.moves
    if (moves == "D" and not code.is_debit) or (moves == "C" and code.is_debit):
        kind = "debits" if moves == "D" else "credits"
        yield Finding(Rule.TRANSACTION_CODE_FOR_SEC, "transaction_code", f"{batch.sec} holds {kind} only", text)
    elif moves == "0" and code.code not in WITHOUT_MONEY[batch.sec]:
        allowed = ", ".join(map(str, WITHOUT_MONEY[batch.sec]))
        yield Finding(Rule.TRANSACTION_CODE_FOR_SEC, "transaction_code", f"{batch.sec} holds {allowed} only", text)


def check_rdfi(entry: AnyEntry, batch: OpenBatch) -> Iterator[Finding]:  # noqa: ARG001 - one shape for all checks
    """The receiving institution's check digit."""
    expected = check_digit(entry.rdfi_identification)
    if entry.check_digit != str(expected):
        message = "does not belong to the routing number" if expected is None else f"should be {expected}"
        yield Finding(Rule.CHECK_DIGIT, "check_digit", message, entry.check_digit)


def check_receiver(entry: AnyEntry, batch: OpenBatch) -> Iterator[Finding]:
    """Account number, name and identification number, where they are mandatory."""
    if not entry.dfi_account_number:
        yield Finding(Rule.MANDATORY, "dfi_account_number", "is mandatory")
    if isinstance(entry, IatEntry):
        return
    if batch.marked("name") and not entry.individual_name.strip(" 0"):
        yield Finding(Rule.INDIVIDUAL_NAME, "individual_name", f"is mandatory in {batch.sec}")
    if isinstance(entry, Entry) and batch.marked("serial") and not entry.identification_number.strip():
        message = f"the check serial number is mandatory in {batch.sec}"
        yield Finding(Rule.IDENTIFICATION_NUMBER, "identification_number", message)


def check_amount(entry: AnyEntry, batch: OpenBatch) -> Iterator[Finding]:
    """Money where money moves, none in prenotes, notices and acknowledgments, and never over the class's limit."""
    code = TRANSACTION_CODES.get(entry.transaction_code)
    if code is None:
        return
    amount, text = entry.amount_cents, str(entry.amount_cents)
    category = category_of(entry)
    notice = category is Category.NOTICE_OF_CHANGE
    prenote = code.use in (Use.PRENOTE, Use.ZERO_DOLLAR) or batch.description == PRENOTE
    no_money = batch.entry_class is not None and batch.entry_class.moves == "0"
    if amount and (notice or prenote or no_money):
        yield Finding(Rule.AMOUNT_NOT_ZERO, "amount_cents", "must be zero in this entry", text)
    elif not amount and code.use is Use.LIVE and not (notice or prenote or no_money):
        yield Finding(Rule.AMOUNT_ZERO, "amount_cents", "must not be zero in this entry", text)
    limit = batch.entry_class.amount_max_cents if batch.entry_class else None
    if limit is not None and amount > limit and category is Category.FORWARD:
        yield Finding(Rule.AMOUNT_LIMIT, "amount_cents", f"{batch.sec} allows at most {limit}", text)


def check_trace(entry: AnyEntry, batch: OpenBatch) -> Iterator[Finding]:
    """Ascending within the batch, and beginning with its originating institution."""
    if isinstance(entry, AdvEntry):
        return
    trace = entry.trace_number
    if trace <= batch.last_trace:
        message = f"must be greater than the one before, {batch.last_trace}"
        yield Finding(Rule.TRACE_ASCENDING, "trace_number", message, trace)
    if batch.header is not None and trace[:8] != batch.header.odfi_identification:
        message = f"must begin with the batch's ODFI {batch.header.odfi_identification}"
        yield Finding(Rule.TRACE_ODFI, "trace_number", message, trace)


def check_discretionary_data(entry: AnyEntry, batch: OpenBatch) -> Iterator[Finding]:
    """Payment type (WEB, TEL), card transaction type (POS, SHR), number of addenda (CTX, ATX, TRX)."""
    if not isinstance(entry, Entry) or category_of(entry) is not Category.FORWARD:
        return
    data = entry.discretionary_data
    if batch.marked("payment") and data.strip() not in ("S", "R") and not batch.payment_type_seen:
        batch.payment_type_seen = True
        yield Finding(Rule.PAYMENT_TYPE, "discretionary_data", "the payment type must be S or R", data)
    if batch.marked("card") and data not in CARD_TRANSACTION_TYPES:
        yield Finding(Rule.CARD_TRANSACTION_TYPE, "discretionary_data", "is no card transaction type", data)
    if batch.marked("count"):
        stated, counted = entry.individual_name[:4], len(entry.addenda)
        if not is_digits(stated) or int(stated) != counted:
            message = f"begins with the number of addenda records, here {counted:04}"
            yield Finding(Rule.ADDENDA_COUNT, "individual_name", message)


def check_category(entry: AnyEntry, batch: OpenBatch) -> Iterator[Finding]:
    """Forward entries, returns and disputes each have batches of their own; notices of change may join any."""
    category = category_of(entry)
    if category is Category.NOTICE_OF_CHANGE or (isinstance(entry, Entry) and entry.individual_name == OFFSET):
        return
    if batch.category is not None and category is not batch.category:
        yield Finding(Rule.CATEGORY, "", f"a {category} entry in a batch of {batch.category} entries")


CHECKS: tuple[Callable[[AnyEntry, OpenBatch], Iterator[Finding]], ...] = (
    check_transaction_code,
    check_rdfi,
    check_receiver,
    check_amount,
    check_trace,
    check_discretionary_data,
    check_addenda,
    check_codes,
    check_category,
)


def check_entry(entry: AnyEntry, batch: OpenBatch) -> Iterator[Finding]:
    """Everything that is wrong with this entry, given the entries before it in its batch."""
    for check in CHECKS:
        yield from check(entry, batch)
