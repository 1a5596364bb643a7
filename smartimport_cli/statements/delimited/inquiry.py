"""What is found out about one file: decisions with their reasons, doubts, questions."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Evidence, Issue
from smartimport_cli.core.text import clean
from smartimport_cli.statements.delimited import dialect
from smartimport_cli.statements.delimited.dialect import Dialect
from smartimport_cli.statements.question import ambiguous

if TYPE_CHECKING:
    from smartimport_cli.statements.descriptions import Description


class Inquiry:
    """One file that is looked into: what is found out is in `evidence` and `issues`, in the order it was decided."""

    def __init__(self, source: BinaryIO, name: str, size: int, choices: Choices, cut: Dialect | None) -> None:
        self.source = source
        self.name = name
        self.size = size
        self.given = choices
        self.choices = choices  # the given ones, and those of a description
        self.cut = cut  # how UTF-8 text is cut, where that is known
        self.encoding = "utf-8"
        self.description: Description | None = None
        self.evidence: list[Evidence] = []
        self.issues: list[Issue] = []

    def say(self, what: str, decision: str, why: str) -> None:
        """What was decided, how, and why."""
        self.evidence.append(Evidence(what, clean(decision), clean(why)))

    def doubt(self, code: str, message: str) -> None:
        """What is not sure, for the person who approves."""
        self.issues.append(Issue(code, clean(message)))

    def ask(self, choice: str, message: str, options: list[dict[str, str]]) -> FileRefused:
        """The refusal that asks for a choice, where nothing in the file decides."""
        return ambiguous(self.name, choice, message, options)

    def chosen(self, field: str) -> str:
        """Who chose this, where it was chosen: the reason that goes with it."""
        if getattr(self.choices, field) is None:
            return ""
        said = getattr(self.given, field) is not None or self.description is None
        return "you said so" if said else f"the description {self.description and self.description.name} says so"

    def beyond(self) -> Iterator[list[str]]:
        """The cells of all rows past the sample."""
        if self.size <= dialect.SAMPLE:
            return
        assert self.cut is not None
        text = dialect.text_of(self.source, self.encoding)
        try:
            for rows, _, _ in dialect.batches(text, self.cut, 4096):
                yield from rows
        finally:
            text.detach()
