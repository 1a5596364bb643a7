"""Opening documents apart from this process: PDF, pictures and workbooks are read by a child with limits.

`isolation` starts the child and listens to it; `child` is what runs there; one module a kind of document does
the opening (and imports its heavy library) inside the child.
"""

from collections.abc import Iterator
from typing import BinaryIO, Literal

from smartimport_cli.core.documents import Page, Sheet
from smartimport_cli.core.errors import FileRefused


class IsolatedDocuments:
    """See `core.documents.Documents`."""

    def pages(
        self, source: BinaryIO, *, kind: Literal["pdf", "image"], name: str, thorough: bool = False
    ) -> Iterator[Page]:
        from smartimport_cli.documents.paper import pages

        yield from pages(source, kind=kind, name=name, thorough=thorough)

    def sheets(self, source: BinaryIO, *, name: str) -> Iterator[Sheet]:
        raise FileRefused("unsupported-format", f"{name}: workbooks are not read yet.")
