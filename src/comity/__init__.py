"""Comity: networks of political parties working together across borders, in the open."""

__version__ = "0.1.0"
