"""BAI2, the cash management balance reports of banks in North America and beyond.

Specification: BAI, Cash Management Balance Reporting Specifications, Version 2 (2005).
"""

from itertools import chain
from typing import BinaryIO

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Evidence, Reading
from smartimport_cli.statements.bai2.reports import Reports
from smartimport_cli.statements.delimited.dialect import encoding
from smartimport_cli.statements.formats import Resources
from smartimport_cli.statements.parts import parts_of, until_rows
from smartimport_cli.statements.text_file import blocks

__all__ = ["read"]


def read(
    source: BinaryIO, *, name: str, size: int, choices: Choices, resources: Resources = Resources()  # noqa: B008
) -> Reading:
    """How the BAI2 file in `source` is understood.

    Raises FileRefused `no-transactions` where there is no row in it.
    """
    found = encoding(source, name, choices.encoding)
    reports = Reports(choices)
    parts = parts_of(blocks(source, found.name), reports)
    begun, has_rows = until_rows(parts)
    if not has_rows:
        raise FileRefused(
            "no-transactions",
            f"{name} has no transactions in it.",
            hint="Ask the bank for a report with transaction detail (16 records), or for a period with transactions.",
        )
    evidence = [
        Evidence("format", "BAI2", "its records say so"),
        Evidence("encoding", found.name, found.why),
        *reports.evidence,
    ]
    return Reading("bai2", evidence, chain(begun, parts), reports.issues)
