"""Opening documents apart from this process: PDF, pictures and workbooks are read by a child with limits.

`isolation` starts the child and listens to it; `child` is what runs there; one module a kind of document does
the opening (and imports its heavy library) inside the child.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

if TYPE_CHECKING:
    from smartimport_cli.core.documents import Page, Sheet

_IN_MEMORY = 1 << 20  # bytes of a sheet's text; longer ones wait in a temporary file


class IsolatedDocuments:
    """See `core.documents.Documents`."""

    def pages(
        self,
        source: BinaryIO,
        *,
        kind: Literal["pdf", "image"],
        name: str,
        anew: bool = False,
        thorough: bool = False,
    ) -> "Iterator[Page]":
        from smartimport_cli.documents.paper import pages

        yield from pages(source, kind=kind, name=name, anew=anew, thorough=thorough)

    def sheets(self, source: BinaryIO, *, name: str) -> "Iterator[Sheet]":
        import tempfile

        from smartimport_cli.core.documents import Sheet
        from smartimport_cli.documents.isolation import Limits, ask

        limits = Limits(cpu=30, wall=60)
        with closing(ask("sheets", source, name=name, limits=limits)) as answers:
            answer = next(answers, None)
            while answer is not None:
                text = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115
                try:
                    number, title, hidden = answer["sheet"], answer["name"], answer["hidden"]
                    while isinstance(answer := next(answers, None), bytes):
                        text.write(answer)
                except BaseException:
                    text.close()
                    raise
                yield Sheet(number, title, text, text.tell(), hidden)
