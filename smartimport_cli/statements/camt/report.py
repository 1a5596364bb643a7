"""Text in, parts of a reading out: entries become rows, what stands around them account, balances, and proof."""

import re
from collections.abc import Iterable, Iterator
from xml.parsers import expat

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Issue, Part, Rows, StatementStart, where
from smartimport_cli.statements.accounts import Accounts
from smartimport_cli.statements.camt.entries import EntryReader
from smartimport_cli.statements.camt.statement import OpenStatement
from smartimport_cli.statements.proof import BalanceChain

_KINDS = {"Stmt": "camt053", "Rpt": "camt052", "Ntfctn": "camt054"}
_DEEPEST = 64  # elements inside each other, around entries; the standard has some fifteen
_LONGEST = 1 << 12  # characters of a value around entries that are kept
_LARGE = 1 << 19  # characters of one entry from which the payments in its middle are left out
_LARGEST = 1 << 21  # characters of one entry without them
_BATCH = 1024  # entries that are built at a time
# What may hold a `<` that begins no tag. Behind this, each one does.
_SPECIAL = re.compile(r"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<\?.*?\?>", re.DOTALL)
_FIRST = re.compile(r"<((?:[\w.-]+:)?)Ntry[\s>]")


class Reports:
    """Feed it the text of a document known to be well-formed; it yields parts."""

    def __init__(self, name: str, choices: Choices, *, lined: bool) -> None:
        self.issues: list[Issue] = []
        self.format = "camt053"
        self._name = name
        self._choices = choices
        self._accounts = Accounts(choices, self.issues)
        self._chain = BalanceChain()
        self._reader = EntryReader()
        self._open: re.Pattern[str] | None = None  # an entry's tags, with the prefix this document has
        self._close = ""
        self._prefix = ""
        self._carry = ""
        self._lined = lined
        self._line = 1 if lined else 0
        self._position = 0
        self._frame = expat.ParserCreate()
        self._frame.StartElementHandler = self._start
        self._frame.EndElementHandler = self._end
        self._frame.CharacterDataHandler = self._characters
        self._frame.buffer_text = True
        if hasattr(self._frame, "SetReparseDeferralEnabled"):
            self._frame.SetReparseDeferralEnabled(False)  # what is fed has been seen when the call returns
        self._shift = 0  # lines that the frame is behind the document
        self._path: list[str] = []
        self._depth = 0  # of the report in the document
        self._text: list[str] = []
        self._currency: str | None = None
        self._namespaces: dict[str, str] = {}
        self._statement: OpenStatement | None = None
        self._parts: list[Part] = []  # made by the frame's handlers

    @property
    def title(self) -> str:
        return f"CAMT.{self.format[-3:]}"

    def feed(self, text: str, position: int, *, final: bool = False) -> Iterator[Part]:
        """The next text of the document, which has been read up to byte `position`."""
        self._position = position
        text = self._carry + text
        rest = ""
        if "<!" in text or "<?" in text:
            text, rest = _without_specials(text)
        if self._open is None and (first := _FIRST.search(text)):
            self._prefix = first[1]
            self._open = re.compile(rf"<{re.escape(first[1])}Ntry(?=[\s>])")
            self._close = f"</{first[1]}Ntry>"
        *segments, tail = text.split(self._close) if self._open is not None else [text]
        batch: list[str] = []
        lines: list[int] = []
        for segment in segments:
            start = self._open.search(segment) if self._open is not None else None
            if start is None:
                raise self._unusual()
            at = start.start()
            if at and not (frame := segment[:at]).isspace():
                yield from self._entries(batch, lines)
                batch, lines = [], []
                yield from self._around(frame)
            if self._lined:
                lines.append(self._line + segment.count("\n", 0, at))
                self._line += segment.count("\n")
            else:
                self._line += 1
                lines.append(self._line)
            batch.append(segment[at:])
            if len(batch) >= _BATCH:
                yield from self._entries(batch, lines)
                batch, lines = [], []
        yield from self._entries(batch, lines)
        start = self._open.search(tail) if self._open is not None else None
        cut = start.start() if start is not None else len(tail) if final else tail.rfind(">") + 1
        yield from self._around(tail[:cut])
        if self._lined:
            self._line += tail.count("\n", 0, cut)
        self._carry = tail[cut:] + rest
        if len(self._carry) > _LARGE:
            self._carry = self._without_payments(self._carry)
        if len(self._carry) > _LARGEST:
            raise FileRefused(
                "too-complex",
                f"{self._name} has something that goes on for millions of characters at line {self._line}.",
                hint="Download the statement again from the bank's site.",
            )
        if final and self._carry.strip():
            raise self._unusual()

    def _without_payments(self, entry: str) -> str:
        """A batch of thousands of payments, of which the first and the last are enough. What is left out is whole
        elements, as the document is well-formed; its line breaks stay."""
        end = f"</{self._prefix}TxDtls>"
        first, last = entry.find(end) + len(end), entry.rfind(f"<{self._prefix}TxDtls>")
        if first < len(end) or last <= first:
            return entry
        return entry[:first] + "\n" * entry.count("\n", first, last) + entry[last:]

    def _entries(self, batch: list[str], lines: list[int]) -> Iterable[Part]:
        if not batch:
            return
        if self._statement is None:
            raise self._unusual()
        yield from self._begin(self._statement)
        entries = [f"{entry}</Ntry>" for entry in batch]
        if prefix := self._prefix:
            entries = [entry.replace(f"<{prefix}", "<").replace(f"</{prefix}", "</") for entry in entries]
        found = self._reader.read(entries, lines, self._namespaces, self._statement)
        if found is None:
            raise self._unusual()
        rows, unreadable = found
        self._statement.tally.add(rows)
        yield Rows(rows, self._position)
        yield from unreadable

    def _begin(self, statement: OpenStatement) -> Iterable[Part]:
        if statement.owner is None:
            statement.owner = self._accounts.of(statement.own_account())
            yield StatementStart(statement.owner)

    def _around(self, text: str) -> Iterable[Part]:
        """What stands around entries."""
        if text:
            self._shift = self._line - self._frame.CurrentLineNumber
            try:
                self._frame.Parse(text, False)
            except expat.ExpatError:
                raise self._unusual() from None
        parts, self._parts = self._parts, []
        return parts

    # The frame, element by element

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        self._path.append(tag)
        if len(self._path) > _DEEPEST:
            raise FileRefused("unsafe-xml", f"{self._name} nests its elements more than {_DEEPEST} deep.")
        if tag == "Ntry":
            raise self._unusual()
        self._text.clear()
        self._currency = attributes.get("Ccy")
        for key, value in attributes.items():
            if key.startswith("xmlns:") and len(self._namespaces) < _DEEPEST:
                self._namespaces[key] = value
        if tag in _KINDS and self._statement is None and self._path[-2:-1] and "BkToCstmr" in self._path[-2]:
            self.format = _KINDS[tag]
            self._depth = len(self._path)
            self._statement = OpenStatement(self.format, self._choices.currency, self._here())

    def _characters(self, text: str) -> None:
        if len(self._text) < _DEEPEST:
            self._text.append(text[:_LONGEST])

    def _end(self, name: str) -> None:
        statement = self._statement
        if statement is not None:
            path = "/".join(self._path[self._depth :])
            if path:
                statement.take(path, "".join(self._text).strip()[:_LONGEST], self._currency, self._here())
            else:
                self._parts.extend(self._begin(statement))
                gap = self._chain.follow(*statement.ends())
                self._parts.append(statement.end(gap))
                self._statement = None
        self._path.pop()
        self._text.clear()
        self._currency = None

    def _here(self) -> str:
        return where(self._frame.CurrentLineNumber + self._shift if self._lined else max(self._line, 1))

    def _unusual(self) -> FileRefused:
        return FileRefused(
            "damaged-xml",
            f"{self._name} has its entries in an order that is not read (at line {self._line}).",
            hint="Download the statement again from the bank's site.",
        )


def _without_specials(text: str) -> tuple[str, str]:
    """`text` without comments and processing instructions, CDATA opened, line breaks kept; and the rest from one
    that does not end yet."""
    text = _SPECIAL.sub(_plain, text)
    starts = [at for mark in ("<!", "<?") if (at := text.find(mark)) >= 0]
    return (text, "") if not starts else (text[: min(starts)], text[min(starts) :])


def _plain(match: re.Match[str]) -> str:
    if match[1] is None:
        return "\n" * match[0].count("\n")
    return match[1].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
