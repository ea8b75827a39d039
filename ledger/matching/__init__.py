"""Matching money that came in with amounts that are expected. Pure: items and money in, an outcome with its reasons out."""
