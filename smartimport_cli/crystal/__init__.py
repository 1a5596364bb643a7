"""Committed transactions in, insights and advice out: honest, exact, and the same for any order of the input."""

from smartimport_cli.crystal.analysis import Analysis, analyse
from smartimport_cli.crystal.categories import Rules
from smartimport_cli.crystal.coverage import StatementPeriod
from smartimport_cli.crystal.findings import Background, BudgetLimit
from smartimport_cli.crystal.labels import Labels
from smartimport_cli.crystal.learning import Example

__all__ = ["Analysis", "Background", "BudgetLimit", "Example", "Labels", "Rules", "StatementPeriod", "analyse"]
