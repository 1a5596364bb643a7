"""Statements on paper: PDF with text, scanned PDF, pictures. Words with places in, statements out.

`lines` puts words into lines and pieces; `headers` and `columns` find the columns of a `table`, `assembly` its rows
(`day_cells`, `marks`, `stated`). `statement` tries how they can be read and lets the balances decide (`chain`, `signs`),
`numbered` and `order` date the rows (with `statements.days`), `repair` mends what was misrecognised where the balances
prove it. Nothing here opens files; see `core.documents`.
"""

from typing import BinaryIO, Literal

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Reading
from smartimport_cli.statements.formats import Resources
from smartimport_cli.statements.paper.reading import Interpretation

__all__ = ["read"]


def read(source: BinaryIO, *, name: str, size: int, choices: Choices, resources: Resources) -> Reading:
    """How the document in `source` is understood. Where a recognised page is not proved by its balances, it is
    recognised again (here, if another program did it before), more thoroughly, and the best reading is taken.

    Raises FileRefused `no-transactions`, `no-month`, `no-year`, `ambiguous`, or what `core.documents.Documents` raises.
    """
    if resources.documents is None:
        raise FileRefused("unsupported-format", f"{name}: documents are not opened here.")
    source.seek(0)
    kind: Literal["pdf", "image"] = "pdf" if source.read(1024).lstrip()[:5] == b"%PDF-" else "image"
    pages = list(resources.documents.pages(source, kind=kind, name=name))
    found = Interpretation(pages, name=name, choices=choices)
    scanned = any(page.scanned for page in pages)
    looks = (False, True) if any(page.layered for page in pages) else (True,)
    for thorough in looks:
        if not (scanned and found.doubtful):
            break
        try:
            pages = list(resources.documents.pages(source, kind=kind, name=name, anew=True, thorough=thorough))
            again = Interpretation(pages, name=name, choices=choices)
        except FileRefused:  # another look is too much for this machine: what was read stands, with its doubts
            break
        found = max(found, again, key=Interpretation.worth)
    return found.reading(kind, size)
