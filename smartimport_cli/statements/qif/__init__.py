"""QIF, the Quicken interchange format: bank, cash, card, asset and liability accounts, in any dialect of dates and
numbers. Lists (categories, securities ...) hold no money; trades of securities are counted and reported.

Specification: "Quicken Interchange Format (QIF) files", Intuit; as Quicken, Money, GnuCash, and banks write it.
"""

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Evidence, Issue, Part, Reading
from smartimport_cli.statements.delimited.dialect import encoding
from smartimport_cli.statements.formats import Resources
from smartimport_cli.statements.parts import parts_of, until_rows
from smartimport_cli.statements.qif.dialect import survey
from smartimport_cli.statements.qif.sections import Sections
from smartimport_cli.statements.text_file import blocks

__all__ = ["read"]


def read(
    source: BinaryIO, *, name: str, size: int, choices: Choices, resources: Resources = Resources()  # noqa: B008
) -> Reading:
    """How the QIF file in `source` is understood.

    Raises FileRefused `ambiguous` where nothing in the file decides between day and month, or about the decimal
    mark, and `no-transactions` where there is no row in it.
    """
    found = encoding(source, name, choices.encoding)
    dialect = survey(blocks(source, found.name), name, choices)
    sections = Sections(choices, dialect)
    parts = _parts(sections, blocks(source, found.name))
    begun, has_rows = until_rows(parts)
    if not has_rows:
        held = f" but trades of securities ({sections.trades})" if sections.trades else ""
        raise FileRefused(
            "no-transactions",
            f"{name} has no transactions in it{held}.",
            hint="Export the account's register for a period with transactions.",
        )
    evidence = [
        Evidence("format", "QIF", "its section headings say so"),
        Evidence("encoding", found.name, found.why),
        *dialect.evidence,
    ]
    return Reading("qif", evidence, chain(begun, parts), sections.issues)


def _parts(sections: Sections, text: Iterator[tuple[str, int]]) -> Iterator[Part]:
    yield from parts_of(text, sections)
    if sections.trades:
        sections.issues.append(
            Issue("investments", f"{sections.trades} trades of securities are not read, only cash.")
        )
