"""Rows of entries: one each, which is what the balance counts."""

import re
from collections.abc import Sequence
from datetime import date
from xml.etree import ElementTree  # only text that `document.check` has let through

from smartimport_cli.core.model import StagedTransaction, Unreadable
from smartimport_cli.core.privacy import mask_numbers
from smartimport_cli.core.text import clean, shorten
from smartimport_cli.statements.camt.amounts import parse_amount
from smartimport_cli.statements.camt.statement import OpenStatement
from smartimport_cli.statements.camt.values import NO_TEXT, Values, plain_values, values_of
from smartimport_cli.statements.wording import described, doubts

_CACHE = 8192  # texts remembered
_LONGEST = 1 << 12  # characters of a text that are kept
_PENDING = frozenset(["PDNG", "INFO", "FUTR"])
_XMLNS = re.compile(r"""\sxmlns=(?:"[^"]*"|'[^']*')""")
_TAG = re.compile(r"<[^>]*>")
_YEARS = range(1950, 2101)


class EntryReader:
    """Makes rows of the entries of one file; remembers dates and texts that come again."""

    def __init__(self) -> None:
        self._days: dict[str, date] = {}
        self._texts: dict[tuple[str, str], tuple[str, str]] = {}

    def read(
        self, entries: Sequence[str], lines: Sequence[int], namespaces: dict[str, str], statement: OpenStatement
    ) -> tuple[list[StagedTransaction], list[Unreadable]] | None:
        """The rows of these entries (text without a prefix), and those that are none; None where one is no XML by
        itself, so that they cannot be told apart."""
        found = list(map(plain_values, entries))
        if None in found:
            others = _built([e for e, values in zip(entries, found, strict=True) if values is None], namespaces)
            if others is None:
                return None
            rest = iter(others)
            found = [values or next(rest) for values in found]
        rows: list[StagedTransaction] = []
        unreadable: list[Unreadable] = []
        for values, line, entry in zip(found, lines, entries, strict=True):
            assert values is not None
            try:
                rows.append(self._row(values, line, statement))
            except ValueError as error:
                text = clean(_TAG.sub(" ", entry[:2000]))
                unreadable.append(Unreadable(line, str(error), shorten(mask_numbers(text[:400]), 120)))
        return rows, unreadable

    def _row(self, values: Values, line: int, statement: OpenStatement) -> StagedTransaction:
        amount, currency, way, reversal, status, booked, valued, reference, name, text = values
        units = parse_amount(amount)
        if way not in ("CRDT", "DBIT"):
            raise ValueError(f"'{clean(way)[:12]}' is neither debit nor credit" if way else "no sign")
        if way == "DBIT":  # the sign is that of the entry itself: a reversed debit is a credit
            units = -units
        pending = status in _PENDING
        if reversal and not pending:
            statement.reversed(units)
        day = self._days.get(booked) or self._day(booked or valued)
        known = self._texts.get((name, text))
        if known is None:
            if len(self._texts) >= _CACHE:
                self._texts.clear()
            known = self._texts[name, text] = described(clean(name[:_LONGEST]), clean(text[:_LONGEST]))
        description, who = known
        if not description:
            description = who = "Reversal" if reversal else "Payment" if way == "DBIT" else "Receipt"
        return StagedTransaction(
            line, day, units, statement.row_currency(currency), description, who,
            None if reference.upper() in NO_TEXT else clean(reference), None, None, pending, doubts(description),
        )  # fmt: skip

    def _day(self, text: str) -> date:
        """The day of a date or a time. Raises ValueError with the reason."""
        if not text:
            raise ValueError("no date")
        try:
            day = date.fromisoformat(text[:10])
            if day.year not in _YEARS:
                raise ValueError
        except ValueError:
            raise ValueError(f"'{clean(text)[:24]}' is no date") from None
        if len(self._days) >= _CACHE:
            self._days.clear()
        self._days[text] = day
        return day


def _built(entries: Sequence[str], namespaces: dict[str, str]) -> list[Values] | None:
    """The values of entries by their elements; None where these are not as many, or no XML by themselves."""
    text = "".join(entries)
    if " xmlns=" in text:
        text = _XMLNS.sub("", text)
    declared = " ".join(f'{key}="{clean(value)}"' for key, value in namespaces.items() if '"' not in value)
    declared = declared.replace("&", "&amp;").replace("<", "&lt;")
    try:
        elements = ElementTree.fromstring(f"<e {declared}>{text}</e>")  # noqa: S314 - see above
    except ElementTree.ParseError:
        return None
    return list(map(values_of, elements)) if len(elements) == len(entries) else None
