"""How files name their columns: lower case, letters and digits alone, accents away. The first of several that are there counts."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

DATE = (
    "date", "transactiondate", "txndate", "trandate", "transdate", "bookingdate", "postingdate", "posteddate", "postdate", "entrydate",
    "paymentdate", "settlementdate", "settledate", "statementdate", "effectivedate", "valuedate", "duedate", "bookedat", "postedat",
    "settledat", "createdat", "occurredat", "transactiontime", "timestamp", "datetime", "time", "created", "day", "gldate", "docdate",
    "invoicedate", "datum", "buchungstag", "buchungsdatum", "valutadatum", "valuta", "fecha",
)  # fmt: skip
AMOUNT = (
    "amount", "amt", "amountvalue",
    "transactionamount", "txnamount", "paymentamount", "settlementamount", "settledamount", "amountusd", "usdamount",
    "amountcents", "amountminor", "bankamount", "ledgeramount", "bookamount", "netamount", "net", "grossamount", "gross", "totalamount",
    "total", "value", "sum", "betrag", "umsatz", "montant", "importe", "bedrag",
    "amountdue", "amountpaid", "paidamount", "openamount", "invoiceamount", "payoutamount", "payment",
)  # fmt: skip
DEBIT = (
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
    "soll",
)
CREDIT = (
    "credit",
    "creditamount",
    "credits",
    "deposit",
    "deposits",
    "depositamount",
    "moneyin",
    "paidin",
    "cr",
    "cramount",
    "inflow",
    "haben",
)
DIRECTION = (
    "direction", "drcr", "crdr", "debitcredit", "creditdebit", "dc", "cdtdbtind", "side", "sign", "type", "transactiontype", "txntype",
    "entrytype",
)  # fmt: skip
FEE = ("fee", "fees", "feeamount", "processingfee", "transactionfee", "processorfee", "bankfee", "commission")
CURRENCY = ("currency", "ccy", "curr", "currencycode", "iso", "transactioncurrency", "amountcurrency", "wahrung", "devise")
ID = (
    "id", "transactionid", "txnid", "transid", "tranid", "entryid", "lineid", "recordid", "rowid", "paymentid", "ledgerid", "bankid",
    "bankentryid", "ledgerentryid", "banktxnid", "ledgertxnid", "statementid", "statementlineid", "journalid", "uuid", "uid", "guid", "key",
)  # fmt: skip
IDENTIFIER = re.compile(r"id$|identifier|unique|^key|uuid|guid|number$|_no$")
PARTY = (
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
    "patientno",
    "customerno",
    "clientno",
    "vendorno",
    "mrn",
)
REFERENCE = re.compile(
    r"ref|invoice|order|trace|che(?:ck|que)|utr|rrn|endtoend|e2e|payout|batch|settlementid|external|document|docno|docnum|voucher|receipt"
    r"|(?:no|nr|num)$|beleg|rechnung|slip|mandate|bill(?:no|num|id)|correlation"
    r"|charge(?:id)?$|paymentintent|id$|inv(?:no|num|id)?$|arn$|auth(?:code)?$|remittance$"
)
NO_REFERENCE = re.compile(
    r"account|acct|iban|bic|routing|match|label|truth|scenario|recon|category|currency|status|branch|hospital|entity|company"
    r"|^(?:customer|patient|client|vendor|supplier|member|payer)(?:no|nr|num|number)$"
    r"|phone|mobile|serial|^(?:s|sr|sl|line|row|seq)(?:no|nr|num)$|(?:date|amount|type|name|time|at|flag|count)$"
)
NAME = re.compile(
    r"name|counterparty|payee|payer$|vendor$|supplier$|customer$|merchant$|patient$|beneficiary|party$|sender|receiver|debtor$|creditor$|kunde$|empfanger|auftraggeber"
)
TEXT = re.compile(
    r"desc|narrat|memo|detail|particular|remark|note|^text|message|info|comment|verwendungszweck|buchungstext|libelle|concepto|omschrijving|purpose"
)

_IN_A_CURRENCY = re.compile(r"(?:in)?(?:usd|eur|gbp|cad|inr|chf|aud|jpy|utc|gmt)$")


def plain_names(headers: Sequence[str]) -> dict[str, str]:
    """Headers by their plain names, the last header first. Of two alike the first counts."""
    return {_plain(header): header for header in reversed(headers)}


def with_short_names(plain: Mapping[str, str]) -> dict[str, str]:
    """The same with what is left of a name without its currency or zone: `Deposit Amt. (USD)` is there as `depositamount` as well."""
    names = dict(plain)
    for name, header in list(names.items()):
        names.setdefault(re.sub(r"amt$", "amount", _IN_A_CURRENCY.sub("", name)), header)
    return names


def _plain(header: str) -> str:
    spread = unicodedata.normalize("NFKD", header.lower())
    return re.sub(r"[^a-z0-9]", "", spread)


def is_reference(name: str) -> bool:
    """Whether a column of this plain name identifies a payment."""
    return bool(REFERENCE.search(name)) and not (NO_REFERENCE.search(name) or TEXT.search(name))
