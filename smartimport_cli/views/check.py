"""The steps of a smoke check, for people."""

from smartimport_cli.check import FAILED, PASSED, Step
from smartimport_cli.core.text import clean
from smartimport_cli.views.junit import Case
from smartimport_cli.views.style import Style


def step_line(step: Step, *, width: int, unicode: bool, color: bool) -> str:
    """`✓ upload     0.12 s  412 bytes became import 7f3a`."""
    style = Style(color=color, unicode=unicode)
    mark = {PASSED: style.green(style.check), FAILED: style.red(style.cross)}.get(step.verdict, style.dim(style.dot))
    return style.cut(f"{mark} {step.name:10} {step.seconds:6.2f} s  {clean(step.message)}", width)


def case(step: Step) -> Case:
    """The step as JUnit has it."""
    kind = {PASSED: "passed", FAILED: "failure"}.get(step.verdict, "skipped")
    return Case(step.name, kind, step.message, step.code or step.verdict, step.seconds)
