"""How a file is understood, for a person: what was decided and why, columns, accounts, proof, first rows, what
else was tried, what could not be read."""

from typing import Any

from smartimport_cli.core.text import clean
from smartimport_cli.views.style import Style, cell_width, fold

_LABEL = 14  # columns for what a decision is about
_TRIED = 5  # other readings that are shown


def render_inspection(document: dict[str, Any], *, rows: int, width: int, unicode: bool, color: bool) -> str:
    """The `smartimport.inspect/1` document as lines of at most `width` columns."""
    style = Style(color=color, unicode=unicode)
    lines = [f"{style.bold(clean(document['file']))}  read as {document['format']}"]
    if document["evidence"]:
        lines += ["", style.bold("Decided")]
    for evidence in document["evidence"]:
        lines += _decision(evidence, style, width)
    if document["columns"]:
        lines += ["", style.bold("Columns"), *_columns(document["columns"], style, width)]
    for statement in document["statements"]:
        lines += ["", *_statement(statement, rows, style, width)]
    if document["tried"]:
        lines += ["", style.bold("Also tried"), *_tried(document["tried"], style, width)]
    if document["unreadable"]:
        lines += ["", style.bold(style.yellow(f"Could not be read ({len(document['unreadable']):,})"))]
        for row in document["unreadable"][: max(rows, 5)]:
            lines.append(f"  {row['source']}  {clean(row['reason'])}")
            if row["text"]:
                lines.append("    " + style.dim(clean(row["text"])))
        if len(document["unreadable"]) > max(rows, 5):
            lines.append(style.dim(f"  {style.dots} and {len(document['unreadable']) - max(rows, 5):,} more"))
    if document["issues"]:
        lines += ["", style.bold(style.yellow("Doubts"))]
        for issue in document["issues"]:
            lines += style.doubt(issue["message"] or issue["code"], width, indent="  ")
    return "\n".join(style.cut(line, width) for line in lines)


def _decision(evidence: dict[str, str], style: Style, width: int) -> list[str]:
    """What was decided, and behind it why; on lines of their own where that does not fit."""
    decision, why = clean(evidence["decision"]), clean(evidence["why"])
    if evidence["what"] == "header" and decision.startswith("line"):
        why = ""  # the names are shown with their columns
    label = style.fit(evidence["what"], max(_LABEL, cell_width(evidence["what"])))
    line = f"  {label}  {decision}"
    if cell_width(line) + cell_width(why) + 3 <= width:
        return [f"{line}  {style.dim(why)}".rstrip()]
    indent = " " * (_LABEL + 4)
    return [line, *(indent + style.dim(part) for part in fold(why, max(width - len(indent), 20)))]


def _columns(columns: list[dict[str, Any]], style: Style, width: int) -> list[str]:
    """Each column that is used, with its role; the others in one line."""
    used = [column for column in columns if column["role"]]
    digits = len(str(max(column["number"] for column in columns)))
    room = max(width - digits - 22, 10)
    wide = min(max((cell_width(clean(column["name"])) for column in used), default=0), room)
    lines = []
    for column in used:
        name = style.fit(clean(column["name"]), wide)
        lines.append(f"  {column['number']:>{digits}}  {name}  {style.cyan(column['role'])}".rstrip())
    unused = [clean(column["name"]) or f"column {column['number']}" for column in columns if not column["role"]]
    if unused:
        said = fold(f"not used: {', '.join(unused)}", max(width - 2, 20))
        lines += [style.dim(f"  {line}") for line in said[:3]]
    return lines


def _statement(statement: dict[str, Any], rows: int, style: Style, width: int) -> list[str]:
    unit = statement["currency"] or "currency unknown"
    found = statement["transactions"]
    facts = [style.bold(clean(statement["account"])), unit, f"{len(found):,} transaction{'' if len(found) == 1 else 's'}"]
    if statement["first_date"]:
        one = statement["first_date"] == statement["last_date"]
        facts.append(statement["first_date"] + ("" if one else f" to {statement['last_date']}"))
    lines = [f" {style.dot} ".join(facts)]
    balances = [
        f"{name} {statement[key]}" for name, key in (("opening", "opening_balance"), ("closing", "closing_balance"))
        if statement[key] is not None
    ]  # fmt: skip
    for total in statement["totals"]:
        balances.append(f"in {total['money_in']}, out {total['money_out']} {total['currency'] or ''}".rstrip())
    if balances:
        lines.append("  " + f" {style.dot} ".join(balances))
    lines += _proof(statement["proof"], style, width)
    shown = found[:rows]
    amounts = max((len(row["amount"]) for row in shown), default=0)
    after = max((len(row["balance"] or "") for row in shown), default=0)
    for row in shown:
        text = style.fit(clean(row["description"]), max(width - amounts - after - 18, 8))
        mark = "pending" if row["pending"] else row["balance"] or ""
        lines.append(f"  {row['posted_date']}  {row['amount']:>{amounts}}  {text}  {style.dim(f'{mark:>{after}}')}".rstrip())
    if len(found) > rows:
        lines.append(style.dim(f"  {style.dots} and {len(found) - rows:,} more"))
    return lines


def _proof(proof: dict[str, Any], style: Style, width: int) -> list[str]:
    paint, mark = {
        "proved": (style.green, style.check),
        "contradicted": (style.red, style.cross),
        "unproved": (style.yellow, "?"),
    }.get(proof["verdict"], (str, style.dot))
    said = fold(f"{proof['verdict']}. {clean(proof['explanation'])}", max(width - 4, 20))
    return [f"  {paint(mark)} {said[0].replace(proof['verdict'], paint(proof['verdict']), 1)}", *(f"    {m}" for m in said[1:])]


def _tried(tried: list[dict[str, str]], style: Style, width: int) -> list[str]:
    lines = []
    for other in tried[:_TRIED]:
        said = fold(f"{clean(other['reading'])}: {clean(other['outcome'])}", max(width - 4, 20))
        lines += [f"  {style.dot} {said[0]}", *(f"    {more}" for more in said[1:])]
    if len(tried) > _TRIED:
        lines.append(style.dim(f"  {style.dots} and {len(tried) - _TRIED} more"))
    return lines
