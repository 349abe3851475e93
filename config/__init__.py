"""Wiring: settings, addresses, the look."""
