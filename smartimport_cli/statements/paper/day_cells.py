"""The days of rows: below the names of their columns, at the beginning of a line, or broken over two lines."""

import re

from smartimport_cli.core.documents import Word
from smartimport_cli.statements import days as days_of_paper
from smartimport_cli.statements.days import of_digits, orders_of_digits, read
from smartimport_cli.statements.delimited import words as vocabulary_of_columns
from smartimport_cli.statements.paper.headers import header_cells
from smartimport_cli.statements.paper.lines import Line, Piece

_GUESSED = 0.5  # confidence of what was not recognised as it is read
_DAY_BEGUN = re.compile(r"\d{1,2}(?:st|nd|rd|th|\.)?|\d{1,2}[-/. ](?:\d{1,2}|[^\W\d_]{3,12})[-/.]")
_DAY_ENDED = re.compile(r"(?:[^\W\d_]{3,12}\.?,?)?[- ]?(?:(?:19|20)\d\d)?")
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day,?$", re.IGNORECASE)
_NUMBERED = re.compile(r"\W*\d{1,8}\W*")
_TIME = re.compile(r"\b(?:time|zeit|uhrzeit|hora|heure|ora|tid|tijd|czas|cas)\b")  # a day can stand with its time


def day_names(header: list[Word]) -> list[tuple[float, float, str]]:
    """The cells of a header that name columns of days: left, right, name (with the words of its other lines)."""
    cells = list(header_cells(header))
    found = []
    for cell in cells:
        left, right = cell[0].left, cell[-1].right
        name = " ".join(w.text for w in cell)
        if vocabulary_of_columns.role_of(name) == "date" or _TIME.search(vocabulary_of_columns.normal(name)):
            over = [c for c in cells if c[0].left < right and left < c[-1].right]
            found.append((left, right, " ".join(w.text for c in over for w in c)))
    return found


def days_of(line: Line, names: list[tuple[float, float, str]]) -> list[Piece]:
    """The days of a row's line: those it begins with, and those below the names of such columns."""
    found = leading_days(line)
    if not names or (found and len(names) < 2):
        return found
    slack = line.height
    for piece in line.pieces:
        if piece.kind == "day" and piece not in found and any(
            piece.left < right + slack and left - slack < piece.right for left, right, _ in names
        ):  # fmt: skip
            found.append(piece)
    return found


def leading_days(line: Line) -> list[Piece]:
    """The days that a line begins with; a number, a weekday or a mark may stand before."""
    found: list[Piece] = []
    skipped = 0
    for piece in line.pieces:
        if piece.kind == "day":
            found.append(piece)
        elif not any(map(str.isalnum, piece.text)):
            continue
        elif not found and piece.kind in ("text", "whole", "mark") and skipped < 1 and len(piece.text) <= 12 and (
            _NUMBERED.fullmatch(piece.text) or len(piece.text) <= 4 or _WEEKDAY.match(piece.text)
        ):  # fmt: skip
            skipped += 1
        else:
            break
    return found[:3]


def with_days_below_names(body: list[Line], names: list[tuple[float, float, str]]) -> list[Line]:
    """The lines with days for what stands below the names of such columns: `02.12`, which could be an amount, and
    days without any mark (0212, 251202) where all of the column are."""
    digits = [[word.text for line in body for word in line.words if _is_under(word, name)] for name in names]
    bare = [{len(text) for text in texts if text.isdigit()} for texts in digits]
    orders = [orders_of_digits(texts) if sizes in ({4}, {6}) else frozenset()
              for texts, sizes in zip(digits, bare, strict=True)]  # fmt: skip
    return [_line_with_days(line, names, orders) for line in body]


def _line_with_days(
    line: Line, names: list[tuple[float, float, str]], orders: list[frozenset[str]]
) -> Line:
    pieces = list(line.pieces)
    for i, piece in enumerate(pieces):
        for name, possible in zip(names, orders, strict=True):
            if piece.kind == "day" or not _is_under(piece, name):
                continue
            day = None
            if piece.text.isdigit():
                day = of_digits(piece.text, possible) if possible else None
            elif piece.kind == "money":
                day = read(piece.text)
            if day is not None:
                pieces[i] = piece._replace(kind="day", day=day, token=None)
                break
    return line._replace(pieces=pieces) if pieces != line.pieces else line


def _is_under(part: Word | Piece, name: tuple[float, float, str]) -> bool:
    return part.left < name[1] and name[0] < part.right


