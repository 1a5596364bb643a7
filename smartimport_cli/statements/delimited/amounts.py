"""Where the amounts and their balance stand: every way to read them out of the columns, by name and by content."""

from dataclasses import dataclass, replace
from itertools import product

from smartimport_cli.statements.delimited import numbers, words
from smartimport_cli.statements.delimited.table import Column, Table


@dataclass(frozen=True, slots=True)
class Money:
    """Where the amounts stand. `kind`: signed (one column), pair (debit and credit), marked (an unsigned amount
    and a column that says in or out)."""

    kind: str
    amount: int | None = None
    debit: int | None = None
    credit: int | None = None
    mark: int | None = None
    balance: int | None = None
    before: int | None = None
    fee: int | None = None
    invert: bool = False
    balance_decimal: str | None = None  # where the balance is written with another decimal mark
    owed: bool = False  # the balance is a debt: it rises with money out
    leading: bool = False  # the balance is that before the row
    credit_negative: bool = False  # a card's side of it: what lowers the debt has a minus
    net: bool = False  # fees were taken off amounts with plus: those are money in
    directions: words.Directions | None = None  # where the marks mean so in this column only
    blank: bool | None = None  # of a marked amount: what no mark means, where only one direction is marked
    assumed: str = ""  # why this is not sure, where it is not


def money_layouts(table: Table, used: set[int], told: dict[str, int]) -> list[Money]:
    """All ways to read amounts and balance out of the columns, the likeliest first."""
    columns = [column for column in table.columns if column.index not in used]
    marks = _mark_column(table, columns)
    if told.keys() & {"amount", "debit", "credit"}:
        layouts = [_told(table, told, columns)]
        marks = told.get("mark")
    else:
        layouts = _by_name(table, columns, marks, told) or _by_content(table, columns, marks, told)
    blank = _unmarked(table, marks)
    own = table.columns[marks].directions if marks is not None else None
    return [replace(m, blank=blank, directions=own, credit_negative=_negative_credit(table, m)) for m in layouts]


def other_layouts(table: Table, used: set[int], named: Money) -> list[Money]:
    """Other ways to read the amounts or the balance of a reading by names that no balance proves, by content."""
    columns = [column for column in table.columns if column.index not in used]
    amounts = {named.amount, named.debit, named.credit} - {None}
    return [
        money
        for money in _by_content(table, columns, _mark_column(table, columns), {})
        if money.balance is not None
        and table.columns[money.balance].role in (None, "balance")
        and (money.balance == named.balance or amounts & {money.amount, money.debit, money.credit})
    ]


def _negative_credit(table: Table, money: Money) -> bool:
    """Whether the credits have a minus, and the debits have none."""
    if money.debit is None or money.credit is None:
        return False
    debits, credits = table.columns[money.debit].tokens, table.columns[money.credit].tokens
    real = [t for t in credits if t.number.strip("0.,")]
    return bool(real) and all(t.negative for t in real) and not any(t.negative for t in debits)


def _unmarked(table: Table, mark: int | None) -> bool | None:
    """What a row without a mark is, where most rows have none and all marks say the same (a card's CR)."""
    if mark is None or len(table.columns[mark].cells) * 2 > len(table.data):
        return None
    if any(len(cell) < 2 for cell in table.columns[mark].cells):
        return None  # a lone C can be a cheque, or cleared
    said = {words.mark(cell) for cell in table.columns[mark].cells}
    return not said.pop() if len(said) == 1 and None not in said else None


def _told(table: Table, told: dict[str, int], columns: list[Column]) -> Money:
    balance, before = told.get("balance"), told.get("before")
    if balance is None and before is None:
        balance = next((c.index for c in columns if c.role == "balance" and c.money > 0.8), None)
    leading = balance is None and before is not None
    if leading:
        balance, before = before, None
    if "amount" in told:
        mark = told.get("mark")
        kind = "signed" if mark is None else "marked"
        return Money(
            kind, told["amount"], mark=mark, balance=balance, before=before, fee=told.get("fee"), leading=leading
        )
    return Money(
        "pair", debit=told.get("debit"), credit=told.get("credit"), balance=balance, fee=told.get("fee"), leading=leading
    )


def _mark_column(table: Table, columns: list[Column]) -> int | None:
    found = [
        (column.role == "direction", column.role in ("kind", "debit", "credit"), -column.index, column.index)
        for column in columns
        if column.marked > 0.95
        and column.money < 0.5
        and column.role not in ("payee", "status", "currency")
        and (column.role != "description" or column.distinct <= 3)
        and (column.role in (None, "direction") or len(column.cells) * 2 > len(table.data))
    ]
    return max(found)[-1] if found else None if table.of_credit_card else _kind_column(columns)


