"""What the transactions of a report mean: one of any layout, or many plain ones a column at a time."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import repeat
from operator import itemgetter, mul
from typing import NamedTuple

from smartimport_cli.core.model import Issue, StagedTransaction, where
from smartimport_cli.core.money import DECIMALS, exponent
from smartimport_cli.core.text import clean
from smartimport_cli.statements.bai2 import values
from smartimport_cli.statements.bai2.records import Found, Piece, split_piece
from smartimport_cli.statements.mt940.rows import own_reference, own_references
from smartimport_cli.statements.wording import described, doubts, speaks_of_balance

NON_MONETARY = "890"
_CACHE = 8192  # texts remembered
_LONGEST = 1 << 14  # characters of a text that are kept
_DIGIT = re.compile(r"[1-9]")
_SIGNS = {
    f"{code}": values.direction(f"{code}") for code in (*range(101, 400), *range(401, 700), *range(920, 1000))
}


class Detail(NamedTuple):
    """A 16 record."""

    code: str
    amount: str
    funds: str
    value_date: str
    bank_reference: str
    customer_reference: str
    text: str


class RowReader:
    """Makes staged transactions of the details of one file; remembers what comes again."""

    def __init__(self) -> None:
        self._texts = _Texts()
        self._funds = {"", "Z", "0", "1", "2"}  # that are known to be good

    def expect(self, width: int) -> None:
        """The file says that its lines have this many characters."""
        self._texts.width = width

    def are_plain(self, found: Sequence[Found]) -> bool:
        """Whether all of these have a type of the usual range, and value dates in the calendar."""
        if not _SIGNS.keys() >= set(map(itemgetter(1), found)):
            return False
        for funds in set(map(itemgetter(3), found)) - self._funds:
            try:
                values.parse_day(funds[2:8])
            except ValueError:
                return False
            self._funds.add(funds)
        return True

    def many(
        self, found: Sequence[Found], lines: Sequence[int], day: date, currency: str
    ) -> Iterator[StagedTransaction]:
        """Plain transactions (see `are_plain`) of `day`."""
        wholes, codes, amounts, _, banks, customers, texts, more = zip(*found, strict=True)
        unit = _unit(currency)
        worth = {code: unit * _SIGNS[code] for code in set(codes)}
        if len(self._texts) > _CACHE:
            self._texts.clear()
        widths: Iterable[int] = repeat(0)
        if self._texts.width is not None:
            widths = [len(whole) - 1 - len(rest) for whole, rest in zip(wholes, more, strict=True)]
        named = list(map(self._texts.__getitem__, zip(texts, more, widths, strict=False)))
        if ("", "") in named:
            named = [
                name if name[0] else _nameless(code, customer)
                for name, code, customer in zip(named, codes, customers, strict=True)
            ]
        return map(
            partial(tuple.__new__, StagedTransaction),
            zip(
                lines,
                repeat(day),
                map(mul, map(int, amounts), map(worth.__getitem__, codes)),
                repeat(currency),
                map(itemgetter(0), named),
                map(itemgetter(1), named),
                own_references(banks),
                repeat(None),
                repeat(None),
                repeat(False),
                (doubts(name[0]) for name in named) if self._texts.balances else repeat(()),
            ),
        )

    def one(
        self, pieces: Sequence[Piece], line: int, day: date | None, currency: str
    ) -> tuple[StagedTransaction, Detail]:
        """A transaction of any layout. Raises ValueError with the reason where it cannot be read."""
        detail = parse_detail(pieces, self._texts.width)
        sign = values.direction(detail.code)
        units = values.parse_amount(detail.amount) * _unit(currency) * sign
        issues: list[Issue] = []
        if detail.funds == "V":
            try:
                value_day = values.parse_day(detail.value_date)
                day = day or value_day
            except ValueError as error:
                issues.append(Issue("impossible-date", f"Its value date: {error}.", where(line)))
        if day is None:
            raise ValueError("its group has no as-of date")
        if int(detail.code) in values.LOANS:
            message = f"Type {detail.code} is of a loan: whether it is money in or out depends on the bank."
            issues.append(Issue("loan-entry", message, where(line)))
        description, who = _named(detail.text)
        if not description:
            description, who = _nameless(detail.code, detail.customer_reference)
        row = StagedTransaction(
            line, day, units, currency, description, who, own_reference(detail.bank_reference),
            issues=(*issues, *doubts(description)),
        )  # fmt: skip
        return row, detail


class _Texts(dict[tuple[str, str, int], tuple[str, str]]):
    """Description and merchant by the text of a plain transaction, the 88 lines behind it, and the characters of
    the line that it begins on, where that matters."""

    def __init__(self) -> None:
        self.width: int | None = None  # characters of each line, where the file says so
        self.balances = False  # one speaks of a balance

    def __missing__(self, raw: tuple[str, str, int]) -> tuple[str, str]:
        text, more, width = raw
        begin = split_piece(0, text, text)
        pieces = [begin._replace(width=width - len(text) + begin.width)]
        for line in more.split("\n")[1:]:
            pieces.append(split_piece(0, line.lstrip()[3:], line))
        found = self[raw] = _named(joined(pieces, self.width))
        self.balances = self.balances or speaks_of_balance(found[0])
        return found


def _named(text: str) -> tuple[str, str]:
    """Description and merchant for a text; both are empty where it says nothing."""
    plain = clean(text[:_LONGEST])
    return described("", plain) if plain else ("", "")


def parse_detail(pieces: Sequence[Piece], width: int | None) -> Detail:
    """The fields of a 16 record. What is not known as a funds type is taken for the first reference."""
    fields = _Fields(pieces)
    code, amount, funds = fields.next(), fields.next(), fields.next()
    value_date = ""
    if funds == "V":
        value_date, _ = fields.next(), fields.next()
    elif funds == "S":
        fields.skip(3)
    elif funds == "D":
        fields.skip(2 * (values.parse_count(fields.next()) or 0))
    bank = fields.next() if funds in values.FUNDS else funds
    return Detail(code, amount, funds, value_date, bank, fields.next(), joined(fields.rest(), width))


def joined(pieces: Sequence[Piece], width: int | None) -> str:
    """Lines of a text as one: where the file has lines of `width`, a full one goes on without a blank."""
    text = ""
    for piece in pieces:
        full = width is not None and piece.width >= width and not piece.ended
        text += piece.text if full else f"{piece.text} "
    return text


class _Fields:
    """The fields of a record one after the other; a continuation goes on with the next one."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = list(reversed(pieces))
        self._piece = self._pieces.pop()
        self._at = 0  # where its next field begins; behind its end where there is none

    def next(self) -> str:
        if self._at > len(self._piece.text):
            if not self._pieces:
                return ""
            self._piece, self._at = self._pieces.pop(), 0
        text, begin = self._piece.text, self._at
        comma = text.find(",", begin)
        end = len(text) if comma < 0 else comma
        self._at = end + 1
        return text[begin:end].strip()

    def skip(self, count: int) -> None:
        for _ in range(count):
            if self._at > len(self._piece.text) and not self._pieces:
                break
            self.next()

    def rest(self) -> list[Piece]:
        """What has not been taken: the text."""
        begun = self._at <= len(self._piece.text)
        first = [self._piece._replace(text=self._piece.text[self._at :])] if begun else []
        return [*first, *reversed(self._pieces)]


def _unit(currency: str) -> int:
    """Units of the currency's minor unit."""
    return int(10 ** (DECIMALS - exponent(currency)))


def _nameless(code: str, customer: str) -> tuple[str, str]:
    """Description and merchant of a transaction without any text."""
    kind = values.KINDS.get(code, f"Transaction of type {code}")
    customer = clean(customer)
    return (f"{kind} {customer}" if _DIGIT.search(customer) else kind), kind
