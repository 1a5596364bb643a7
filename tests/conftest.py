import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-goldens", action="store_true", help="write expected texts and pictures anew")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The score of the corpus, one line a family."""
    reports = [r for outcome in ("passed", "failed") for r in terminalreporter.getreports(outcome)]
    scores = [value for report in reports for name, value in report.user_properties if name == "corpus"]
    if not scores:
        return
    classes = ("right", "refused", "flagged", "silently wrong", "crash")
    terminalreporter.section("the corpus of real statements")
    terminalreporter.line(f"{'':12}" + "".join(f"{name:>16}" for name in classes))
    everything = {name: sum(score.get(name, 0) for score in scores) for name in classes}
    for score in [*sorted(scores, key=lambda score: score["family"]), {"family": "all", **everything}]:
        terminalreporter.line(f"{score['family']:12}" + "".join(f"{score.get(name, 0):>16}" for name in classes))
    good = everything["right"] + everything["refused"]
    terminalreporter.line(f"score {good} of {sum(everything.values())}")
