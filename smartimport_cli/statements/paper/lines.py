"""Words on a page become lines, and the words of a line become pieces: days, amounts, marks, text."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from statistics import median
from typing import NamedTuple

from smartimport_cli.core.documents import Page, Word
from smartimport_cli.core.model import PAGE
from smartimport_cli.statements import days
from smartimport_cli.statements.days import Day
from smartimport_cli.statements.delimited import numbers
from smartimport_cli.statements.delimited.numbers import Token
from smartimport_cli.statements.paper import vocabulary

_SAME_LINE = 0.5  # of a word's height: how far middles may lie apart
_CELL = 0.75  # of a word's height: a wider gap ends a cell
_TOUCH = 0.1  # of a word's height: how far letters of one word may lie apart
_SPACE = 0.6  # of a word's height: a gap within one number (thousands set apart by a blank)
_APART = 2.5  # of a word's height: how far a sign may stand from its number
_USUAL = re.compile(r"-?\d[\d.,]{0,30}[.,]\d\d")  # an amount as most are written
_FRACTION = re.compile(r"[.,]\d{2}\)?[-+−–]?$|\d[,.]-{1,2}$|\d[.,]\d{2}\D{0,4}$")
_GROUPED = re.compile(r"[-+−–(]?\D{0,3}\d{1,3}([.,'’ ]\d{2,3})*[-+]?\)?$")
_HEAD = re.compile(r"[-+−–]?\D{0,3}\d{1,3}$")
_GROUP = re.compile(r"\d{3}(?:[.,]\d{2,3}\)?[-+−–]?)?$")
_CENTS = re.compile(r"\d{2}\)?[-+−–]?")
_SIGNS = frozenset("-+−–—(")
_COVERS = ("****", "••••")  # digits of a card's number
_SHORT = 4  # letters of a word that may stand before a day, as a weekday's or `vom`
_POINTED = re.compile(r"\d{1,2}\.\d{1,2}\.")  # a day of a month, and no amount
_TWO_DAYS = re.compile(r"(\d{1,2}\.\d{1,2}\.(?:\d{2,4})?)/(\d{1,2}\.\d{1,2}\.(?:\d{2,4})?)")
_DASHES = frozenset("-−–—")
_UNITS = frozenset((*numbers.SYMBOLS, *numbers.CODES)) - {"R", "kr", "TL", "lei"}
_AFTER = re.compile(
    r"(?:[A-Z]{3}|€|£|\$|zł|Kč)?[-+−–—)]|CR\.?|DR\.?|C|D|S|H|cr\.?|dr\.?|Cr\.?|Dr\.?|DB|OD|O/D|Af|Bij|AF|BIJ|Db|[A-Z]{3}|€|£|\$|zł|Kč"
)


class Piece(NamedTuple):
    """Some words of a line that belong together. `kind`: text, day, money, whole (a number without decimals
    that may be an amount), mark (CR, S, Bij, +)."""

    kind: str
    text: str
    left: float
    right: float
    confidence: float
    token: Token | None = None
    day: Day | None = None
    sign: bool | None = None  # a mark's: money in


class _Known(NamedTuple):
    """What the letters of a word say wherever it stands. Most words of a statement stand in it many times."""

    digits: bool
    letters: bool  # more than a mark or a currency's sign has
    amount: tuple[str, Token] | None  # its kind and parts, where it is one without the words beside it
    sign: bool | None  # a mark's


class Line(NamedTuple):
    """One line of a page; `place` is its row number in the model's sense (see `core.model.PAGE`)."""

    place: int
    page: int
    top: float
    bottom: float
    words: list[Word]
    pieces: list[Piece]
    scanned: bool

    @property
    def text(self) -> str:
        return " ".join([word.text for word in self.words])

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 1.0)

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)


def lines_of(pages: Iterable[Page]) -> list[Line]:
    """All lines of a document from the top of its first page on."""
    found: list[Line] = []
    for page in pages:
        rows = [(words, pieces_of(words)) for words in _rows(page)]
        for number, (words, pieces) in enumerate(_box_apart(rows), 1):
            top, bottom = min([w.top for w in words]), max([w.bottom for w in words])
            found.append(
                Line(page.number * PAGE + number, page.number, top, bottom, words, pieces, page.scanned)
            )
    return found


_Row = tuple[list[Word], list[Piece]]


