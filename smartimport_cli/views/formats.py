"""What can be read, as a table."""

from typing import Any

from smartimport_cli.core.text import clean
from smartimport_cli.views.style import Style, cell_width


def formats_table(document: dict[str, Any], *, folder: str, width: int, unicode: bool, color: bool) -> str:
    """The `smartimport.formats/1` document as lines of at most `width` columns."""
    style = Style(color=color, unicode=unicode)
    rows = [("FORMAT", "WHAT", "NEEDS", "FILES")]
    for format_ in document["formats"]:
        needs = ""
        if format_["trouble"]:
            needs = f"{style.cross} {clean(format_['trouble'])}"
        elif format_["extra"]:
            needs = f"{style.check if format_['usable'] else style.cross} smartimport[{format_['extra']}]"
        elif format_["from"] != "smartimport":
            needs = f"{style.check} {clean(format_['from'])}"
        rows.append((clean(format_["name"]), clean(format_["title"]), needs, " ".join(format_["suffixes"])))
    wide = [max(cell_width(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join([*(style.fit(cell, wide[i]) for i, cell in enumerate(row[:3])), row[3]]).rstrip() for row in rows
    ]
    lines[0] = style.bold(lines[0])
    lines.append("")
    if document["descriptions"]:
        lines.append(style.bold("Descriptions of banks"))
        lines += [
            f"  {clean(found['name'])}  by {found['recognised_by']}  {style.dim(found['file'])}"
            for found in document["descriptions"]
        ]
    else:
        lines.append(f"No descriptions of banks in {clean(folder)}")
        lines.append("Write one from a file: smartimport inspect FILE --write-description NAME")
    return "\n".join(style.cut(line, width) for line in lines)