def _kind_column(columns: list[Column]) -> int | None:
    """The column whose few kinds of transactions say which way the money went, where no amount has a sign."""
    amounts = [c for c in columns if c.money > 0.8 and c.role in (None, "amount")]
    if not amounts or any(token.signed or token.debit is not None for c in amounts for token in c.tokens):
        return None
    if any(c.role in ("debit", "credit") and c.money > 0.8 for c in columns):
        return None
    from smartimport_cli.statements.delimited import movements  # long lists, for few files

    for column in columns:
        if column.role in (None, "kind", "direction", "description", "category") and len(column.cells) == len(columns[0].cells):
            column.directions = movements.directions(column.cells)
            if column.directions:
                return column.index
    return None


def _by_name(table: Table, columns: list[Column], mark: int | None, told: dict[str, int]) -> list[Money]:
    def having(role: str, empty: bool = False) -> list[Column]:
        return [c for c in columns if c.role == role and (c.money > 0.8 or (empty and not c.cells))]

    running = [c for c in having("balance") if not c.constant]
    balances: list[int | None] = [c.index for c in sorted(running, key=lambda c: -len(c.cells))]
    if "balance" in told:
        balances = [told["balance"]]
    balances = balances or [None]
    before = having("before")
    leading = balances == [None] and bool(before)
    if leading:
        balances = [before[0].index]
    fees = having("fee")
    fee = (
        fees[0].index if fees and any(numbers.magnitude(t.number, ".") != 0 for t in fees[0].tokens) else None
    )
    # A column named for both, or for the direction, that holds amounts is an amount column.
    amounts = having("amount") + having("direction")
    with_fee: list[int] = []
    for gross, off, net in product(amounts, fees, amounts):
        if gross is not net and (with_fee := _after_fee(table, gross, off, net)):
            amounts, fee = [net], None
            break
    amounts.sort(
        key=lambda c: (-(len(c.cells) > 0), -words.booked(c.name), -words.main_amount(c.name), c.index)
    )
    debits, credits = having("debit", True), having("credit", True)
    layouts: list[Money] = []
    pairs = []
    for position, debit in enumerate(debits):
        if len(debits) == len(credits):
            pairs.append((debit, credits[position]))
        elif credits:
            pairs.append((debit, min(credits, key=lambda c: abs(c.index - debit.index))))
    if (
        not debits or not credits
    ):  # one of the two has another name: where it has an amount, the other has none
        # An empty column proves no pair where marks of direction stand beside the amounts.
        sides = [[c for c in side if c.cells or mark is None] for side in (debits, credits)]
        for amount in amounts:
            pairs += [(debit, amount) for debit in sides[0] if _exclusive(table, debit.index, amount.index)]
            pairs += [(amount, credit) for credit in sides[1] if _exclusive(table, amount.index, credit.index)]
    if not pairs and len(debits) + len(credits) == 1:
        # The name of the other is in no list: wherever one has an amount, the other has none.
        (known,) = debits or credits
        for other in (c for c in columns if c.role is None and c.money > 0.8):
            if _exclusive(table, known.index, other.index):
                pairs.append((known, other) if debits else (other, known))
    pairs = [pair for pair in pairs if pair[0].cells or pair[1].cells]
    pairs.sort(key=lambda pair: (-words.booked(pair[0].name), pair[0].index))
    for balance in balances:
        for debit, credit in pairs:
            layouts.append(Money("pair", debit=debit.index, credit=credit.index, balance=balance, fee=fee))
        first = before[0].index if before else None
        for amount in amounts:
            signed = Money("signed", amount.index, balance=balance, before=first, fee=fee, net=any(a > 0 for a in with_fee))
            if mark is not None:
                layouts.append(
                    Money("marked", amount.index, mark=mark, balance=balance, before=first, fee=fee)
                )
            layouts.append(signed)
        if not amounts and not pairs:
            for column in debits:
                if column.cells:
                    layouts.append(Money("pair", debit=column.index, balance=balance))
            for column in credits:
                if column.cells:
                    layouts.append(Money("pair", credit=column.index, balance=balance))
        if not layouts:
            for column in having("other_money"):
                layouts.append(
                    Money(
                        "marked" if mark is not None else "signed", column.index, mark=mark, balance=balance
                    )
                )
    if pairs and amounts and any(t.negative for c in amounts for t in c.tokens):
        layouts.sort(key=lambda layout: layout.kind == "pair")
    return [replace(m, before=None, leading=True) for m in layouts] if leading else layouts


