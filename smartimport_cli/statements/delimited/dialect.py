"""From bytes to rows of cells: the encoding of a file, its delimiter and its quotes."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, BinaryIO, NamedTuple

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.text import clean
from smartimport_cli.statements.delimited import dates, numbers, words
from smartimport_cli.statements.text_file import is_utf16

DELIMITERS = (",", ";", "\t", "|")
_CHUNK = 1 << 20
_BLOCK = 1 << 16  # characters that are cut into rows at a time
_ROWS = 2048  # rows at a time where the csv module cuts
SAMPLE = 1 << 15  # characters that decide about delimiter and columns
# Guesses that are never right: what banks do not write, and UTF-16, which was looked for before (`is_utf16`).
_NEVER = re.compile(r"(?i)cp(037|273|424|5\d\d|8[37]5|10\d\d|11\d\d)|utf-?(7|16|32)|ebcdic|hz|None")
_WESTERN = frozenset("éèêëàâäáãåçùûüúîïíôöóõñßæøœÉÈÀÇÄÖÜÅØÆÑÓÍÚÁÂÊÔÎ€£°§´’–«»ºª·¿¡\u00a0")
_UNSURE = 0.05
_DOS = re.compile(r"cp[78]|mac|ibm")
# What Windows writes, where a guess says ISO or something older.
_WINDOWS = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257")
_SIBLINGS = {
    "iso-8859-2": "cp1250", "iso-8859-5": "cp1251", "koi8-r": "cp1251", "iso-8859-7": "cp1253", "iso-8859-9": "cp1254",
    "iso-8859-8": "cp1255", "iso-8859-6": "cp1256", "iso-8859-4": "cp1257", "iso-8859-13": "cp1257",
}  # fmt: skip
_CELLS = re.compile(r"[;,\t|\"\r\n]+")
_CONTROLS = re.compile(r"[\x80-\x9f\ufffd]")
_GUESS = 1 << 16  # bytes with accents in them that decide about an old encoding


class Encoding(NamedTuple):
    name: str
    why: str
    damaged: bool = False  # some bytes are no text in it


class Dialect(NamedTuple):
    """How lines are cut into cells. `skip` lines come before (Excel's `sep=;`). `first` is the place of the
    text's first line (see `core.model.where`): 1, but in the later sheets of a workbook."""

    delimiter: str
    quote: str | None
    why: str
    skip: int = 0
    blanks: bool = True  # cells may begin with blanks before their quote
    first: int = 1

    def options(self) -> dict[str, Any]:
        quoting = csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote or '"',
            "quoting": quoting,
            "skipinitialspace": self.blanks,
        }


def encoding(source: BinaryIO, name: str, choice: str | None) -> Encoding:
    """The encoding of `source`: the choice, a byte order mark, UTF-8 where every byte fits, else the guess of
    chardet over the lines that are not ASCII. Raises FileRefused `unknown-encoding`."""
    source.seek(0)
    head = source.read(4096)
    if choice:
        try:
            codecs.lookup(choice)
            "a".encode(choice)
        except (LookupError, UnicodeError):
            raise FileRefused(
                "unknown-encoding",
                f"There is no text encoding {clean(choice)[:40]}.",
                hint="Try utf-8 or cp1252.",
            ) from None
        if not _fits(source, choice):
            raise FileRefused(
                "wrong-encoding",
                f"{name} is not written in {choice}: some of its bytes are no text in it.",
                hint="Leave --encoding out, and it is found from the file.",
            )
        return Encoding(choice, "you said so")
    if head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8-sig", "the file begins with its mark", not _fits(source, "utf-8-sig"))
    if wide := is_utf16(head):
        marked = head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        return Encoding("utf-16" if marked else wide, "zero bytes beside letters", not _fits(source, wide))
    if _fits(source, "utf-8"):
        return Encoding("utf-8", "every byte fits")
    return _guessed(source)


def _fits(source: BinaryIO, name: str) -> bool:
    source.seek(0)
    decoder = codecs.getincrementaldecoder(name)()
    try:
        while chunk := source.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", True)
    except (UnicodeError, ValueError):
        return False
    return True


