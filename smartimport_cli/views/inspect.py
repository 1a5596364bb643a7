"""How a file is understood, for a person: evidence, accounts, proof, first rows, what could not be read."""

from typing import Any

from smartimport_cli.core.text import clean
from smartimport_cli.views.style import Style


def render_inspection(document: dict[str, Any], *, rows: int, width: int, unicode: bool, color: bool) -> str:
    """The `smartimport.inspect/1` document as lines of at most `width` columns."""
    style = Style(color=color, unicode=unicode)
    lines = [f"{style.bold(clean(document['file']))}  read as {document['format']}"]
    for evidence in document["evidence"]:
        lines.append(
            f"  {evidence['what']}: {clean(evidence['decision'])}  " + style.dim(clean(evidence["why"]))
        )
    for statement in document["statements"]:
        lines += ["", *_statement(statement, rows, style, width)]
    if document["unreadable"]:
        lines += ["", style.yellow(f"Could not be read ({len(document['unreadable'])}):")]
        lines += [
            f"  {row['source']}  {clean(row['reason'])}" for row in document["unreadable"][: max(rows, 5)]
        ]
    lines += [style.yellow(f"! {clean(issue['message'])}") for issue in document["issues"]]
    return "\n".join(style.cut(line, width) for line in lines)


def _statement(statement: dict[str, Any], rows: int, style: Style, width: int) -> list[str]:
    unit = statement["currency"] or "currency unknown"
    found = statement["transactions"]
    lines = [
        f"{style.bold(clean(statement['account']))} {style.dot} {unit} {style.dot} {len(found):,} transactions"
        + (
            f" {style.dot} {statement['first_date']} to {statement['last_date']}"
            if statement["first_date"]
            else ""
        )
    ]
    balances = [
        f"{name} {statement[key]}" for name, key in (("opening", "opening_balance"), ("closing", "closing_balance"))
        if statement[key] is not None
    ]  # fmt: skip
    if balances:
        lines.append("  " + ", ".join(balances))
    proof = statement["proof"]
    mark = {"proved": style.green, "contradicted": style.red, "unproved": style.yellow}.get(
        proof["verdict"], str
    )
    lines.append(f"  {mark(proof['verdict'])}. {clean(proof['explanation'])}")
    wide = max((len(row["amount"]) for row in found[:rows]), default=0)
    for row in found[:rows]:
        text = style.fit(clean(row["description"]), max(width - wide - 18, 8))
        lines.append(f"  {row['posted_date']}  {row['amount']:>{wide}}  {text}".rstrip())
    if len(found) > rows:
        lines.append(style.dim(f"  {style.dots} and {len(found) - rows:,} more"))
    return lines
