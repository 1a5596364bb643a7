"""JUnit XML, as the schema of the Jenkins xUnit plugin has it (junit-10.xsd)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from smartimport_cli.core.text import clean

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


class Case(NamedTuple):
    """One test case. `verdict`: passed, failure, error or skipped; `kind`: a code for scripts."""

    name: str
    verdict: str
    message: str
    kind: str
    seconds: float


def render_junit(suite: str, cases: Sequence[Case], seconds: float) -> str:
    """The document; whatever names and messages hold, it is well-formed."""
    count = {verdict: sum(case.verdict == verdict for case in cases) for verdict in ("failure", "error", "skipped")}
    counts = f'tests="{len(cases)}" failures="{count["failure"]}" errors="{count["error"]}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="smartimport" {counts} time="{seconds:.3f}">',
        f'  <testsuite name="{_xml(suite)}" {counts} skipped="{count["skipped"]}" time="{seconds:.3f}">',
    ]
    for case in cases:
        said = _xml(case.message)
        head = (
            f'    <testcase name="{_xml(case.name)}" classname="smartimport.{_xml(suite)}" time="{case.seconds:.3f}">'
        )
        if case.verdict == "passed":
            body = f"<system-out>{said}</system-out>"
        else:
            body = f'<{case.verdict} type="{_xml(case.kind)}" message="{said}"/>'
        lines.append(f"{head}{body}</testcase>")
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"]) + "\n"


def _xml(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(_NOT_XML.sub("\ufffd", clean(text)), {'"': "&quot;"})
