"""Tests of the KPIs and of the boards."""
