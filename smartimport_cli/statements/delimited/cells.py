"""Cells of a row, and what they say to a person."""

import re
from collections.abc import Sequence

from smartimport_cli.core.text import clean, mask_account, shorten

_LONG_NUMBER = re.compile(r"\b[A-Z]{0,2}\d[\dA-Z]{7,}\b")


def cell_at(cells: Sequence[str], index: int | None) -> str:
    return cells[index] if index is not None and index < len(cells) else ""


def plain(cell: str) -> str:
    """The cell without the `="..."` by which a spreadsheet is told that it is text."""
    return cell[2:-1] if cell[:2] == '="' and cell[-1:] == '"' and len(cell) > 2 else cell


def clean_all(cells: Sequence[str]) -> list[str]:
    """`clean` of every cell; where nothing needs it, at the price of one scan of them all."""
    text = "\x1f".join(cells)
    if '="' in text:
        return [clean(plain(cell)) for cell in cells]
    if text.count("\x1f") >= len(cells):
        return list(map(clean, cells))  # a cell has the separator in it
    # The separators count as blanks at the edges, so look for blanks beside them.
    body = text.replace("\x1f", "|")
    inside = "  " not in text and "\x1f " not in text and " \x1f" not in text
    if inside and body.isprintable() and text[:1] != " " and text[-1:] != " ":
        return list(cells)
    return list(map(clean, cells))


def joined(cells: Sequence[str]) -> str:
    """The parts of a description, each once."""
    text = ""
    for cell in cells:
        if cell and cell not in text:
            text = f"{text} {cell}" if text else cell
    return text


def first_text(cells: Sequence[str], texts: Sequence[int]) -> str:
    return next((text for i in texts if (text := clean(cell_at(cells, i)))), "")


def shown(cells: Sequence[str]) -> str:
    """A row for people: clean, its long numbers masked, short."""
    text = clean(" | ".join(cell.strip() for cell in cells if cell.strip()))
    return shorten(_LONG_NUMBER.sub(lambda match: mask_account(match[0]), text), 160)
