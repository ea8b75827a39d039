"""Which column means what. A mapping says it; without one the headers are guessed, and the guess is reported."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from ledger.reconcile import dates, figures


class Layout(Struct, frozen=True):
    """Column names of one file; empty means that there is none. `date_format` is a name of `dates.FORMATS`, `decimal` a mark."""

    id: str = ""
    date: str = ""
    amount: str = ""
    debit: str = ""
    """money out"""
    credit: str = ""
    """money in"""
    direction: str = ""
    """a column that says debit or credit beside an unsigned amount"""
    fee: str = ""
    currency: str = ""
    reference: tuple[str, ...] = ()
    party: str = ""
    """an identifier of the other party, such as patient_id"""
    name: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    date_format: str = ""
    decimal: str = ""
    minor_units: bool = False
    assumed: tuple[str, ...] = ()
    """what could not be read from the file for certain, in sentences"""


MONEY_OUT = frozenset({"DEBIT", "DR", "D", "DBIT", "OUT", "OUTFLOW", "WITHDRAWAL", "PAYMENT_OUT", "MONEY_OUT", "OUTGOING", "REFUND"})
MONEY_IN = frozenset({"CREDIT", "CR", "C", "CRDT", "IN", "INFLOW", "DEPOSIT", "PAYMENT_IN", "MONEY_IN", "INCOMING", "RECEIPT"})

_DATE = (
    "date", "transactiondate", "txndate", "trandate", "transdate", "bookingdate", "postingdate", "posteddate", "postdate", "entrydate",
    "paymentdate", "settlementdate", "settledate", "statementdate", "effectivedate", "valuedate", "duedate", "bookedat", "postedat",
    "settledat", "createdat", "occurredat", "transactiontime", "timestamp", "datetime", "time", "created", "day",
)  # fmt: skip
_AMOUNT = (
    "amount", "amt", "amountvalue",
    "transactionamount", "txnamount", "paymentamount", "settlementamount", "settledamount", "amountusd", "usdamount",
    "amountcents", "amountminor", "bankamount", "ledgeramount", "bookamount", "netamount", "net", "grossamount", "gross", "totalamount",
    "total", "value", "sum", "amountdue", "amountpaid", "paidamount", "openamount", "invoiceamount", "payoutamount", "payment",
)  # fmt: skip
_DEBIT = (
    "debit",
    "debitamount",
    "debits",
    "withdrawal",
    "withdrawals",
    "withdrawalamount",
    "moneyout",
    "paidout",
    "dr",
    "dramount",
    "outflow",
)
_CREDIT = ("credit", "creditamount", "credits", "deposit", "deposits", "depositamount", "moneyin", "paidin", "cr", "cramount", "inflow")
_DIRECTION = (
    "direction", "drcr", "crdr", "debitcredit", "creditdebit", "dc", "cdtdbtind", "side", "sign", "type", "transactiontype", "txntype",
    "entrytype",
)  # fmt: skip
_FEE = ("fee", "fees", "feeamount", "processingfee", "transactionfee", "processorfee", "bankfee", "commission")
_CURRENCY = ("currency", "ccy", "curr", "currencycode", "iso", "transactioncurrency", "amountcurrency")
_ID = (
    "id", "transactionid", "txnid", "transid", "tranid", "entryid", "lineid", "recordid", "rowid", "paymentid", "ledgerid", "bankid",
    "bankentryid", "ledgerentryid", "banktxnid", "ledgertxnid", "statementid", "statementlineid", "journalid", "uuid", "uid", "guid", "key",
)  # fmt: skip
_IDENTIFIER = re.compile(r"id$|identifier|unique|^key|uuid|guid|number$|_no$")
_PARTY = (
    "patientid",
    "customerid",
    "clientid",
    "payerid",
    "vendorid",
    "supplierid",
    "merchantid",
    "counterpartyid",
    "debtorid",
    "memberid",
)
_REFERENCE = re.compile(
    r"ref|invoice|order|trace|che(?:ck|que)|utr|rrn|endtoend|e2e|payout|batch|settlementid|external|document|docno|docnum|voucher|receipt"
    r"|bill(?:no|num|id)|correlation|charge(?:id)?$|paymentintent|id$|inv(?:no|num|id)?$|arn$|auth(?:code)?$|remittance$"
)
_NO_REFERENCE = re.compile(
    r"account|acct|iban|bic|routing|match|label|truth|scenario|recon|category|currency|status|branch|hospital|entity|company"
    r"|(?:date|amount|type|name|time|at|flag|count)$"
)
_NAME = re.compile(
    r"name|counterparty|payee|payer$|vendor$|supplier$|customer$|merchant$|patient$|beneficiary|party$|sender|receiver|debtor$|creditor$"
)
_TEXT = re.compile(r"desc|narrat|memo|detail|particular|remark|note|^text|message|info|comment")


def guess(headers: Sequence[str], samples: Sequence[Mapping[str, str]]) -> Layout:
    """The layout that the headers and the first rows suggest; `given` a mapping, use `complete` instead."""
    return complete(Layout(), headers, samples)


def complete(given: Layout, headers: Sequence[str], samples: Sequence[Mapping[str, str]]) -> Layout:
    """The given layout with everything it leaves open guessed. Raises ValueError when a column is missing or no amount is found."""
    _refuse_unknown(given, headers)
    plain = {re.sub(r"[^a-z0-9]", "", header.lower()): header for header in reversed(headers)}

    def first(names: Sequence[str]) -> str:
        return next((plain[name] for name in names if name in plain), "")

    layout = given
    if not (given.amount or given.debit or given.credit):
        debit, credit = first(_DEBIT), first(_CREDIT)
        amount = "" if debit and credit else first(_AMOUNT) or _ending(plain, "amount", "amt", "total")
        layout = replace(layout, amount=amount, debit="" if amount else debit, credit="" if amount else credit)
    if not (layout.amount or layout.debit or layout.credit):
        raise ValueError(f"no column of amounts among {', '.join(headers)}; name it in a mapping")
    layout = replace(
        layout,
        date=layout.date or first(_DATE) or _ending(plain, "date", "time", "at"),
        currency=layout.currency or first(_CURRENCY),
        fee=layout.fee or first(_FEE),
        direction=layout.direction or _direction(layout, plain, samples),
        id=layout.id or first(_ID) or _own_id(headers, samples),
    )
    taken = {layout.id, layout.date, layout.amount, layout.debit, layout.credit, layout.fee, layout.currency, layout.direction}
    rest = [(name, header) for name, header in reversed(plain.items()) if header not in taken]
    party = layout.party or next((plain[name] for name in _PARTY if name in plain and plain[name] not in taken), "")
    references = tuple(h for n, h in rest if h != party and _REFERENCE.search(n) and not _NO_REFERENCE.search(n) and not _TEXT.search(n))
    layout = replace(
        layout,
        party=party,
        reference=layout.reference or references,
        name=layout.name or tuple(header for name, header in rest if _NAME.search(name)),
        text=layout.text or tuple(header for name, header in rest if _TEXT.search(name)),
    )
    return _formats(layout, samples)


def _formats(layout: Layout, samples: Sequence[Mapping[str, str]]) -> Layout:
    assumed = list(layout.assumed)
    column = layout.amount or layout.credit or layout.debit
    minor = layout.minor_units or bool(re.search(r"cents|minor|pence", column, re.IGNORECASE))
    number = figures.detect((row.get(column, "") for row in samples), minor_units=minor)
    if not number.certain and not layout.decimal and not minor:
        assumed.append(f"{column}: the decimal mark is taken for a point")
    form = dates.detect(row.get(layout.date, "") for row in samples) if layout.date else dates.DateFormat("ISO")
    if form.others and not layout.date_format:
        assumed.append(f"{layout.date}: read as {form.name}, {' or '.join(form.others)} would do as well")
    return replace(
        layout,
        minor_units=minor,
        decimal=layout.decimal or number.decimal,
        date_format=layout.date_format or form.name,
        assumed=tuple(assumed),
    )


def _direction(layout: Layout, plain: Mapping[str, str], samples: Sequence[Mapping[str, str]]) -> str:
    """A column of debit/credit words, when the amounts beside it carry no sign of their own."""
    if not layout.amount or any(row.get(layout.amount, "").strip().startswith(("-", "(")) for row in samples):
        return ""
    for name in _DIRECTION:
        words = {word(row.get(plain[name], "")) for row in samples} if name in plain else set()
        if words and words <= MONEY_IN | MONEY_OUT:
            return plain[name]
    return ""


def word(text: str) -> str:
    """A cell as one upper-case word."""
    return text.strip().upper().replace(" ", "_").replace("-", "_")


def _own_id(headers: Sequence[str], samples: Sequence[Mapping[str, str]]) -> str:
    """The first column that is called an identifier and never repeats."""
    for header in headers:
        values = [row.get(header, "") for row in samples]
        if _IDENTIFIER.search(header.lower()) and all(values) and len(set(values)) == len(values):
            return header
    return ""


def _ending(plain: dict[str, str], *endings: str) -> str:
    return next((header for name, header in reversed(plain.items()) if name.endswith(endings)), "")


def _refuse_unknown(given: Layout, headers: Sequence[str]) -> None:
    named = [given.id, given.date, given.amount, given.debit, given.credit, given.direction, given.fee, given.currency, given.party]
    unknown = [name for name in (*named, *given.reference, *given.name, *given.text) if name and name not in headers]
    if unknown:
        raise ValueError(f"no such column: {', '.join(unknown)}; there are {', '.join(headers)}")
    if given.date_format and given.date_format not in dates.FORMATS:
        raise ValueError(f"no date format {given.date_format}; there are {', '.join(dates.FORMATS)}")
    if given.decimal not in ("", ".", ","):
        raise ValueError("the decimal mark is . or ,")
