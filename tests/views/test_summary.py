"""The summary at every width, in ASCII, from foreign insights, and with hostile names."""

import re
from importlib.resources import files
from io import BytesIO

import pytest

from smartimport_cli import statements
from smartimport_cli.core.model import Transaction
from smartimport_cli.crystal import analyse
from smartimport_cli.views.style import cell_width
from smartimport_cli.views.summary import render_markdown, render_text


@pytest.fixture(scope="module")
def insights() -> dict[str, object]:
    content = (files("smartimport_cli") / "sample" / "everyday-checking.csv").read_bytes()
    reading = statements.read(BytesIO(content), name="sample.csv", size=len(content))
    (collected,) = statements.collect(reading)
    rows = [
        Transaction(
            "0", "new", "a", r.posted_date, r.amount, r.currency, r.description, r.merchant, None, None, None, r.line
        )
        for r in collected.rows
    ]
    return analyse(rows, import_id="new").insights


@pytest.mark.parametrize("width", [120, 80, 60, 40, 20])
@pytest.mark.parametrize("unicode", [True, False])
def test_no_line_is_wider_than_the_terminal(insights: dict[str, object], width: int, unicode: bool) -> None:
    text = render_text(insights, width=width, unicode=unicode, color=False)
    assert all(cell_width(line) <= width for line in text.splitlines())
    assert unicode or text.isascii()


def test_what_it_says(insights: dict[str, object]) -> None:
    text = render_text(insights, width=100, unicode=True, color=False)
    assert text.splitlines()[0] == "Crystal · January to March 2026 · USD"
    assert "Out 7,782.47 · In 9,319.63 · Net +1,537.16" in text
    assert "March: spent 2,611.81, 319.05 more than February" in text
    assert "Homeware Depot 64.90 twice: line 94 on 16 March, line 97 on 17 March" in text


def test_colours_are_only_added(insights: dict[str, object]) -> None:
    plain = render_text(insights, width=80, unicode=True, color=False)
    colored = render_text(insights, width=80, unicode=True, color=True)
    assert colored != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_markdown_escapes_data() -> None:
    found = {
        "currency": "USD", "out": "1", "in": "0", "net": "-1",
        "merchants": [{"merchant": "<script>|[x](http://e)*\x1b[31m", "out": "1.00"}],
    }  # fmt: skip
    text = render_markdown({"currencies": [found]})
    assert "<script>" not in text
    assert "\x1b" not in text
    assert r"\[x\]\(http://e\)" in text
    assert len([line for line in text.splitlines() if line.startswith("|")]) == 3


@pytest.mark.parametrize(
    "foreign",
    [
        {}, {"currencies": None}, {"currencies": [1, {}]}, {"topCategories": ["Food"]},
        {"currencies": [{"in": None, "out": "x", "net": [], "period": 3, "categories": [{}], "recurring": [{}],
                         "unusual": [{"row": 1}], "repeated": [{"rows": {}}], "fees": [], "change": {"out_difference": "NaN"}}]},
    ],
)  # fmt: skip
def test_foreign_insights_never_crash(foreign: dict[str, object]) -> None:
    render_text(foreign, width=40, unicode=False, color=True)
    render_markdown(foreign)
