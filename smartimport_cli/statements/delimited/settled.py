"""A plan said again as choices: those that would give the same reading if a person had made them."""

from typing import TYPE_CHECKING

from smartimport_cli.core.model import Choices
from smartimport_cli.statements.delimited import words
from smartimport_cli.statements.delimited.table import Table

if TYPE_CHECKING:
    from smartimport_cli.statements.delimited.plan import Plan


def roles(plan: "Plan", spare: int | None, account: int | None) -> dict[int, str]:
    """What each column of the plan is, by its index."""
    money = plan.money
    found = dict.fromkeys(plan.texts, "description")
    single = {
        "payee": plan.payee, "category": plan.category, "reference": plan.reference, "status": plan.status,
        "account": account, "currency": plan.currency_column, "fee": money.fee if plan.fee_counts else None,
        "mark": money.mark, "before" if money.leading else "balance": money.balance, "credit": money.credit,
        "debit": money.debit, "amount": money.amount, "value-date": spare, "date": plan.date,
    }  # fmt: skip
    if money.before is not None:
        found[money.before] = "before"
    found |= {index: role for role, index in single.items() if index is not None}
    return found


def choices(plan: "Plan", roles: dict[int, str], table: Table, given: Choices) -> Choices:
    """The choices that give this plan without anything left to evidence."""
    names = [words.normal(name) for name in table.names]

    def called(index: int) -> str:
        own = names[index]
        return table.names[index] if own and not own.isdecimal() and names.count(own) == 1 else str(index + 1)

    columns = []
    for index, role in sorted(roles.items()):
        if role != "payee" or index not in plan.texts:
            columns.append((role, called(index)))
    texts = [("description", called(index)) for index in plan.texts]
    columns = [pair for pair in columns if pair[0] != "description"] + texts
    if plan.payee is not None:
        columns.append(("payee", called(plan.payee)))
    signed = plan.money.kind == "signed"
    return Choices(
        encoding=plan.encoding, delimiter=plan.dialect.delimiter,
        header=None if table.header else 0, date_order=plan.order, decimal=plan.decimal,
        sign=("inverted" if plan.money.invert else "normal") if signed else None,
        currency=plan.currency if plan.currency_column is None else None, account=given.account,
        columns=tuple(columns),
    )  # fmt: skip