def with_whole_days(body: list[Line], names: list[tuple[float, float, str]]) -> list[Line]:
    """The lines with days that a narrow column breaks (`12 Apr` over `2024`) put together again, where it breaks most:
    a year on a line of its own can also be that of the rows below."""
    found: list[Line] = []
    begun = broken = 0
    begins: list[Piece] = []  # of days, in the line above
    for line in body if names else ():
        if len(found) > 1 and (day := _around(found[-2], found[-1], line, names)):
            # The amounts stand in the middle of a day that takes two lines.
            broken += 1
            found[-2:] = [found[-1]._replace(pieces=[day, *found[-1].pieces])]
            continue
        pieces: list[tuple[Piece, Piece, Piece]] = []
        if begins and line.page == found[-1].page and line.top - found[-1].bottom < line.height:
            pieces = [(a, b, day) for b in line.pieces for a in begins if (day := _joined(a, b, names))]
        if pieces:
            broken += 1
            whole = {id(a): day for a, _, day in pieces}
            rest = [p for p in line.pieces if all(p is not b for _, b, _ in pieces)]
            words = [w for w in line.words if any(p.left <= w.left < p.right for p in rest)]
            found[-1] = found[-1]._replace(pieces=[whole.get(id(p), p) for p in found[-1].pieces])
            if not rest:
                continue
            line = line._replace(pieces=rest, words=words)
        begins = [piece for piece in line.pieces if _begins_day(piece, names)]
        begun += bool(begins)
        found.append(line)
    return found if broken > 1 and 2 * broken >= begun else body


def _around(above: Line, line: Line, below: Line, names: list[tuple[float, float, str]]) -> Piece | None:
    """The day that two lines with nothing else give the line between them."""
    if len(above.pieces) != 1 or len(below.pieces) != 1 or line.pieces[0].left <= above.right:
        return None
    if above.page != below.page or below.top - above.bottom > line.height:
        return None
    return _joined(above.pieces[0], below.pieces[0], names)


def _begins_day(piece: Piece, names: list[tuple[float, float, str]]) -> bool:
    """Whether a piece in a column of days can be the begin of one: a number, or a day without its year."""
    if not any(piece.left < right + 4 and left - 4 < piece.right for left, right, _ in names):
        return False
    if piece.day is not None:
        return piece.day.readings[0][1] is None
    return bool(_DAY_BEGUN.fullmatch(piece.text))


def _joined(above: Piece, below: Piece, names: list[tuple[float, float, str]]) -> Piece | None:
    """The day that begins with one piece and ends with one below it: a month, a year, or both."""
    if abs(above.left - below.left) > 2 or not _begins_day(above, names) or not _DAY_ENDED.fullmatch(below.text):
        return None
    for text in (f"{above.text} {below.text}", above.text + below.text):
        day = read(text)
        if day is not None and (above.day is None or day.readings[0][1] is not None):
            return above._replace(kind="day", text=day.text, day=day, token=None)
    return None


def day_of_booking(line: Line) -> Piece | None:
    """The day of a line that says no more than that it is that of the booking: `Buchungsdatum: 03.03.2025`."""
    found = [piece for piece in line.pieces if piece.kind == "day"]
    name = " ".join(piece.text for piece in line.pieces if piece.kind != "day")
    if len(found) != 1 or line.pieces[-1] is not found[0] or not name or len(line.pieces) != 2:
        return None
    role = vocabulary_of_columns.role_of(name)
    return found[0] if role == "date" and vocabulary_of_columns.booked(name) == 2 else None


def any_booked(days: list[Piece], names: list[tuple[float, float, str]]) -> bool:
    """Whether one of a row's own days stands below the name of the day of booking."""
    return any(
        _is_under(piece, name) and vocabulary_of_columns.booked(name[2]) == 2
        for piece in days
        for name in names
    )


def with_slash(line: Line) -> tuple[Line, list[Piece]]:
    """A recognised line whose first word is a day with a slash that was taken for a 1: `317` is 3/7. Without a day
    where none or several are possible."""
    first = line.pieces[0]
    readings = [
        f"{first.text[:at]}/{first.text[at + 1 :]}" for at, letter in enumerate(first.text) if letter in "1lI|"
    ]
    found = [(text, day) for text in readings if (day := days_of_paper.read(text)) is not None]
    if len(found) != 1:
        return line, []
    text, day = found[0]
    piece = first._replace(kind="day", text=text, confidence=min(first.confidence, _GUESSED), day=day, token=None)
    return line._replace(pieces=[piece, *line.pieces[1:]]), [piece]
