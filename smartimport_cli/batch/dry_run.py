"""What a statement would stage, read to its end without keeping a row."""

from collections import defaultdict
from typing import TYPE_CHECKING

from smartimport_cli import statements
from smartimport_cli.core.model import Rows, Statement, Unreadable
from smartimport_cli.core.protocols import Preview, Total
from smartimport_cli.statements.proof import together

if TYPE_CHECKING:
    from smartimport_cli.core.protocols import Upload
    from smartimport_cli.statements.formats import Resources


def preview_of(upload: "Upload", resources: "Resources") -> Preview:
    """The counts, totals and proof that a policy asks about; every row counts as new. Raises FileRefused."""
    reading = statements.read(
        upload.file, name=upload.name, size=upload.size, choices=upload.choices, resources=resources
    )
    found: list[Statement] = []
    rows = pending = unreadable = 0
    for part in reading.parts:
        match part:
            case Rows():
                rows += len(part.rows)
                pending += sum(row.pending for row in part.rows)
            case Unreadable():
                unreadable += 1
            case Statement():
                found.append(part)
    sums: dict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    for statement in found:
        for currency in {**statement.money_in, **statement.money_out}:
            sums[currency][0] += statement.money_in.get(currency, 0)
            sums[currency][1] += statement.money_out.get(currency, 0)
    firsts = [statement.first_date for statement in found if statement.first_date]
    lasts = [statement.last_date for statement in found if statement.last_date]
    return Preview(
        import_id="",
        digest="",
        accounts=tuple(dict.fromkeys(statement.account.label for statement in found)),
        first_date=min(firsts).isoformat() if firsts else None,
        last_date=max(lasts).isoformat() if lasts else None,
        rows_total=rows,
        new=rows - pending,
        duplicates=0,
        unreadable_count=unreadable,
        totals=tuple(Total(currency, into, out) for currency, (into, out) in sums.items()),
        proof=together([statement.proof for statement in found]),
        issues=tuple(issue.message for issues in (reading.issues, *(s.issues for s in found)) for issue in issues),
        rows=(),
        pending=pending,
    )
