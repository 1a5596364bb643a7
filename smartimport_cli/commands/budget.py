"""smartimport budget: what a category may cost in a month."""

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.text import clean

if TYPE_CHECKING:
    from smartimport_cli.core.protocols import Budget
    from smartimport_cli.terminal import Terminal

_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,4})?")


def budget(
    ctx: typer.Context,
    action: Annotated[str, typer.Argument(metavar="ACTION", help="list, set or remove.")] = "list",
    category: Annotated[
        str | None, typer.Argument(metavar="[CATEGORY]", help="For set and remove.", show_default=False)
    ] = None,
    amount: Annotated[
        str | None, typer.Argument(metavar="[AMOUNT]", help="For set: what a month may cost.", show_default=False)
    ] = None,
    currency: Annotated[
        str | None, typer.Option("--currency", help="ISO code; left out: whichever currency it is.")
    ] = None,
) -> Answer:
    """Budgets by month and category (`budget set groceries 400`). The summary says what is left."""
    context: Context = ctx.obj
    code = _code(currency)
    if action == "list" and category is None:
        return _list(context)
    if action == "set" and category and amount is not None:
        return _set(context, clean(category), amount, code)
    if action == "remove" and category and amount is None:
        return _remove(context, clean(category), code)
    raise UsageError(
        "wrong-use",
        "budget takes list, set CATEGORY AMOUNT, or remove CATEGORY.",
        hint="For example: smartimport budget set groceries 400",
    )


def _list(context: Context) -> Answer:
    budgets = context.backend.budgets()

    def write(terminal: "Terminal") -> None:
        from smartimport_cli.views.lists import budgets_table

        if not budgets:
            terminal.err("No budgets yet. Set one: smartimport budget set groceries 400")
            return
        terminal.out(budgets_table(budgets, width=terminal.width, unicode=terminal.unicode))

    return Answer({"schema": "smartimport.budget/1", "budgets": [_document(one) for one in budgets]}, write)


def _set(context: Context, category: str, text: str, currency: str | None) -> Answer:
    from decimal import Decimal

    from smartimport_cli.core.money import grouped, to_units
    from smartimport_cli.core.protocols import Budget

    units = to_units(Decimal(text)) if _AMOUNT.fullmatch(text) else 0
    if not units:
        raise UsageError("bad-amount", f"A budget of '{clean(text)}' is no amount.", hint="Write 400 or 399.50.")
    known = _known(context, category)
    made = Budget(known, currency, units)
    context.backend.set_budget(made)

    def write(terminal: "Terminal") -> None:
        terminal.out(f"{known} may cost {grouped(units, currency)} {currency or ''}".rstrip() + " a month.")
        terminal.err("What is left: smartimport summary")

    return Answer({"schema": "smartimport.budget/1", "set": _document(made)}, write)


def _remove(context: Context, category: str, currency: str | None) -> Answer:
    removed = context.backend.remove_budget(category, currency)
    if not removed:
        raise UsageError(
            "unknown-budget", f"There is no budget for {category}.", hint="smartimport budget list shows what there is."
        )

    def write(terminal: "Terminal") -> None:
        terminal.out(f"{category} has no budget now.")

    return Answer({"schema": "smartimport.budget/1", "removed": removed, "category": category}, write)


def _known(context: Context, category: str) -> str:
    """The category as the table of rules writes it, where it knows it."""
    from smartimport_cli.crystal.categories import Rules

    return Rules.standard().spelling(category)


def _document(one: "Budget") -> dict[str, Any]:
    from smartimport_cli.core.money import plain

    return {"category": one.category, "currency": one.currency, "amount": plain(one.amount, one.currency)}


def _code(currency: str | None) -> str | None:
    if currency is not None and (len(currency) != 3 or not currency.isalpha()):
        raise UsageError("bad-option", f"--currency does not take '{clean(currency)}'.", hint="Write EUR.")
    return currency.upper() if currency else None