def _guessed(source: BinaryIO) -> Encoding:
    """By the lines with accents in them, wherever they stand in the file."""
    import chardet

    source.seek(0)
    lines: list[bytes] = []
    size = 0
    for line in source:
        if not line.isascii():
            lines.append(line[:4096])
            size += len(lines[-1])
            if size > _GUESS:
                break
    sample = b"".join(lines)
    guesses = [guess for guess in chardet.detect_all(sample) if not _NEVER.match(str(guess["encoding"]))]
    guess = str(guesses[0]["encoding"] or "cp1252").lower() if guesses else "cp1252"
    sure = float(guesses[0]["confidence"] or 0) if guesses else 0.0
    if (sure < _UNSURE or _DOS.match(guess)) and all(c.isascii() or c in _WESTERN for c in sample.decode("cp1252", "replace")):
        guess = "cp1252"  # a word or two: too little for statistics
    wider = {
        "gb2312": "gb18030",
        "gbk": "gb18030",
        "shift_jis": "cp932",
        "ascii": "cp1252",
        "iso-8859-1": "cp1252",
    }
    names = [*dict.fromkeys((wider.get(guess, guess), _SIBLINGS.get(guess, "cp1252"), *_WINDOWS)), "latin-1"]
    utf8 = sample.decode("utf-8", "replace")
    if utf8.count("\ufffd") * 20 < sum(not c.isascii() for c in utf8):
        return Encoding("utf-8", "nearly every byte fits", True)  # one damaged place, not another encoding
    fitting = []
    for name in names:
        try:
            if name not in ("utf-8", "utf-7") and _fits(source, name):
                fitting.append(name)
        except LookupError:
            continue
    if not fitting:
        return Encoding("cp1252", "nothing else fits", True)
    best = max(fitting, key=lambda name: (*_sense(sample, name), -fitting.index(name)))
    return Encoding(best, f"its letters read as text in {best}")


def _sense(sample: bytes, name: str) -> tuple[bool, int]:
    """How much sense bytes make in an encoding: no control characters, and words with accents that name columns."""
    text = sample.decode(name, "replace")
    cells = {cell for cell in _CELLS.split(text[:SAMPLE]) if 2 < len(cell) < 60 and not cell.isascii()}
    return not _CONTROLS.search(text), sum(words.role_of(cell) is not None for cell in cells)


