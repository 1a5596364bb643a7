"""What a batch leaves behind: a table for people, JSON, JUnit XML, Markdown, and GitHub's annotations.

GitHub: workflow commands
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
from smartimport_cli.views.junit import Case, render_junit
from smartimport_cli.views.style import Style

_ANNOTATIONS = 10
_SUMMARY_BYTES = 1 << 20
_MOST_LISTED = 50  # files that went wrong, in the table for people
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
    """For people: the counts, and each file that needs a look, or that was taken with a doubt."""
    style = Style(color=color, unicode=unicode)
    lines = []
    bad = [result for result in results if result.outcome not in FINE]
    for result in bad[:_MOST_LISTED]:
        mark = style.yellow(style.badge) if result.outcome is Outcome.STAGED else style.red(style.cross)
        lines.append(f"{mark} {clean(result.path)}: {describe(result)}")
    doubted = [result for result in results if result.outcome in FINE and result.issues and not result.known]
    lines += [f"{style.yellow('!')} {clean(r.path)}: {clean('; '.join(r.issues))}" for r in doubted[:_MOST_LISTED]]
    if len(bad) > _MOST_LISTED or len(doubted) > _MOST_LISTED:
        more = max(len(bad) - _MOST_LISTED, 0) + max(len(doubted) - _MOST_LISTED, 0)
        lines.append(f"  {style.dots} and {more:,} more; --report FILE lists them all")
    counts = f" {style.dot} ".join(f"{totals[o.value]:,} {o.value}" for o in Outcome if totals.get(o.value))
    lines.append(f"{totals['files']:,} file{'' if totals['files'] == 1 else 's'}: {counts or 'nothing to do'}")
    known = sum(result.known for result in results)
    if known:
        lines.append(f"{known:,} of them were done before.")
    lines.append(f"{totals['transactions_committed']:,} transactions committed.")
    return "\n".join(style.cut(line, width) for line in lines)


def junit(results: Sequence[FileResult], seconds: float) -> str:
    """A test case a file: refused and failed ones are failures, those that await a person are skipped."""
    return render_junit("batch", [_case(result) for result in results], seconds)


def _case(result: FileResult) -> Case:
    verdict = "failure"
    if result.outcome in FINE:
        verdict = "passed"
    elif result.outcome in (Outcome.STAGED, Outcome.NOT_TRIED):
        verdict = "skipped"
    elif result.outcome in (Outcome.FAILED, Outcome.TIMED_OUT):
        verdict = "error"
    kind = str((result.error or {}).get("code") or result.outcome.value)
    return Case(result.path, verdict, describe(result), kind, result.seconds)


def markdown(results: Sequence[FileResult]) -> str:
    """A table, what needs a look first, and why; of the others, what is doubted."""
    order = sorted(results, key=lambda result: result.outcome in FINE)
    lines = ["| file | outcome | rows | new | proof | |", "|---|---|---:|---:|---|---|"]
    for result in order:
        note = describe(result) if result.outcome not in FINE else "; ".join(result.issues)
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


def _cell(text: str) -> str:
    """One cell of Markdown in which nothing of a file's name acts."""
    return re.sub(r"([\\`*_\[\]<>|!])", r"\\\1", shorten(clean(text), 200))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(clean(text)).replace(":", "%3A").replace(",", "%2C")
