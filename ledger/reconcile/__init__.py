"""Reconciling two files, a ledger's and a bank's: rows in, matched groups and reasons out. Pure; the terms are those of matching."""