def _box_apart(rows: list[_Row]) -> list[_Row]:
    """The lines of a page with those of a box that stands beside its table, as summaries of cards do, behind them:
    where a day, a text and an amount are followed by another text and amount, and the texts there name balances."""
    edges = [found for _, pieces in rows if (found := _second_part(pieces)) is not None]
    if len(edges) < 2:
        return rows
    left, right = max(edge[0] for edge in edges), min(edge[1] for edge in edges)
    beside = [[p for p in pieces if p.left >= right - 1] for _, pieces in rows]
    names = [" ".join(p.text for p in part if p.kind == "text") for part in beside]
    kinds = {vocabulary.balance_kind(name) for name, part in zip(names, beside, strict=True) if _has_money(part)}
    if left >= right or not {"opening", "closing"} & kinds or sum(map(_has_money, beside)) < 3:
        return rows
    table: list[_Row] = []
    box: list[_Row] = []
    for (words, pieces), part in zip(rows, beside, strict=True):
        kept = [p for p in pieces if p.right <= left + 1]
        if not part or len(kept) + len(part) < len(pieces):  # it runs over the gap, or does not come near
            table.append((words, pieces))
            continue
        box.append(([w for w in words if w.left >= right - 1], part))
        if kept:
            table.append(([w for w in words if w.right <= left + 1], kept))
    return table + box


def _second_part(pieces: list[Piece]) -> tuple[float, float] | None:
    """Where a row with a day, a text and an amount ends, and a text with an amount of its own begins."""
    kinds = [p.kind for p in pieces]
    if "day" not in kinds[:3] or kinds.count("money") < 2 or "text" not in kinds:
        return None
    at = next((i for i in range(kinds.index("text"), len(kinds)) if kinds[i] == "money"), len(kinds))
    if "text" not in kinds[at:]:
        return None
    if vocabulary.balance_kind(" ".join(p.text for p in pieces[:at] if p.kind == "text")):
        return None
    for i in range(at + 1, len(kinds)):
        if kinds[i] == "text" and sum(map(str.isalpha, pieces[i].text)) > 3:
            return (pieces[i - 1].right, pieces[i].left) if "money" in kinds[i + 1 :] else None
    return None


def _has_money(pieces: list[Piece]) -> bool:
    return any(piece.kind == "money" for piece in pieces)


def _rows(page: Page) -> list[list[Word]]:
    """The words of a page by lines, each from left to right."""
    words = [w for w in page.words if w.right > w.left and w.bottom > w.top and not _is_rule(w, page.scanned)]
    if not words:
        return []
    usual = median(w.bottom - w.top for w in words)
    rows: list[list[Word]] = []
    middle = 0.0
    for word in sorted(words, key=lambda w: w.top + w.bottom):
        own = (word.top + word.bottom) / 2
        if own == middle and rows:
            rows[-1].append(word)
            continue
        reach = _SAME_LINE * min(max(word.bottom - word.top, usual * 0.6), usual * 1.2)
        if rows and own - middle <= reach:
            row = rows[-1]
            row.append(word)
            middle += (own - middle) / len(row)
        else:
            rows.append([word])
            middle = own
    return _without_dashes([_of_glyphs(sorted(row, key=lambda w: w.left)) for row in rows])


def _of_glyphs(row: list[Word]) -> list[Word]:
    """The words of a line that was written letter by letter, which are where its letters touch."""
    if len(row) < 4 or 5 * sum(len(word.text) == 1 for word in row) < 3 * len(row):
        return row
    found = [row[0]]
    for word in row[1:]:
        last = found[-1]
        if word.left - last.right < _TOUCH * (word.bottom - word.top):
            found[-1] = last._replace(
                text=last.text + word.text,
                right=max(last.right, word.right),
                top=min(last.top, word.top),
                bottom=max(last.bottom, word.bottom),
                confidence=min(last.confidence, word.confidence),
            )
        else:
            found.append(word)
    return found


def _without_dashes(rows: list[list[Word]]) -> list[list[Word]]:
    """The lines without the dashes that stand in cells without an amount: those that end where amounts or the
    name of a column do."""
    dashes = [row[at] for row in rows for at, word in enumerate(row) if word.text in _DASHES and _fills_cell(row, at)]
    if not dashes:
        return rows
    ends = Counter(round(word.right) for row in rows for word in row if word.text[-1:].isdigit())
    names = {round(word.right) for row in rows for word in row if word.text[-1:].isalpha()}
    own = Counter(round(dash.right) for dash in dashes)
    near = {end: (end - 1, end, end + 1) for end in own}
    empty = {
        end
        for end, around in near.items()
        if sum(ends[at] for at in around) > 1 or (own[end] > 1 and not names.isdisjoint(around))
    }
    left_out = {id(dash) for dash in dashes if round(dash.right) in empty}
    return [kept for row in rows if (kept := [word for word in row if id(word) not in left_out])]


