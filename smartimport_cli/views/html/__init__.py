"""The Crystal summary as one page: no script, nothing from elsewhere, for screens light and dark, and for paper.

Insights may come from another backend, and may not be ours: what is not there, or is no figure, is left out.
Every text is escaped where it is put in. Each chart has its figures in a table.
"""

import base64
import hashlib
from importlib.resources import files
from typing import Any

from smartimport_cli.core.text import clean
from smartimport_cli.views.html.about import About, Balances
from smartimport_cli.views.html.accounts import balances_of
from smartimport_cli.views.html.ahead import budgets_card, forecast_card, looks_card, recurring_card
from smartimport_cli.views.html.calendar import calendar_card
from smartimport_cli.views.html.changes import change_card, year_card
from smartimport_cli.views.html.parts import escaped
from smartimport_cli.views.html.spending import categories_card, flow_card, merchants_card, tiles, trend_card
from smartimport_cli.views.html.values import dicts, period_of

__all__ = ["GENERATOR", "About", "Balances", "is_ours", "render_html"]

GENERATOR = '<meta name="generator" content="smartimport summary">'
_MADE = "Made by smartimport from committed transactions; nothing on this page came from elsewhere."


def is_ours(head: str) -> bool:
    """Whether a file that begins so is an earlier page of ours."""
    return GENERATOR in head


def render_html(insights: dict[str, Any], about: About) -> str:
    """The whole page."""
    css = (files("smartimport_cli.views.html") / "page.css").read_text("utf-8")
    # The hash lets this one style in, and nothing else from anywhere.
    style = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    currencies = dicts(insights.get("currencies"))
    period = period_of(currencies[0]) if currencies else "Summary"
    body = [_header(about, period)]
    body += [_currency(found, number, about, len(currencies) > 1) for number, found in enumerate(currencies)]
    body += balances_of(insights, about)
    return "\n".join([
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        GENERATOR,
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="robots" content="noindex">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>Crystal · {escaped(period)}</title>",
        f"<style>{css}</style>",
        "</head>",
        "<body>",
        "<main>",
        *body,
        "</main>",
        f"<footer><p>From {escaped(about.file_name)}, import {escaped(about.import_id[:8])}. {_MADE}</p></footer>",
        "</body>",
        "</html>",
        "",
    ])  # fmt: skip


def _header(about: About, period: str) -> str:
    first, *more = [f"<li>{escaped(line)}</li>" for line in about.advice.splitlines() if line.strip()] or [""]
    lead = f'<ul class="lead">{first}{more[0] if more else ""}</ul>' if first else ""
    if len(more) > 1:
        rest = f'<ul class="lead">{"".join(more[1:])}</ul>'
        lead += f"<details><summary>{len(more) - 1} more sentences</summary>{rest}</details>"
    return (
        f'<header><p class="brand">Crystal</p><h1>{escaped(period)}</h1>'
        f'<p class="source">{escaped(about.file_name)}</p>{lead}</header>'
    )


def _currency(found: dict[str, Any], number: int, about: About, named: bool) -> str:
    unit = clean(str(found.get("currency") or ""))
    key = f"c{number}"
    cards = [
        flow_card(found, key), trend_card(found, key), change_card(found, key), year_card(found, key), looks_card(found),
        categories_card(found, key), merchants_card(found, key), budgets_card(found), forecast_card(found),
        recurring_card(found),
    ]  # fmt: skip
    title = f"<h2>{escaped(unit or 'No currency')}</h2>" if named else '<h2 class="unseen">At a glance</h2>'
    columns = f'<div class="columns">{"".join(cards)}</div>'
    return f"<section>{title}{tiles(found, unit)}{columns}{calendar_card(found)}</section>"
