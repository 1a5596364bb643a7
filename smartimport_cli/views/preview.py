"""What is staged: totals, period, proof, doubts, the first rows, what is there already, what was unreadable."""

from collections.abc import Callable, Sequence

from smartimport_cli.core.model import Verdict
from smartimport_cli.core.money import grouped
from smartimport_cli.core.protocols import Preview, PreviewRow
from smartimport_cli.core.text import clean, shorten
from smartimport_cli.views.style import Style, cell_width

_UNREADABLE_SHOWN = 5


def render_preview(preview: Preview, *, width: int, unicode: bool, color: bool) -> str:
    """The preview as lines of at most `width` columns."""
    style = Style(color=color, unicode=unicode)
    lines = [*_head(preview, style, width), "", *render_rows(preview.rows, width=width, style=style)]
    left = preview.rows_total - len(preview.rows)
    if left > 0:
        lines.append(style.dim(f"  {style.dots} and {left:,} more"))
    if preview.unreadable_count:
        lines += ["", *_unreadable(preview, style)]
    return "\n".join(style.cut(line, width) for line in lines)


def render_rows(rows: Sequence[PreviewRow], *, width: int, style: Style) -> list[str]:
    """Staged rows as a table: date, amount, description, and what a row repeats."""
    if not rows:
        return []
    accounts = {row.account for row in rows}
    amounts = [grouped(row.row.amount, row.row.currency) for row in rows]
    wide = max(map(len, amounts))
    room = max(width - wide - 17, 8)
    lines = []
    for row, amount in zip(rows, amounts, strict=True):
        staged = row.row
        notes = []
        if row.duplicate_of:
            notes.append(f"already there: {clean(row.duplicate_of)}")
        if row.excluded:
            notes.append(clean(row.excluded))
        notes += changes(row)
        if staged.pending:
            notes.append("pending, not committed")
        notes += [clean(issue.message) for issue in staged.issues]
        what = clean(staged.merchant or staged.description)
        if len(accounts) > 1:
            what = f"{what} ({row.account})"
        note = f"  {'; '.join(notes)}" if notes else ""
        line = f"  {staged.posted_date}  {amount:>{wide}}  {style.fit(what, max(room - cell_width(note), 12) if note else room)}"
        lines.append(
            style.dim(line + note)
            if row.duplicate_of or row.excluded
            else line + (style.yellow(note) if note else "")
        )
        for part in row.parts if not row.excluded else ():
            lines.append(
                f"    {'':10}{grouped(part.amount, staged.currency):>{wide}}  {clean(part.category or '')}".rstrip()
            )
    return lines


def changes(row: PreviewRow) -> list[str]:
    """What a person has made of a row, in words that say what was read: `amount was -4.05`."""
    now, read = row.row, row.read
    words = []
    if read is not None:
        if read.posted_date != now.posted_date:
            words.append(f"date was {read.posted_date}")
        if read.amount != now.amount:
            words.append(f"amount was {grouped(read.amount, read.currency)}")
        if read.merchant != now.merchant:
            words.append(f"merchant was {shorten(clean(read.merchant), 30)}")
        if read.category != now.category:
            words.append(f"category {clean(now.category or '')}")
    if row.parts:
        words.append(f"split in {len(row.parts)}")
    return words


def page_all(
    show: Callable[[str], None], preview: Preview, *, width: int, unicode: bool, color: bool
) -> None:
    """The whole preview in the pager."""
    show(render_preview(preview, width=width, unicode=unicode, color=color))


def _head(preview: Preview, style: Style, width: int) -> list[str]:
    period = ""
    if preview.first_date:
        period = f"{style.dot} {preview.first_date} to {preview.last_date}"
    accounts = ", ".join(map(clean, preview.accounts)) or "unknown account"
    lines = [f"{style.bold(accounts)} {period}".rstrip()]
    counts = [f"{preview.new:,} new", f"{preview.duplicates:,} already there"]
    if preview.pending:
        counts.append(f"{preview.pending:,} pending, left for later")
    if preview.excluded:
        counts.append(f"{preview.excluded:,} left out")
    if preview.edited:
        counts.append(style.yellow(f"{preview.edited:,} edited"))
    if preview.unreadable_count:
        counts.append(style.yellow(f"{preview.unreadable_count:,} could not be read"))
    lines.append(f" {style.dot} ".join(counts))
    for total in preview.totals:
        unit = total.currency or ""
        lines.append(
            f"In {grouped(total.money_in, total.currency)} {style.dot} Out {grouped(-total.money_out, total.currency)}"
            f" {style.dot} Net {grouped(total.money_in + total.money_out, total.currency, sign=True)} {unit}".rstrip()
        )
    proof = preview.proof
    mark = {
        Verdict.PROVED: style.green(f"{style.check} Proved."),
        Verdict.CONTRADICTED: style.red(f"{style.cross} Contradicted."),
        Verdict.UNPROVED: style.yellow("? Not proved."),
        Verdict.CONSISTENT: "Consistent.",
    }[proof.verdict]
    lines.append(f"{mark} {clean(proof.explanation)}".rstrip())
    return [*lines, *(line for issue in preview.issues for line in style.doubt(issue, width))]


def _unreadable(preview: Preview, style: Style) -> list[str]:
    lines = [style.yellow(f"Could not be read ({preview.unreadable_count:,}):")]
    for row in preview.unreadable[:_UNREADABLE_SHOWN]:
        text = f": {shorten(clean(row.text), 40)}" if row.text else ""
        lines.append(f"  {row.source}  {clean(row.reason)}{text}")
    if preview.unreadable_count > _UNREADABLE_SHOWN:
        lines.append(style.dim(f"  {style.dots} and {preview.unreadable_count - _UNREADABLE_SHOWN:,} more"))
    return lines
