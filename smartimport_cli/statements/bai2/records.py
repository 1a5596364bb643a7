"""The records of a text: a line that begins with a record code, and the 88 lines that go on with it.

Records end with a slash or without one, may be padded to a fixed length, and may follow each other on one line.
"""

import re
from collections.abc import Iterator
from itertools import accumulate, repeat
from operator import itemgetter, sub
from typing import NamedTuple

_LONGEST = 1 << 20  # characters of one record and what continues it that are looked at together
_BEGINS = r"[ \t]*+(?!88)[0-9]{2},"
# A transaction as nearly all are written: type, amount, funds type, both references, text, 88 lines; or any other
# record. Nothing gives back what it took (*+), so time stays linear.
_RECORD = re.compile(
    r"(\n(?:[ \t]*+16,([0-9]{3}),([0-9]{1,15}),(V,[0-9]{6},[0-9]{0,4}|[Z012]?),([^,/\n]*+),([^,/\n]*+)"
    r"(?:/[ \t\r]*+|,([^\n]*+))?+((?:\n[ \t]*+88,[^\n]*+)*+)(?=\n[ \t]*+[0-9]{2},|\Z)"
    rf"|[^\n]*+(?:\n(?!{_BEGINS})[^\n]*+)*+))"
)
_NEXT = re.compile(rf"\n{_BEGINS}")
# Records on one line: behind a slash and a blank comes what can only be the next one.
_GLUED = re.compile(
    r"/[ \t]++(?=02,[^,/\n]*,[^,/\n]*,[1-4]?,[0-9]{6}|03,[^,/\n]*,(?:[A-Z]{3})?,|16,[0-9]{3},[0-9]*,|88,"
    r"|49,[+-]?[0-9]*,[0-9]+[ \t]*/|9[89],[+-]?[0-9]*,[0-9]+,[0-9]+[ \t]*/)"
)
_CODE = re.compile(r"\s*(0[123]|16|49|88|9[89])(?:,|/|\s*\Z)")
_EDGES = " \t\r\n\x00\x1a\ufeff"

Found = tuple[str, ...]
"""The groups of a record: the whole of it; and of a plain transaction type, amount, funds, references, text, 88s."""


class Piece(NamedTuple):
    """What one line says behind its record code, without the slash at the end."""

    line: int
    text: str
    width: int  # characters of the line, blanks at its end aside
    ended: bool  # by a slash


class Record(NamedTuple):
    code: str  # empty where it is none that the specification knows
    pieces: list[Piece]
    lines: int  # that count as records: the first and its continuations
    strays: list[Piece]  # lines between that are no records


class Records:
    """Feed it text; it gives the records that are whole, each with its line."""

    def __init__(self) -> None:
        self._carry = "\n"  # the first record begins behind a line break, too
        self._line = 1

    def feed(self, text: str, *, final: bool = False) -> tuple[list[Found], list[int]]:
        """The records that `text` completes, and the line each begins at."""
        text = _GLUED.sub("/\r\n", self._carry + text)  # a file's own line breaks have no \r left
        cut = len(text)
        if final:
            text = text.rstrip(_EDGES)
        else:
            while (cut := text.rfind("\n", 0, cut)) > 0 and not _NEXT.match(text, cut):
                pass
            if cut <= 0 and len(text) > _LONGEST:
                cut = max(text.rfind("\n"), 0) or len(text)
            cut = max(cut, 0)
            text, self._carry = text[:cut], text[cut:]
        found: list[Found] = _RECORD.findall(text)
        wholes = list(map(itemgetter(0), found))
        breaks: Iterator[int] = map(str.count, wholes, repeat("\n"))
        if "\r" in text:
            breaks = map(sub, breaks, map(str.count, wholes, repeat("\r")))
        lines = list(accumulate(breaks, initial=self._line))
        self._line = lines.pop()
        return found, lines


def parse_record(whole: str, line: int) -> Record:
    """The record whose text is `whole`, a line break first; it begins at `line`."""
    code, pieces, count, strays = "", list[Piece](), 0, list[Piece]()
    for number, raw in enumerate(whole[1:].split("\n")):
        text = raw.strip(_EDGES)
        if text:
            match = _CODE.match(text)
            if number == 0 and match is not None and match[1] != "88":
                code, count = match[1], 1
                pieces.append(split_piece(line, text[match.end(1) + 1 :], raw))
            elif match is not None and match[1] == "88" and code:
                count += 1
                pieces.append(split_piece(line, text[match.end(1) + 1 :], raw))
            elif code == "16" and match is None and not pieces[-1].ended:
                pieces.append(split_piece(line, text, raw))  # a line break within the text
            else:
                strays.append(Piece(line, text, len(raw), False))
        line += not raw.endswith("\r")
    return Record(code, pieces, count, strays)


def split_piece(line: int, text: str, raw: str) -> Piece:
    """`text`, which is the line `raw` behind its record code, without the end of the record."""
    text = text.rstrip(_EDGES)
    ended = text.endswith("/")
    return Piece(line, text[:-1] if ended else text, len(raw.rstrip(_EDGES)), ended)


def parse_fields(record: Record) -> list[tuple[str, int]]:
    """The fields of a record that has no text in it, each with its line."""
    return [(field.strip(), piece.line) for piece in record.pieces for field in piece.text.split(",")]