def _by_content(table: Table, columns: list[Column], mark: int | None, told: dict[str, int]) -> list[Money]:
    money = [
        c
        for c in columns
        if c.money > 0.9 and c.role in (None, "amount", "balance", "debit", "credit") and not _number_only(c)
    ]
    if any(c.role in ("amount", "debit", "credit") and not c.cells for c in columns):
        money = [c for c in money if c.role != "balance"]  # the amounts have their column, and it is empty
    if not money:
        money = [c for c in columns if c.money > 0.9 and c.role is None and max(map(len, c.cells)) < 8]
    if not money:
        return []
    # Columns without decimals are amounts only where nothing better is there; a balance they can be.
    fine = [c for c in money if any(_looks_like_money(t) for t in c.tokens)]
    whole = [c for c in money if c not in fine][:3] if fine else []
    money = (fine or money)[:6]
    layouts: list[Money] = []
    n = len(table.data)
    for i, a in enumerate(money):
        for b in money[i + 1 :]:
            if _exclusive(table, a.index, b.index):
                if any(t.negative for t in a.tokens) or any(t.negative for t in b.tokens):
                    sure = (
                        ""
                        if not any(t.negative for t in b.tokens) or not any(t.negative for t in a.tokens)
                        else "both signs"
                    )
                    out, into = (a, b) if any(t.negative for t in a.tokens) else (b, a)
                    order, assumed = (out, into), sure
                else:
                    order, assumed = (a, b), "debit is taken to stand before credit"
                others = [c.index for c in money if c not in (a, b) and len(c.cells) * 2 >= n]
                for balance in [*others, None]:
                    layouts += [
                        Money("pair", debit=out.index, credit=into.index, balance=balance, assumed=assumed)
                        for out, into in (order, order[::-1])
                    ]
    for a in money:
        # Amounts without a sign, and an empty column beside: debits without a credit.
        behind = next((c.index for c in columns if c.index == a.index + 1 and not c.cells), None)
        if behind is not None and not any(t.signed for t in a.tokens):
            for balance in [*(c.index for c in money if c is not a), None]:
                layouts.append(Money("pair", debit=a.index, credit=behind, balance=balance,
                                     assumed="debit is taken to stand before credit"))  # fmt: skip
    pairs = bool(layouts)
    signed = sorted(
        [c for c in money if c.role != "balance"],
        key=lambda c: (-(len(c.cells) * 2 >= n), -any(t.negative for t in c.tokens), c.index)
    )
    singles: list[Money] = []
    kind = "marked" if mark is not None else "signed"
    for a in signed:
        others = [c.index for c in money if c is not a]
        for balance in others:
            singles.append(Money(kind, a.index, mark=mark, balance=balance))
            singles.extend(
                Money(kind, a.index, mark=mark, balance=balance, before=first)
                for first in others
                if first != balance
            )
        singles.append(Money(kind, a.index, mark=mark, balance=told.get("balance")))
    if mark is not None:
        singles += [Money("signed", m.amount, balance=m.balance, before=m.before) for m in singles]
    # Without a proof, the last column of several stands for the balance.
    if len(money) > 1 and not pairs:
        last = money[-1].index
        singles.sort(
            key=lambda m: (m.balance != last, _apart(m), m.amount == last, m.before is not None)
        )
    plain = [Money(kind, a.index, mark=mark, balance=c.index) for a in signed for c in whole]
    return layouts + singles + plain


def _after_fee(table: Table, gross: Column, fee: Column, net: Column) -> list[int]:
    """The amounts from which a fee was taken, where one column is in every row what another leaves after the fee."""
    for decimal in ".,":
        found = []
        for row in table.data:
            cells = (row.cells[c.index] if c.index < len(row.cells) else "" for c in (gross, fee, net))
            whole, off, rest = (numbers.value(cell, decimal) for cell in cells)
            if whole is None or rest is None or whole - abs(off or 0) != rest:
                break
            found += [whole] if off else []
        else:
            return found
    return []


def _apart(money: Money) -> bool:
    """Whether the balances before and after a row stand apart. In one row alone the balance before and the amount
    could be each other."""
    return money.before is not None and money.balance is not None and abs(money.before - money.balance) > 1


def _number_only(column: Column) -> bool:
    """Digits that name something: too long for an amount, or a constant with leading zeros."""
    plain = [cell for cell in column.cells if cell.strip("'\"").isdigit()]
    if len(plain) < max(len(column.cells) * 0.9, 1):
        return False
    return any(len(cell) >= 8 or (cell[0] == "0" and len(cell) > 1) for cell in plain)


def _looks_like_money(found: numbers.Token) -> bool:
    return found.signed or found.currency is not None or not found.number.isdigit()


def _exclusive(table: Table, a: int, b: int) -> bool:
    """Whether each row has an amount in exactly one of the two columns (the other empty or zero)."""
    seen_a = seen_b = 0
    signed = any(token.signed for i in (a, b) for token in table.columns[i].tokens)
    for row in table.data:
        left, right = (_nonzero(row.cells[i]) if i < len(row.cells) else False for i in (a, b))
        if left == right:
            return False
        seen_a += left
        seen_b += right
    empty = any(
        not (row.cells[i].strip() if i < len(row.cells) else "") for row in table.data for i in (a, b)
    )
    # Where one side is nothing but zeros, signs would tell that it is no side at all.
    return bool(seen_a and seen_b) or ((empty or not signed) and bool(seen_a or seen_b))


def _nonzero(cell: str) -> bool:
    return any(c in "123456789" for c in cell)
