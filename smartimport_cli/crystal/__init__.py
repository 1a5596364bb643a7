"""Committed transactions in, insights and advice out: honest, exact, and the same for any order of the input."""

from smartimport_cli.crystal.analysis import Analysis, analyse
from smartimport_cli.crystal.categories import Rules

__all__ = ["Analysis", "Rules", "analyse"]
