"""Lines of recognised pages that may be rows and could not be read, where no balance would miss them.

Between two balances that agree no row is missing. But a running balance ends with the last row that was read, and
rows behind it that the engine made nothing of would be left out in silence.
"""

from collections.abc import Collection, Sequence

from smartimport_cli.statements.paper.chain import Anchor
from smartimport_cli.statements.paper.lines import Line
from smartimport_cli.statements.paper.table import Row

_UNSURE = 0.5  # confidence of a word below which it is a guess
_SHORT = 12  # letters of a line that is too short to be a row
_NEAR = 3.0  # times the height of a line: rows stand so close below each other
_MANY = 3  # such lines on a page without rows are more than a stamp or a note by hand


def behind(
    lines: Sequence[Line], rows: Sequence[Row], anchors: Sequence[Anchor], odd: Collection[int]
) -> Line | None:
    """The first line behind the rows that may be one, unless a balance that is stated apart from the rows stands
    behind them all. `odd`: the places of lines that have a day or an amount and are no rows."""
    if any(anchor.row is None and anchor.rows == len(rows) for anchor in anchors):
        return None
    last = max(rows, key=lambda row: row.place)
    bottom = last.bottom
    later: dict[int, list[Line]] = {}
    for line in lines:
        if line.place <= last.place or not line.scanned:
            continue
        lost = line.place in odd or _guessed(line)
        if line.page == last.page:
            if line.top - bottom < _NEAR * line.height:
                if lost:
                    return line
                bottom = max(bottom, line.bottom)
        elif lost:
            later.setdefault(line.page, []).append(line)
    return next((found[0] for found in later.values() if len(found) >= _MANY), None)


def _guessed(line: Line) -> bool:
    """Whether most of a line that has digits was recognised without confidence."""
    letters = sum(len(word.text) for word in line.words)
    unsure = sum(len(word.text) for word in line.words if word.confidence < _UNSURE)
    return letters >= _SHORT and 2 * unsure > letters and any(map(str.isdigit, line.text))
