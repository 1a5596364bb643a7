"""CAMT.052, .053 and .054 (ISO 20022 bank to customer reports, statements, notifications), all versions.

The standard library's expat does the parsing, so nothing has to be installed. A first pass over the whole file,
without building anything, refuses what is no well-formed XML (a download cut off) and every document type
declaration: there are no entities, and nothing outside the file is ever looked at. Then entries are cut out of the
text; one expression reads those that are written like most, and only the others are built as elements, a batch at a
time. What stands around entries, accounts and balances, is followed element by element.

Specification: https://www.iso20022.org (messages camt.052, camt.053, camt.054).
"""

import codecs
from itertools import chain
from typing import BinaryIO

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Evidence, Reading
from smartimport_cli.statements.camt import document
from smartimport_cli.statements.camt.report import Reports
from smartimport_cli.statements.formats import Resources
from smartimport_cli.statements.parts import parts_of, until_rows
from smartimport_cli.statements.text_file import blocks

__all__ = ["read"]


def read(
    source: BinaryIO, *, name: str, size: int, choices: Choices, resources: Resources = Resources()  # noqa: B008
) -> Reading:
    """How the CAMT file in `source` is understood.

    Raises FileRefused `damaged-xml` (not well-formed, often cut off), `unsafe-xml` (a document type declaration,
    or nested too deeply), `unknown-encoding`, and `no-transactions` where there is no entry in it.
    """
    checked = document.check(source, name)
    encoding = choices.encoding or checked.encoding
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise FileRefused("unknown-encoding", f"There is no text encoding {encoding[:40]}.") from None
    reports = Reports(name, choices, lined=checked.lined)
    parts = parts_of(blocks(source, encoding), reports)
    begun, has_rows = until_rows(parts)
    if not has_rows:
        raise FileRefused(
            "no-transactions",
            f"{name} has no transactions in it.",
            hint="Download it again for a period with transactions.",
        )
    evidence = [
        Evidence("format", reports.title, "its elements say so"),
        Evidence("encoding", encoding, "the document says so" if checked.declared else "usual for XML"),
        Evidence("rows", "entries", "an entry is what the balance counts; the payments of a batch are not rows"),
    ]
    if not checked.lined:
        evidence.append(Evidence("row numbers", "entries", "the file has its entries on one line"))
    return Reading(reports.format, evidence, chain(begun, parts), reports.issues)
