"""What a batch leaves behind: a table for people, JSON, JUnit XML, Markdown, and GitHub's annotations.

JUnit: the schema that Jenkins publishes (xunit plugin, junit-10.xsd). GitHub: workflow commands
(docs.github.com/actions/reference/workflow-commands-for-github-actions); it keeps ten annotations of a kind a step and
1 MiB of step summary.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from smartimport_cli.core.batch import FINE, FileResult, Outcome
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.text import clean, shorten
from smartimport_cli.views.board import describe
from smartimport_cli.views.style import Style

_ANNOTATIONS = 10
_SUMMARY_BYTES = 1 << 20
_MOST_LISTED = 50  # files that went wrong, in the table for people
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2
_KINDS = (".json", ".xml", ".md")


def render_report(file: str, document: Mapping[str, Any], results: Sequence[FileResult], seconds: float) -> str:
    """The report in the form that the file's ending names. Raises UsageError `bad-report`."""
    check_report(file)
    if file.endswith(".json"):
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return junit(results, seconds) if file.endswith(".xml") else markdown(results)


def check_report(file: str) -> None:
    """Raises UsageError `bad-report` for a report of a kind that is not written; before any work is done."""
    if not file.endswith(_KINDS):
        raise UsageError(
            "bad-report", f"--report does not know what to write into {clean(file)}.",
            hint="Name a file that ends in .json, .xml (JUnit) or .md.",
        )  # fmt: skip


def table(results: Sequence[FileResult], totals: Mapping[str, int], *, width: int, unicode: bool, color: bool) -> str:
    """For people: the counts, and each file that needs a look."""
    style = Style(color=color, unicode=unicode)
    lines = []
    bad = [result for result in results if result.outcome not in FINE]
    for result in bad[:_MOST_LISTED]:
        mark = style.yellow(style.badge) if result.outcome is Outcome.STAGED else style.red(style.cross)
        lines.append(f"{mark} {clean(result.path)}: {describe(result)}")
    if len(bad) > _MOST_LISTED:
        lines.append(f"  {style.dots} and {len(bad) - _MOST_LISTED:,} more; --report FILE lists them all")
    counts = f" {style.dot} ".join(f"{totals[o.value]:,} {o.value}" for o in Outcome if totals.get(o.value))
    lines.append(f"{totals['files']:,} file{'' if totals['files'] == 1 else 's'}: {counts or 'nothing to do'}")
    known = sum(result.known for result in results)
    if known:
        lines.append(f"{known:,} of them were done before.")
    lines.append(f"{totals['transactions_committed']:,} transactions committed.")
    return "\n".join(style.cut(line, width) for line in lines)


def junit(results: Sequence[FileResult], seconds: float) -> str:
    """A test case a file: refused and failed ones are failures, those that await a person are skipped."""
    skipped = [r for r in results if r.outcome in (Outcome.STAGED, Outcome.NOT_TRIED)]
    errors = [r for r in results if r.outcome in (Outcome.FAILED, Outcome.TIMED_OUT)]
    failures = [r for r in results if r.outcome not in FINE and r not in skipped and r not in errors]
    counts = (
        f'tests="{len(results)}" failures="{len(failures)}" errors="{len(errors)}"'
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="smartimport" {counts} time="{seconds:.3f}">',
        f'  <testsuite name="batch" {counts} skipped="{len(skipped)}" time="{seconds:.3f}">',
    ]
    for result in results:
        head = f'    <testcase name="{_xml(result.path)}" classname="smartimport.batch" time="{result.seconds:.3f}"'
        said = _xml(describe(result))
        if result in failures or result in errors:
            tag = "failure" if result in failures else "error"
            kind = _xml(str((result.error or {}).get("code") or result.outcome.value))
            lines.append(f'{head}><{tag} type="{kind}" message="{said}"/></testcase>')
        elif result in skipped:
            lines.append(f'{head}><skipped message="{said}"/></testcase>')
        else:
            lines.append(f"{head}><system-out>{said}</system-out></testcase>")
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"]) + "\n"


def markdown(results: Sequence[FileResult]) -> str:
    """A table, what needs a look first."""
    order = sorted(results, key=lambda result: result.outcome in FINE)
    lines = ["| file | outcome | rows | new | proof | |", "|---|---|---:|---:|---|---|"]
    for result in order:
        note = describe(result) if result.outcome not in FINE else ""
        cells = (
            result.path, result.outcome.value, "" if result.rows is None else f"{result.rows:,}",
            "" if result.new is None else f"{result.new:,}", result.proof or "", note,
        )  # fmt: skip
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def annotations(results: Sequence[FileResult]) -> str:
    """GitHub workflow commands for the files that need a look, as many as it shows."""
    bad = [r for r in results if r.outcome not in FINE and r.outcome is not Outcome.NOT_TRIED]
    lines = []
    for level, chosen in (
        ("error", [r for r in bad if r.outcome is not Outcome.STAGED]),
        ("warning", [r for r in bad if r.outcome is Outcome.STAGED]),
    ):
        for result in chosen[:_ANNOTATIONS]:
            lines.append(f"::{level} file={_property(result.path)},title=smartimport::{_data(describe(result))}")
    return "\n".join(lines)


def step_summary(results: Sequence[FileResult]) -> str:
    """The Markdown table, within what GitHub takes."""
    text = f"### smartimport batch\n\n{markdown(results)}"
    if len(text.encode()) <= _SUMMARY_BYTES:
        return text
    kept = [result for result in results if result.outcome not in FINE][:1000]
    return f"### smartimport batch\n\n{markdown(kept)}\n{len(results):,} files in all; what needs no look is left out.\n"


def _xml(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(_NOT_XML.sub("\ufffd", clean(text)), {'"': "&quot;"})


def _cell(text: str) -> str:
    """One cell of Markdown in which nothing of a file's name acts."""
    return re.sub(r"([\\`*_\[\]<>|!])", r"\\\1", shorten(clean(text), 200))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(clean(text)).replace(":", "%3A").replace(",", "%2C")
