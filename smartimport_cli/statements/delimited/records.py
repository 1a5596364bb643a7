"""Text without delimiters as a table: records of named lines (`Amount: -12.34`), and columns that stand below each other.

Either becomes tab-separated text in which every row keeps the line on which it began.
"""

import io
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import BinaryIO

from smartimport_cli.statements.delimited import dates, dialect, numbers, words
from smartimport_cli.statements.delimited.dialect import Dialect

TABS = Dialect("\t", None, "", blanks=False)
_MOST = 1 << 24  # bytes of a text that is read whole
_NAMED = re.compile(r"\s*([^\W\d][^:\t]{0,39}?)\s*:\s*(.*?)\s*")
_LEAST = 2  # records or rows that make a table
_GAP = 2  # blanks between two columns


def tabulated(source: BinaryIO, name: str, size: int, encoding: str | None) -> io.BytesIO | None:
    """The text in `source` as UTF-8 with tabs between the cells, or None where it is neither of the two."""
    if size > _MOST:
        return None
    text = dialect.text_of(source, dialect.encoding(source, name, encoding).name)
    try:
        lines = [line.replace("\t", " ").replace("\u00a0", " ").rstrip() for line in text.read().splitlines()]
    finally:
        text.detach()
    made = _records(lines) or _columns(lines)
    return io.BytesIO("\n".join(made).encode()) if made else None


def unwrapped(source: BinaryIO, name: str, size: int, encoding: str | None) -> io.BytesIO | None:
    """The lines of a file in which each is one quoted cell with a whole row inside (saved again by a spreadsheet), as
    UTF-8 without these quotes; None for all other files."""
    source.seek(0)
    head = source.read(1 << 12).removeprefix(b"\xef\xbb\xbf").decode("latin-1").splitlines()
    if size > _MOST or len(head) < _LEAST or any(_inside(line.strip()) is None for line in head[:-1] if line.strip()):
        return None
    text = dialect.text_of(source, dialect.encoding(source, name, encoding).name)
    try:
        lines = [line.strip() for line in text.read().splitlines()]
    finally:
        text.detach()
    inner = [_inside(line) for line in lines if line]
    if None in inner or not all(any(line.count(mark) >= 2 for mark in dialect.DELIMITERS) for line in inner if line):
        return None
    return io.BytesIO("\n".join(_inside(line) or "" for line in lines).encode())


def _inside(line: str) -> str | None:
    """What a line of one quoted cell has inside; None for a line of several cells."""
    if len(line) < 2 or line[0] != '"' or line[-1] != '"' or '"' in line[1:-1].replace('""', ""):
        return None
    return line[1:-1].replace('""', '"')


def _records(lines: Sequence[str]) -> list[str] | None:
    """A line for each record, where the same names come again and again, a date's first."""
    pairs = [_NAMED.fullmatch(line) for line in lines]
    starts: dict[str, list[int]] = {}
    for i, pair in enumerate(pairs):
        if pair and words.role_of(pair[1]) == "date" and dates.shape(pair[2]):
            starts.setdefault(pair[1], []).append(i)
    begins = next((at for at in starts.values() if len(at) >= _LEAST), None)
    if begins is None or not begins[0]:
        return None
    found: dict[int, dict[str, str]] = {}
    for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True):
        record: dict[str, str] = {}
        for pair in pairs[begin:end]:
            if pair and pair[1] not in record:
                record[pair[1]] = pair[2]
        found[begin] = record
    names = [*dict.fromkeys(name for record in found.values() for name in record)]
    if not {"amount", "debit", "credit"} & {words.role_of(name) for name in names} or len(names) > 12:
        return None
    made = [line.replace(":", ":\t", 1) for line in lines[: begins[0] - 1]]
    made.append("\t".join(names))
    return made + [
        "\t".join(found[i].get(name, "") for name in names) if i in found else ""
        for i in range(begins[0], len(lines))
    ]


def _columns(lines: Sequence[str]) -> list[str] | None:
    """Every line cut where all rows, and the line of names above them, have blanks."""
    rows = [line for line in lines if _is_row(line)]
    head = next((line for line in lines if len(_roles(line)) >= 3 and "date" in _roles(line)), None)
    if len(rows) < _LEAST or head is None:
        return None
    width = max(map(len, [head, *rows]))
    blank = [all(line[i : i + 1] in ("", " ") for line in [head, *rows]) for i in range(width)]
    cuts = [end for start, end in _runs(blank) if end - start >= _GAP and start > 0]
    if len(cuts) < 2:
        return None
    return ["\t".join(_cells(line, cuts)) for line in lines]


def _is_row(line: str) -> bool:
    cells = re.split(r" {2,}", line.strip())
    return (
        len(cells) >= 3 and dates.shape(cells[0].split(" ")[0]) is not None and numbers.token(cells[-1]) is not None
    )


def _roles(line: str) -> set[str]:
    cells = re.split(r" {2,}", line.strip())
    return {role for cell in cells if len(cell) < 30 and (role := words.role_of(cell))}


def _runs(blank: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where blanks begin and end."""
    at = 0
    for is_blank, run in groupby(blank):
        end = at + len([*run])
        if is_blank:
            yield at, end
        at = end


def _cells(line: str, cuts: Sequence[int]) -> list[str]:
    return [line[start:end].strip() for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True)]