def _fills_cell(row: list[Word], at: int) -> bool:
    """Whether a word has a cell of its own."""
    word = row[at]
    gap = _CELL * max(w.bottom - w.top for w in row)
    return (at == 0 or word.left - row[at - 1].right > gap) and (
        at + 1 == len(row) or row[at + 1].left - word.right > gap
    )


def _is_rule(word: Word, scanned: bool) -> bool:
    """Lines drawn with characters, and specks that were taken for them."""
    text = word.text
    if text[:1].isalnum() or text in _COVERS:
        return False
    if len(text) > 3 and not any(map(str.isalnum, text)):
        return True
    return (
        scanned and len(text) == 1 and not text.isalnum() and text not in "-+−–—€$£" and word.confidence < 0.9
    )


def cells_of(words: list[Word]) -> list[list[Word]]:
    """The words of a line, parted where a gap is wider than between words of a phrase."""
    cells: list[list[Word]] = []
    for word in words:
        if cells and word.left - cells[-1][-1].right <= _CELL * (word.bottom - word.top):
            cells[-1].append(word)
        else:
            cells.append([word])
    return cells


def pieces_of(words: list[Word]) -> list[Piece]:
    """The pieces of a line that has these words, from left to right."""
    pieces: list[Piece] = []
    text: list[Word] = []
    known = [_known(word.text) for word in words]
    begin = next((i for i, word in enumerate(known) if word.letters), -1)
    at = 0
    while at < len(words):
        # Before the first word of text a number such as 10.12 is a day.
        piece, used = _special(words, known, at, leads=at <= begin)
        if piece is None:
            text.append(words[at])
            at += 1
            continue
        if text:
            pieces.extend(map(_joined, cells_of(text)))
            text = []
        pieces.append(piece)
        at += used
    if text:
        pieces.extend(map(_joined, cells_of(text)))
    return pieces


@lru_cache(maxsize=16384)
def _known(text: str) -> _Known:
    if _USUAL.fullmatch(text):  # what follows would find the same, in five times the time
        negative = text[0] == "-"
        return _Known(True, False, ("money", Token(negative, negative, text[negative:], None, None)), None)
    digits = any(map(str.isdigit, text))
    token = numbers.token(text) if digits else None
    kind = _kind(text) if token is not None else ""
    return _Known(
        digits,
        sum(map(str.isalpha, text)) > 2,
        (kind, token) if kind and token is not None else None,
        vocabulary.direction(text) if len(text) <= 6 else None,
    )


def _kind(number: str) -> str:
    """Money, whole, or nothing that can be an amount."""
    return "money" if _FRACTION.search(number) else "whole" if _GROUPED.match(number) else ""


def _joined(words: list[Word]) -> Piece:
    return Piece(
        "text",
        " ".join([w.text for w in words]),
        words[0].left,
        words[-1].right,
        min([w.confidence for w in words]),
    )


def _special(words: list[Word], known: list[_Known], at: int, *, leads: bool) -> tuple[Piece | None, int]:
    """The day, amount or mark that begins with this word, and how many words it takes. Where it `leads`, only
    numbers and marks stand before it, and text behind."""
    word, of_word = words[at], known[at]
    follows = at + 1 < len(words)
    if of_word.digits:
        money, used = _money(words, known, at)
        if money is not None and money.kind == "money" and not (
            (leads or _no_amount(word.text, money)) and _day_too(word.text)
        ):
            return money, used
        day, taken = _day(words, at)
        if day is not None:
            return day, taken
        if money is not None:
            return money, used
    elif follows and len(word.text) <= 4:
        if _leads_amount(word.text):
            money, used = _money(words, known, at)
            if money is not None and money.kind == "money":
                return money, used
        else:
            money, used = None, 0
        ahead = known[at + 1 : at + 4]
        day, taken = _day(words, at) if any(other.digits for other in ahead) else (None, 0)
        if day is not None:
            return day, taken
        if money is not None:
            return money, used
    elif follows and known[at + 1].digits and word.text[0].isalpha():
        day, taken = _day(words, at)
        if day is not None:
            return day, taken
    if of_word.sign is not None and _stands_alone(words, known, at):
        return Piece("mark", word.text, word.left, word.right, word.confidence, sign=of_word.sign), 1
    return None, 0


def _no_amount(text: str, money: Piece) -> bool:
    """Whether no bank would write an amount so: `02.12.`, `02.12.25`."""
    if _POINTED.fullmatch(text):
        return True
    number = money.token.number if money.token is not None else ""
    several = number.count(".") > 1 or number.count(",") > 1
    return several and not numbers.marks_of(number)


def _day_too(text: str) -> bool:
    """`10.12` is a day as well; where it stands tells."""
    return days.read(text) is not None


