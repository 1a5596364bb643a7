"""MT940 and MT942, the SWIFT statements, as banks write them: in an envelope or bare, in any dialect of field 86.

Specification: SWIFT Standards MT, category 9 (MT940 customer statement, MT942 interim transaction report); field
86 as in the German DK specification (Anlage 3, 8.2.1) and the Dutch slash codes.
"""

from itertools import chain
from typing import BinaryIO

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Evidence, Reading
from smartimport_cli.statements.delimited.dialect import encoding
from smartimport_cli.statements.formats import Resources
from smartimport_cli.statements.mt940.message import Messages
from smartimport_cli.statements.parts import parts_of, until_rows
from smartimport_cli.statements.text_file import blocks

__all__ = ["read"]


def read(
    source: BinaryIO, *, name: str, size: int, choices: Choices, resources: Resources = Resources()  # noqa: B008
) -> Reading:
    """How the MT940 or MT942 file in `source` is understood.

    Raises FileRefused `no-transactions` where there is no row in it.
    """
    found = encoding(source, name, choices.encoding)
    messages = Messages(choices)
    parts = parts_of(blocks(source, found.name), messages)
    begun, has_rows = until_rows(parts)
    if not has_rows:
        raise FileRefused(
            "no-transactions",
            f"{name} has no transactions in it.",
            hint="Download it again for a period with transactions.",
        )
    title = "MT942" if messages.interim else "MT940"
    evidence = [
        Evidence("format", title, "its fields say so"),
        Evidence("encoding", found.name, found.why),
    ]
    return Reading(title.lower(), evidence, chain(begun, parts), messages.issues)
