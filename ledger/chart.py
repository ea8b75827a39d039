"""The chart of accounts. A posting is one amount from one account to another: debit and credit are equal by construction."""

from enum import StrEnum


class Account(StrEnum):
    """General ledger accounts, kept per hospital and per credit reference."""

    PATIENT_RECEIVABLE = "patient_receivable"
    HOSPITAL_PAYABLE = "hospital_payable"
    ACH_IN_TRANSIT = "ach_in_transit"
    CASH = "cash"
    HOLDS = "holds"
    SUSPENSE = "suspense"
    FEES = "fees"
    INTEREST = "interest"
    RETURNED_ITEMS = "returned_items"
    WRITE_OFFS = "write_offs"
    MATCHING_DIFFERENCES = "matching_differences"
