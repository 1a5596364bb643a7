"""Amounts and days of recognised pages as they were printed, where the engine took one mark for another."""

import re
from collections.abc import Sequence
from dataclasses import replace

from smartimport_cli.core.documents import Page, Word
from smartimport_cli.statements.delimited.words import MONTHS, normal
from smartimport_cli.statements.paper.lines import Line, Piece

_SPECK = re.compile(r"[.,:;'`‘’]+(?=\d[\d.,]*[.,]\d\d$)")
_TWO_DECIMALS = re.compile(r"\d+([.,])\d\d")
_DAY = re.compile(r"([A-Za-z]{3})[Oo](\d)")
_MENDED = 0.7  # confidence at most: a doubt that is said unless balances prove the row


def mended(page: Page) -> Page:
    """A page, where it is recognised, without dirty spots before its amounts (`.50.52` is 50.52), and with digits
    in its days (`SEPO3`)."""
    return replace(page, words=list(map(_mended, page.words))) if page.scanned else page


def _mended(word: Word) -> Word:
    if match := _SPECK.match(word.text):
        return word._replace(text=word.text[match.end() :])
    if (match := _DAY.fullmatch(word.text)) and normal(match[1]) in MONTHS:
        return word._replace(text=f"{match[1]}0{match[2]}")
    return word


def with_decimal_mark(lines: Sequence[Line], decimal: str) -> list[Line]:
    """The lines with their amounts as the document writes them: where 73.87 has a point, `73,87` can be nothing
    else, for groups have three digits."""
    return [line._replace(pieces=[_marked(piece, decimal) for piece in line.pieces]) for line in lines]


def _marked(piece: Piece, decimal: str) -> Piece:
    token = piece.token
    if piece.kind != "money" or token is None:
        return piece
    match = _TWO_DECIMALS.fullmatch(token.number)
    if match is None or match[1] == decimal:
        return piece
    number = token.number.replace(match[1], decimal)
    return piece._replace(token=token._replace(number=number), confidence=min(piece.confidence, _MENDED))
