"""The page of a summary: whole, harmless, legible without its pictures, and never over another file."""

import base64
import hashlib
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartimport_cli.views.html import About, Balances, is_ours, render_html
from tests.backends.statement_files import csv, days
from tests.e2e.conftest import Shell, shell  # noqa: F401

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"' javascript:x </style></title>"
_VOID = {"meta", "br", "img", "input", "link", "hr"}


class Page(HTMLParser):
    """What a browser would make of the page: its elements, their text, and whether they nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def insights(**more: Any) -> dict[str, Any]:
    found = {
        "currency": "USD", "period": {"first": "2026-01-02", "last": "2026-03-30"},
        "in": "9300.00", "out": "7700.50", "net": "1599.50", "rows": 105,
        "months": [
            {"month": f"2026-0{n}", "complete": n < 3, "in": "3100.00", "out": f"25{n}0.00", "net": "600.00"}
            for n in (1, 2, 3)
        ],
        "categories": [{"category": "Housing", "out": "3540.00", "share_percent": 50, "rows": 3}],
        "merchants": [{"merchant": "Maple Street", "out": "3540.00", "rows": 3}],
        "change": {
            "month": "2026-03", "complete": True, "before": "2026-02", "out_difference": "337.45",
            "categories": [
                {"category": "Groceries", "out_difference": "304.79"}, {"category": "Dining", "out_difference": "-19.06"},
            ],
        },
        "recurring": [
            {
                "merchant": "Streamco", "rhythm": "monthly", "amount": "-15.99", "next": "2026-04-14", "status": "new",
                "probable": False, "previous_amount": "-13.99", "rows": [],
            },
        ],
        **more,
    }  # fmt: skip
    return {"schema": "smartimport.insights/1", "currencies": [found]}


def about(**more: Any) -> About:
    proof = {"verdict": "proved", "explanation": "All 104 balances follow from the rows."}
    balances = [
        Balances("••1234", "USD", [(date(2026, 1, 2), Decimal("10.5")), (date(2026, 3, 30), Decimal("-3.25"))])
    ]
    return About(**{
        "file_name": "march.csv", "import_id": "7f3a1c22-0000", "advice": "First.\nSecond.\nThird.",
        "proof": proof, "balances": balances, **more,
    })  # fmt: skip


def test_every_picture_is_there_and_says_what_it_shows() -> None:
    page = Page(render_html(insights(), about()))
    titles = " | ".join(re.findall(r"<title[^>]*>([^<]+)", render_html(insights(), about())))
    for picture in (
        "Cash flow by month", "Money out by category", "Money out by month", "Largest changes by category",
        "Balance over time",
    ):  # fmt: skip
        assert picture in titles
    for words in ("Due next", "Comes again", "Proved", "All 104 balances follow", "Streamco: 13.99 to 15.99"):
        assert words in page.text
    ids = Counter(attributes["id"] for _, attributes in page.elements if attributes.get("id"))
    assert set(ids.values()) == {1}
    for svg in page.all("svg"):
        assert svg["role"] == "img"
        assert svg.get("aria-label") or all(name in ids for name in str(svg["aria-labelledby"]).split())


def test_the_figures_of_each_chart_stand_in_a_table() -> None:
    text = Page(render_html(insights(), about())).text
    for figure in ("2,510.00", "2,520.00", "2,530.00", "3,540.00", "10.5", "−3.25"):
        assert figure in text


def test_headings_go_down_one_step_at_a_time() -> None:
    page = Page(render_html(insights(), about()))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_nothing_runs_and_nothing_is_fetched() -> None:
    text = render_html(insights(), about())
    page = Page(text)
    assert {tag for tag, _ in page.elements} & {"script", "link", "img", "iframe", "object", "base", "form", "use"} == set()
    for _, attributes in page.elements:
        assert not {name for name in attributes if name.startswith("on") or name in ("src", "href", "style")}
    assert "http" not in text.replace("http-equiv", "")
    assert "url(" not in text
    (style,) = re.findall(r"<style>(.*)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv")]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_light_dark_paper_and_phone() -> None:
    (style,) = re.findall(r"<style>(.*)</style>", render_html(insights(), about()), re.DOTALL)
    for query in ("(prefers-color-scheme: dark)", "screen and (max-width: 760px)", "print"):
        assert f"@media {query} {{" in style


def test_text_of_a_statement_stays_text() -> None:
    evil = insights(
        currency=EVIL,
        categories=[{"category": EVIL, "out": "1.00", "share_percent": EVIL, "months": ["1", "2", "3"]}],
        merchants=[{"merchant": EVIL, "out": "1.00"}],
        recurring=[{"merchant": EVIL, "rhythm": EVIL, "amount": "-1", "next": "2026-04-01", "status": EVIL}],
        unusual=[{"merchant": EVIL, "amount": "-1", "usual": EVIL, "row": {"line": EVIL, "date": EVIL}}],
        change={"month": EVIL, "before": EVIL, "categories": [{"category": EVIL, "out_difference": "1"}]},
        forecast={"until": EVIL, "net": "1"},
        budgets=[{"category": EVIL, "limit": "1", "spent": "2"}],
    )
    balances = [Balances(EVIL, EVIL, [(date(2026, 1, 2), Decimal(1)), (date(2026, 1, 3), Decimal(2))])]
    text = render_html(
        evil, about(file_name=EVIL, import_id=EVIL, advice=EVIL, balances=balances, proof={"verdict": EVIL})
    )
    plain = Counter(tag for tag, _ in Page(render_html(insights(), about())).elements)
    page = Page(text)
    assert {tag for tag, _ in page.elements} - set(plain) <= {"table"}
    assert not page.all("img")
    assert not page.all("script")
    for _, attributes in page.elements:
        assert not any(name.startswith("on") for name in attributes)
    assert "javascript:x" in page.text  # it is shown, as text


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8)
    | st.sampled_from(["1.50", "-3", "NaN", "1e999999", "Infinity", "2026-03", "2026-03-31", "9999-12-31", "0001-01"]),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
_ITEM_KEYS = (
    "category merchant out in net month complete amount next rhythm status probable previous_amount months "
    "share_percent out_difference rows limit spent date balance account usual row"
).split()
_ITEM = st.dictionaries(st.sampled_from(_ITEM_KEYS), _VALUES, max_size=8)
_FOUND = st.fixed_dictionaries({}, optional={
    **{key: st.lists(_ITEM | _VALUES, max_size=4) | _VALUES for key in (
        "months", "categories", "merchants", "recurring", "unusual", "repeated", "budgets")},
    **dict.fromkeys(("currency", "in", "out", "net", "recurring_left_out"), _VALUES),
    "period": st.fixed_dictionaries({"first": _VALUES, "last": _VALUES}) | _VALUES,
    "change": st.fixed_dictionaries({"month": _VALUES, "categories": st.lists(_ITEM, max_size=3)}) | _VALUES,
    "forecast": st.dictionaries(st.sampled_from(["net", "until", "balance_at_end"]), _VALUES) | _VALUES,
})  # fmt: skip


@given(found=st.lists(_FOUND | _VALUES, max_size=3), accounts=st.lists(_ITEM | _VALUES, max_size=3))
def test_whatever_another_backend_calls_insights_is_a_page(found: list[Any], accounts: list[Any]) -> None:
    text = render_html({"currencies": found, "accounts": accounts}, about())
    assert "nan" not in re.sub(r">[^<]*<", "><", text).casefold()
    Page(text)


def test_a_page_without_insights_is_a_page() -> None:
    page = Page(render_html({}, About("march.csv", "7f3a1c22")))
    assert "march.csv" in page.text


# -- the command


def test_the_page_is_private_and_may_be_written_again(shell: Shell) -> None:  # noqa: F811
    shell.file("march.csv", csv(days(40)))
    assert shell.run("import", "march.csv", "--yes").code == 0
    done = shell.run("summary", "--html", "page.html")
    assert (done.code, done.out) == (0, "Wrote page.html.\n")
    target = shell.folder / "page.html"
    assert target.stat().st_mode & 0o777 == 0o600
    first = target.read_text()
    assert is_ours(first[:4096])
    assert "Balance over time" in first
    assert shell.run("summary", "--html", "page.html", "--json").document["html"] == "page.html"
    assert target.read_text() == first
    assert shell.run("summary", "--html", "-").out == first
    assert [path.name for path in shell.folder.iterdir() if path.name.startswith(".page")] == []


@pytest.mark.parametrize("name", ["notes.html", "data/smartimport.db", "folder"])
def test_another_file_is_never_written_over(shell: Shell, name: str) -> None:  # noqa: F811
    shell.file("march.csv", csv(days(5)))
    assert shell.run("import", "march.csv", "--yes").code == 0
    (shell.folder / "folder").mkdir()
    shell.file("notes.html", b"<!doctype html><title>Mine</title>")
    target = shell.folder / name
    before = target.read_bytes() if target.is_file() else None
    done = shell.run("summary", "--html", name)
    assert done.code == 2
    assert "Nothing was written" in done.err
    assert (target.read_bytes() if target.is_file() else None) == before
    if name == "notes.html":
        assert shell.run("summary", "--html", name, "--force").code == 0
        assert is_ours(target.read_text()[:4096])


def test_a_folder_that_is_not_there(shell: Shell) -> None:  # noqa: F811
    shell.file("march.csv", csv(days(5)))
    assert shell.run("import", "march.csv", "--yes").code == 0
    done = shell.run("summary", "--html", "nowhere/page.html")
    assert (done.code, "cannot be written" in done.err) == (2, True)


def test_a_year_ago_stands_beside_the_last_whole_month() -> None:
    year = {
        "month": "2026-02", "before": "2025-02", "complete": True, "out": "2520.00", "out_before": "2400.00",
        "out_difference": "120.00", "in": "3100.00", "in_before": "3000.00", "in_difference": "100.00",
        "categories": [{"category": "Dining", "out_difference": "90.00"}], "accounts_left_out": 1,
    }  # fmt: skip
    text = " ".join(Page(render_html(insights(year_change=year), about())).text.split())
    assert "February 2025 February 2026 Difference Spent 2,400.00 2,520.00 +120.00" in text
    assert "120.00 more went out (without 1 account not whole in both)" in text
    assert "A year ago" not in Page(render_html(insights(), about())).text


def test_the_calendar_goes_on_for_three_months() -> None:
    """Each rhythm on its days; the last of a short month; nothing before today; a salary that the list left out."""

    def item(merchant: str, rhythm: str, next: str | None, amount: str = "-1.00") -> dict[str, Any]:
        return {"merchant": merchant, "rhythm": rhythm, "next": next, "amount": amount, "status": "running"}

    found = insights(
        recurring=[
            item("Rent", "monthly", "2026-03-31"), item("Gym", "every two weeks", "2026-04-20"),
            item("Both", "twice a month", "2026-04-01"), item("Tax", "quarterly", "2026-06-30"),
            item("Club", "yearly", "2026-08-01"), item("Late", "monthly", "2026-03-15"), item("Gone", "monthly", None),
            item("Odd", "now and then", "2026-04-02"), item("Bad", "monthly", "soon"),
        ],
        salary=[item("Works", "monthly", "2026-04-28", "3000.00")],
    )  # fmt: skip
    text = render_html(found, about())
    card = text[text.index("<h3>Due next") :].split("</article>")[0]
    months = [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in re.findall(r"<ul.*?</ul>", card)]
    assert months == [
        "31 Mar Rent −1.00",
        "1 Apr Both −1.00 15 Apr Late −1.00 16 Apr Both −1.00 20 Apr Gym −1.00 28 Apr Works +3,000.00 30 Apr Rent −1.00",
        (
            "1 May Both −1.00 4 May Gym −1.00 15 May Late −1.00 16 May Both −1.00 18 May Gym −1.00 28 May Works +3,000.00"
            " 31 May Rent −1.00"
        ),
    ]
    assert card.count(", 1 due</span>") == 14
    Page(text)


def test_what_the_statements_cover_is_drawn_and_said() -> None:
    gap = {"first": "2026-02-01", "last": "2026-02-09", "days": 9}
    twice = {"first": "2026-03-01", "last": "2026-03-01", "days": 1}
    accounts = [
        {"account": EVIL, "first": "2026-01-01", "last": "2026-03-31", "statements": 3, "gaps": [gap], "overlaps": [twice]},
        {"account": "Visa", "first": "2026-02-01", "last": "2026-03-31", "statements": 1, "gaps": [], "overlaps": []},
        {"account": "Odd", "first": "2026-04-01", "last": "soon"},
    ]
    page = render_html({**insights(), "accounts": accounts}, about())
    card = page[page.index("What the statements cover") :].split("</article>")[0]
    assert (card.count('class="gap"'), card.count('class="twice"')) == (2, 2)  # drawn, and in the legend
    (said,) = re.findall(r'<desc id="coverage-d">(.*?)</desc>', card, re.DOTALL)
    assert "no statement covers 2026-02-01 to 2026-02-09; two statements cover 2026-03-01 to 2026-03-01." in said
    assert "Visa: 2026-02-01 to 2026-03-31, no day is missing." in said
    assert "whole" in Page(page).text
    alone = render_html({"accounts": accounts[:1]}, about(proof=None, balances=[]))
    assert "<h3>What the statements cover</h3>" in alone
    assert "<script" not in page + alone