def text_of(source: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """`source` as text from its beginning, line ends as they are. The caller detaches it."""
    source.seek(0)
    return io.TextIOWrapper(source, encoding, errors="replace", newline="")


def sample_of(source: BinaryIO, encoding: str) -> tuple[list[str], bool]:
    """The first whole lines of the file, and whether they are all."""
    text = text_of(source, encoding)
    try:
        head = text.read(SAMPLE)
        more = bool(text.read(1))
    finally:
        text.detach()
    lines = io.StringIO(head, newline="").readlines()
    if more and len(lines) > 1:
        lines.pop()
    return lines, not more


def sniff(lines: list[str], choice: str | None) -> Dialect:
    """The delimiter and quotes under which most lines hold a date and an amount, in rows of one width."""
    skip = 0
    if lines and lines[0].strip().lower().startswith("sep="):
        said = lines[0].rstrip("\r\n")[4:5]
        skip = 1
        if said and not choice:
            return Dialect(said, '"', "the file says so in its first line", 1)
    body = lines[skip : skip + 200]
    candidates = [choice] if choice else [*DELIMITERS]
    best: tuple[tuple[float, ...], Dialect] | None = None
    for delimiter in candidates:
        for quote in ('"', None, "'"):
            if quote == "'" and not any(line.count("'") >= 4 for line in body[:50]):
                continue
            dialect = Dialect(delimiter, quote, "", skip)
            score = _score(body, dialect)
            if best is None or score > best[0]:
                best = score, dialect
    assert best is not None
    why = "you said so" if choice else f"{int(best[0][0])} of the first lines hold a date and an amount"
    if not choice and not best[0][0]:
        why = "the lines are most even with it"
    cut = best[1]
    blanks = cut.quote is not None and any(f"{cut.delimiter} {cut.quote}" in line for line in lines)
    return cut._replace(why=why, blanks=blanks)


def _score(lines: list[str], dialect: Dialect) -> tuple[float, ...]:
    try:
        rows = [row for row in csv.reader(lines, **dialect.options()) if any(cell.strip() for cell in row)]
    except csv.Error:
        return (0, 0, 0, -1)
    good = [len(row) for row in rows if len(row) > 1 and looks_like_data(row)]
    widths = Counter(good or [len(row) for row in rows])
    if not widths:
        return (0, 0, 0, 0)
    width, count = widths.most_common(1)[0]
    heads = [row for row in rows[:60] if len(row) > 1 and not looks_like_data(row)]
    named = max((sum(words.role_of(cell) is not None for cell in row) for row in heads), default=0)
    others = "".join(mark for mark in DELIMITERS if mark != dialect.delimiter and not mark.isspace())
    tidy = -sum(cell[:1] != "" and cell[:1] in others for row in rows[:100] for cell in row)
    if not dialect.quote or dialect.quote == "'":
        tidy -= sum(cell[:1] == '"' or cell[-1:] == '"' for row in rows[:100] for cell in row)
    return (len(good), tidy, named if width > 1 else 0,
            count / max(len(rows), 1) if width > 1 else 0, width)  # fmt: skip


def looks_like_data(row: list[str]) -> bool:
    """Whether a row has a cell that is a date and another that is an amount."""
    dated = money = False
    for cell in row:
        if not dated and dates.shape(cell):
            dated = True
        elif not money and (numbers.token(cell) is not None):
            money = True
    return dated and money


class Row(NamedTuple):
    line: int  # place of its first line
    cells: list[str]


def rows_of(lines: list[str], dialect: Dialect) -> list[Row]:
    """The sample cut into cells."""
    rows: list[Row] = []
    reader = csv.reader(islice(lines, dialect.skip, None), **dialect.options())
    line = 0
    try:
        for cells in reader:
            rows.append(Row(line + dialect.first + dialect.skip, cells))
            line = reader.line_num
    except csv.Error:
        pass
    return rows


def batches(
    text: io.TextIOWrapper, dialect: Dialect, size: int
) -> Iterator[tuple[list[list[str]], int, bool]]:
    """Rows of cells in batches, with the number of the first line, and whether each row is one line.

    A row that the csv module cannot take (a field over its limit) ends as a row with one empty cell.
    """
    for _ in range(dialect.skip):
        next(text, None)
    reader = csv.reader(text, **dialect.options())
    while True:
        before = reader.line_num
        rows: list[list[str]] = []
        try:
            rows.extend(islice(reader, size))
        except csv.Error:
            rows.append(["\ufffd"])
        if not rows:
            return
        yield rows, before + dialect.first + dialect.skip, reader.line_num - before == len(rows)


class Block(NamedTuple):
    """Some rows of the file: whole columns where every line has one cell for each, else rows of cells."""

    line: int
    height: int  # lines in it
    columns: list[list[str]] | None
    rows: list[list[str]]
    even: bool = True  # each row is one line


def blocks(text: io.TextIOWrapper, dialect: Dialect, width: int) -> Iterator[Block]:
    """All rows of the file, a block at a time.

    As long as there is no quote, a block is cut by `str.split` alone, which needs no list for each row; from the
    first quote on the csv module reads.
    """
    line = dialect.first + dialect.skip
    for _ in range(dialect.skip):
        text.readline()
    rest = ""
    while chunk := text.read(_BLOCK):
        chunk = rest + chunk
        if (dialect.quote and dialect.quote in chunk) or len(chunk) > 8 * _BLOCK:
            break
        end = chunk.rfind("\n") + 1
        body = chunk[:end].replace("\r\n", "\n")[:-1]
        if "\r" in chunk[end:-1] or "\r" in body:
            break
        rest = chunk[end:]
        if end:
            block = _block(body, dialect, width, line)
            line += block.height
            yield block
    else:
        if rest:
            yield _block(rest.rstrip("\r"), dialect, width, line)
        return
    first = io.StringIO(chunk + text.readline(), newline="")
    reader = csv.reader(chain(first, text), **dialect.options())
    while True:
        before = reader.line_num
        rows: list[list[str]] = []
        try:
            rows.extend(islice(reader, _ROWS))
        except csv.Error:
            rows.append(["\ufffd"])
        if not rows:
            return
        even = reader.line_num - before == len(rows)
        columns = None
        if even and len({*map(len, rows)}) == 1:
            columns = [*map(list, zip(*rows, strict=True))]
        yield Block(line + before, len(rows), columns, rows, even)


def _block(body: str, dialect: Dialect, width: int, line: int) -> Block:
    """The lines of `body`, in which there is no quote."""
    mark = dialect.delimiter
    count = body.count("\n") + 1
    cells = body.replace("\n", f"{mark}\n{mark}").split(mark)
    cells.append("\n")
    # A line break stands behind every row's last cell: then all rows have the same width.
    if len(cells) == count * (width + 1) and cells[width :: width + 1].count("\n") == count:
        return Block(line, count, [cells[i :: width + 1] for i in range(width)], [])
    return Block(line, count, None, [row.split(mark) for row in body.split("\n")])


def height(cells: list[str]) -> int:
    """How many lines of the file a row took."""
    breaks = 0
    for cell in cells:
        if "\n" in cell or "\r" in cell:
            breaks += len(cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1
    return breaks + 1