def _day(words: list[Word], at: int) -> tuple[Piece | None, int]:
    text = words[at].text
    if text[:1].isalpha() and not (len(text) <= _SHORT or vocabulary.names_day(text) or days.read(text)):
        return None, 0  # `Saldo 31.12.2025` is a label and a day, `DEC02` a day
    best, used = days.read(text) or _first_of_two(text) or _in_brackets(text), 1
    for count in range(2, 5):
        if at + count > len(words):
            break
        word = words[at + count - 1]
        if word.left - words[at + count - 2].right > 1.2 * (word.bottom - word.top):
            break
        text = f"{text} {word.text}"
        day = days.read(text)
        # A third word is a year: "2 Nov" does not eat the "20" of what follows.
        if day is not None and (best is None or day.readings[0][1] is not None):
            best, used = day, count
    if best is None:
        return None, 0
    taken = words[at : at + used]
    confidence = min(w.confidence for w in taken)
    return Piece("day", best.text, taken[0].left, taken[-1].right, confidence, day=best), used


def _in_brackets(text: str) -> Day | None:
    """The day of the value below that of the booking: `(02-12)`."""
    return days.read(text[1:-1]) if text[:1] == "(" and text[-1:] == ")" else None


def _first_of_two(text: str) -> Day | None:
    """The day of the booking in a cell that holds it and the value day, `02.12./03.12.`."""
    match = _TWO_DAYS.fullmatch(text)
    return days.read(match[1]) if match and days.read(match[2]) else None


def _money(words: list[Word], known: list[_Known], at: int) -> tuple[Piece | None, int]:
    """The amount that begins with this word: with what belongs to it, as sign, currency, or blanks within."""
    if known[at].digits and (at + 1 == len(words) or not _near(words, at + 1, _APART)):
        if (amount := known[at].amount) is None:
            return None, 0
        word = words[at]
        return Piece(amount[0], word.text, word.left, word.right, word.confidence, token=amount[1]), 1
    end = at
    height = max([word.bottom - word.top for word in words[at : at + 3]])  # a dash is flat
    while end < len(words) and _leads_amount(words[end].text) and end - at < 3:
        if end > at and words[end].left - words[end - 1].right > _APART * height:
            return None, 0
        end += 1
    if end == len(words) or not known[end].digits:
        return None, 0
    if end > at and words[end].left - words[end - 1].right > _APART * height:
        return None, 0
    text = words[end].text
    end += 1
    if _HEAD.match(text):
        while end < len(words) and _GROUP.match(words[end].text) and _near(words, end, _SPACE):
            text += " " + words[end].text
            end += 1
            if not text[-3:].isdigit():
                break
    elif (
        text[-1] in ".,"
        and end < len(words)
        and _near(words, end, _SPACE)
        and _CENTS.fullmatch(words[end].text)
    ):
        text += words[end].text  # recognised with a blank: "215, 36-"
        end += 1
    whole = " ".join([*[w.text for w in words[at:end] if _leads_amount(w.text)], text])
    while end < len(words) and _AFTER.fullmatch(words[end].text) and _near(words, end, _APART):
        mark = words[end].text
        if mark.isalpha() and len(mark) == 3 and mark not in numbers.CODES:
            break
        if len(mark) == 1 and mark.isalpha() and end + 1 < len(words) and _near(words, end + 1, _SPACE):
            break  # text goes on: `24 D Street`
        if numbers.token(f"{whole} {mark}") is None:
            break
        whole = f"{whole} {mark}"
        end += 1
    token = numbers.token(whole)
    if token is None:
        return None, 0
    kind = _kind(text)
    if not kind:
        return None, 0
    used = words[at:end]
    number = [w for w, of_word in zip(used, known[at:end], strict=True) if of_word.digits]
    return (
        Piece(kind, " ".join([w.text for w in used]), number[0].left, number[-1].right,
              min([w.confidence for w in used]), token=token),
        end - at,
    )  # fmt: skip


def _leads_amount(text: str) -> bool:
    """Whether a word is what may stand before a number: `-`, `€`, `(EUR`."""
    return text in _SIGNS or text in _UNITS or (text[:1] in _SIGNS and text[1:] in _UNITS)


def _near(words: list[Word], at: int, reach: float) -> bool:
    word, before = words[at], words[at - 1]
    return word.left - before.right <= reach * max(word.bottom - word.top, before.bottom - before.top)


def _stands_alone(words: list[Word], known: list[_Known], at: int) -> bool:
    """Whether a short word is a cell of its own, or beside an amount."""
    word = words[at]
    gap = _CELL * (word.bottom - word.top)
    before = at == 0 or word.left - words[at - 1].right > gap or (known[at - 1].amount or ("",))[0] == "money"
    after = at + 1 == len(words) or words[at + 1].left - word.right > gap
    return before and after
