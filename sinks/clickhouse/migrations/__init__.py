"""Numbered SQL files: `NNN_name.sql`, applied once each, in order, never changed afterwards."""
