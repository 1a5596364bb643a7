"""Colours and marks, where the terminal has them; and the room that text takes."""

import re
import unicodedata
from dataclasses import dataclass

from smartimport_cli.core.text import clean

_SGR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Style:
    """How to say it on this terminal."""

    color: bool
    unicode: bool

    def bold(self, text: str) -> str:
        return self._sgr("1", text)

    def dim(self, text: str) -> str:
        return self._sgr("2", text)

    def red(self, text: str) -> str:
        return self._sgr("31", text)

    def green(self, text: str) -> str:
        return self._sgr("32", text)

    def yellow(self, text: str) -> str:
        return self._sgr("33", text)

    def cyan(self, text: str) -> str:
        return self._sgr("36", text)

    def _sgr(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text

    @property
    def check(self) -> str:
        return "✓" if self.unicode else "OK"

    @property
    def cross(self) -> str:
        return "✗" if self.unicode else "X"

    @property
    def dot(self) -> str:
        return "·" if self.unicode else "-"

    @property
    def dots(self) -> str:
        return "…" if self.unicode else "..."

    @property
    def badge(self) -> str:
        return "●" if self.unicode else "*"

    def bar(self, share: float, cells: int) -> str:
        """A bar of `cells` columns, filled to `share` (0 to 1)."""
        full = max(0, min(cells, round(share * cells)))
        if self.unicode:
            return self.cyan("█" * full) + self.dim("░" * (cells - full))
        return "#" * full + "-" * (cells - full)

    def fit(self, text: str, width: int) -> str:
        """`text` cut or padded to exactly `width` columns."""
        used = cell_width(text)
        if used <= width:
            return text + " " * (width - used)
        mark = "…" if self.unicode else "~"
        kept, used = "", 0
        for char in text:
            if used + _columns(char) > width - 1:
                break
            kept += char
            used += _columns(char)
        return kept + mark + " " * (width - 1 - used)

    def doubt(self, text: str, width: int, *, indent: str = "") -> list[str]:
        """`! text` on as many lines as it takes."""
        first, *more = fold(clean(text), max(width - len(indent) - 2, 20)) or [""]
        return [f"{indent}{self.yellow('!')} {first}", *(f"{indent}  {line}" for line in more)]

    def cut(self, line: str, width: int) -> str:
        """`line` (styles and all) in at most `width` columns."""
        if cell_width(_SGR.sub("", line)) <= width:
            return line
        kept, used, room = [], 0, max(width - len(self.dots), 0)
        for part in re.split(r"(\x1b\[[0-9;]*m)", line):
            if part.startswith("\x1b"):
                kept.append(part)
                continue
            for char in part:
                used += _columns(char)
                if used > room:
                    break
                kept.append(char)
            if used > room:
                break
        return "".join(kept) + self.dots[:width] + ("\x1b[0m" if self.color else "")


def fold(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` columns, broken at blanks where it can be."""
    lines, line = [], ""
    for word in text.split():
        while cell_width(word) > width:
            room = max(width - cell_width(line) - bool(line), 0)
            head = word[: max(room // 2, 1)] if not word.isascii() else word[: max(room, 1)]
            lines.append(f"{line} {head}".strip())
            line, word = "", word[len(head) :]
        if line and cell_width(line) + 1 + cell_width(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line or not lines else lines


def cell_width(text: str) -> int:
    """Columns that `text` takes on a terminal (East Asian wide characters take two)."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
