"""OFX and QFX: 1.x (SGML) and 2.x (XML), and what banks make of them.

No XML parser: tags are read as they come, nothing is looked up, nothing outside the file is touched.
Specification: https://www.ofx.net (OFX Banking 2.3, sections 2, 3 and 11).
"""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import BinaryIO

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Choices, Evidence, Issue, Part, Reading
from smartimport_cli.core.text import clean
from smartimport_cli.statements.formats import Resources
from smartimport_cli.statements.ofx import encoding, signs
from smartimport_cli.statements.ofx.parser import Parser
from smartimport_cli.statements.ofx.values import decimal_mark
from smartimport_cli.statements.parts import parts_of, until_rows
from smartimport_cli.statements.text_file import is_utf16

__all__ = ["read", "sniff"]

_SIGNATURE = re.compile(
    rb"^\W{0,64}OFXHEADER\s*:|<\?OFX\b|<(?:\w+:)?OFX\b[^<>]*>|<(?:BANKTRANLIST|STMTTRN|STMTRS|CCSTMTRS|SONRS)>",
    re.IGNORECASE,
)
_BEGIN = re.compile(r"<(?:\w+:)?OFX\b[^<>]*>", re.IGNORECASE)
_ROW = re.compile(r"<(?:\w+:)?STMTTRNP?\b[^<>]*>", re.IGNORECASE)
_STATEMENT = re.compile(r"<(?:\w+:)?(?:CC)?STMTRS\b", re.IGNORECASE)
_TYPE = re.compile(r"<(?:\w+:)?TRNTYPE>\s*(\w+)", re.IGNORECASE)
_AMOUNT = re.compile(r"<(?:\w+:)?TRNAMT>\s*([^<\r\n]+)", re.IGNORECASE)
_SAMPLE = 1 << 18  # bytes that decide about encoding, signs and decimal marks


def sniff(head: bytes) -> bool:
    """Whether a file that begins with `head` is OFX of any version."""
    if wide := is_utf16(head):
        head = head.decode(wide, "ignore").encode("ascii", "replace")
    return _SIGNATURE.search(head) is not None


def read(
    source: BinaryIO, *, name: str, size: int, choices: Choices, resources: Resources = Resources()  # noqa: B008
) -> Reading:
    """How the OFX file in `source` is understood.

    A statement without rows is read and doubted. Raises FileRefused `bank-error` where the bank's server answered
    with an error instead of a statement, and `no-transactions` where there is neither a row nor a whole statement.
    """
    seen = encoding.survey(source)
    source.seek(0)
    head = source.read(_SAMPLE)
    decided = encoding.decide(head, seen, choices.encoding)
    try:
        sample = head.decode(decided.name, "replace")
    except (LookupError, ValueError):  # a name without a codec, or a codec that is not for text
        raise _encoding_refused(name, decided.name) from None
    begin = _BEGIN.search(sample)
    blocks = _ROW.split(sample)[1:]
    if len(head) < size and len(blocks) > 1:
        blocks.pop()  # it may be cut
    mark = decimal_mark(match[1] for block in blocks if (match := _AMOUNT.search(block)))
    sign = signs.decide(_typed(blocks), choices)
    newline = None if _on_one_line(sample) else "\n" if "\n" in sample else "\r"
    parser = Parser(choices, newline=newline, decimal=mark, signs=sign, skip=begin.start() if begin else 0)
    parts = _parts(parser, encoding.decoded(source, decided.name), seen.rows)
    try:
        begun, has_rows = until_rows(parts)
    except UnicodeError:  # a codec that wants a byte order mark
        raise _encoding_refused(name, decided.name) from None
    if not has_rows:
        nothing = _nothing(name, parser)
        stated = begun and _STATEMENT.search(sample)
        if parser.errors or parser.investments or not parser.ended or not stated:
            raise nothing
        parser.issues.append(Issue(nothing.code, nothing.message))  # a period in which nothing happened
    evidence = [Evidence("format", "OFX", "its tags say so"), decided.evidence]
    if mark:
        evidence.append(Evidence("decimal mark", mark, "the amounts in the file agree on it"))
    if sign.evidence:
        evidence.append(sign.evidence)
        if sign.issue:
            parser.issues.append(sign.issue)
    if newline is None:
        evidence.append(Evidence("row numbers", "records", "the file has its rows on one line"))
    if decided.damaged:
        parser.issues.append(encoding.damage(decided))
    return Reading("ofx", evidence, chain(begun, parts), parser.issues, seen.rows or None)


def _parts(parser: Parser, chunks: Iterator[tuple[str, int]], expected: int) -> Iterator[Part]:
    yield from parts_of(chunks, parser)
    missing = expected - parser.commented - parser.rows
    if missing > 0:  # cannot happen; but no row may ever be lost in silence
        parser.issues.append(Issue("rows-missing", f"{missing} rows of the file could not be told apart."))


def _encoding_refused(name: str, encoding_: str) -> FileRefused:
    return FileRefused(
        "unknown-encoding",
        f"{name} cannot be read as {clean(encoding_)}.",
        hint="Leave --encoding out, or name one like utf-8 or cp1252.",
    )


def _nothing(name: str, parser: Parser) -> FileRefused:
    if parser.errors:
        return FileRefused(
            "bank-error",
            f"{name} holds no transactions: the bank's server answered with {'; '.join(parser.errors[:3])}.",
            hint="Download the statement again from the bank's site.",
        )
    if parser.investments:
        return FileRefused(
            "no-transactions",
            f"{name} holds only trades of securities ({parser.investments}); only cash is read.",
            hint="Import the statement of the cash account.",
        )
    cut = " and ends before its closing tag" if parser.opened and not parser.ended else ""
    return FileRefused(
        "no-transactions",
        f"{name} has no transactions in it{cut}.",
        hint="Download it again for a period with transactions.",
    )


def _typed(blocks: list[str]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        kind, amount = _TYPE.search(block), _AMOUNT.search(block)
        if kind and amount:
            yield kind[1].upper(), amount[1]


def _on_one_line(text: str) -> bool:
    """Whether rows follow each other without a line break."""
    rows = list(islice(_ROW.finditer(text), 2))
    return len(rows) == 2 and not re.search(r"[\r\n]", text[rows[0].start() : rows[1].start()])
