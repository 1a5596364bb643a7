"""What cards are made of: text that is escaped, tables, the card itself."""

from collections.abc import Iterable, Sequence
from html import escape

from smartimport_cli.core.text import clean

TOP = 8


def card(title: str, body: str) -> str:
    """A card with its title; `body` is HTML."""
    return f'<article class="card"><h3>{escaped(title)}</h3>{body}</article>'


def table_of(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str, *, opened: bool = False) -> str:
    """Exact figures; folded away under a chart, which says them already."""
    heads = "".join(
        f'<th scope="col"{" class=number" if place else ""}>{escaped(name)}</th>' for place, name in enumerate(head)
    )
    lines = "".join(
        f'<tr><th scope="row">{escaped(first)}</th>{"".join(f"<td class=number>{escaped(cell)}</td>" for cell in cells)}</tr>'
        for first, *cells in rows
    )
    table = (
        f'<div class="scroll"><table><caption class="unseen">{escaped(caption)}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )
    return table if opened else f"<details><summary>The figures</summary>{table}</details>"


def escaped(text: str) -> str:
    """A text as HTML, without control characters."""
    return escape(clean(text))
