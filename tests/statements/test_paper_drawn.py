"""Layouts drawn by chance: every row comes out as it was written, or the file is refused; what is proved is right."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Verdict
from tests.statements.paper_layouts import Paper, english, french, german, swiss
from tests.statements.test_paper import read, rows

_RIGHT = 555.0  # of the page's last column
_AMOUNTS: dict[str, Callable[[Decimal], str]] = {"1,234.50": english, "1.234,50": german, "1 234,50": french,
                                                 "1'234.50": swiss, "1234.50": lambda amount: f"{abs(amount):.2f}",
                                                 "1234,50": lambda amount: f"{abs(amount):.2f}".replace(".", ",")}  # fmt: skip
_DATES = ("%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%d %b", "%d.%m.", "%d-%b-%y", "%b %d, %Y", "%d.%m.%y")
_SHOPS = ("Alder Studio", "Greenway Foods Ltd", "N. Water Co", "7 Eleven", "Haywood & Sons", "Kiosk 24", "Invoice 2024-118",
          "REF 00123456", "R Vane", "Corner Shop 03", "12.00 EUR at 1.0842", "Rate of 01/02", "50% off, 3 for 2.50",
          "Kiosk of 2 Jan 2024", "A longer name of a shop")  # fmt: skip
# Names of the columns: day, value day, text, out, in, amount, balance; of the first and the last balance.
_NAMES = {
    "en": ("Date", "Value date", "Details", "Paid out", "Paid in", "Amount", "Balance", "Opening balance", "Closing balance"),
    "us": ("Posted", "Effective date", "Description", "Withdrawals", "Deposits", "Amount", "Balance", "Beginning balance",
           "Ending balance"),
    "de": ("Buchung", "Wertstellung", "Verwendungszweck", "Soll", "Haben", "Betrag", "Saldo", "Anfangssaldo", "Endsaldo"),
    "es": ("Fecha", "Fecha valor", "Concepto", "Cargos", "Abonos", "Importe", "Saldo", "Saldo inicial", "Saldo final"),
    "it": ("Data", "Data valuta", "Descrizione", "Uscite", "Entrate", "Importo", "Saldo", "Saldo iniziale", "Saldo finale"),
}  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """How a statement is laid out."""

    size: float
    amount: str
    day: str
    money: str  # two (out and in), signed, trailing minus, or marks
    balance: str  # each row, last (of a day), none
    turned: bool  # the newest row first
    swapped: bool  # money in stands before money out
    once: bool  # a day is printed once for its rows
    wrapped: bool
    step: float
    value_day: bool
    names: str
    minus: str  # -1.00, (1.00), or the long one
    unit: str  # before or behind the amount, or none
    text_last: bool  # the description stands behind the amounts


_LAYOUTS = st.builds(
    Layout,
    size=st.sampled_from((7.0, 8.0, 9.0, 10.0)),
    amount=st.sampled_from(sorted(_AMOUNTS)),
    day=st.sampled_from(_DATES),
    money=st.sampled_from(("two", "signed", "behind", "marks")),
    balance=st.sampled_from(("each", "last", "none")),
    turned=st.booleans(),
    swapped=st.booleans(),
    once=st.booleans(),
    wrapped=st.booleans(),
    step=st.sampled_from((11.5, 13.0, 16.0)),
    value_day=st.booleans(),
    names=st.sampled_from(sorted(_NAMES)),
    minus=st.sampled_from(("-", "(", "\u2013")),
    unit=st.sampled_from(("", "\u20ac ", " \u20ac", "EUR ", " EUR")),
    text_last=st.booleans(),
)
_ROWS = st.lists(
    st.tuples(st.integers(0, 57), st.sampled_from(_SHOPS), st.integers(-250_000, 250_000).filter(bool)),
    min_size=4, max_size=30,
)  # fmt: skip


def drawn(layout: Layout, drawn_rows: list[tuple[int, str, int]]) -> tuple[bytes, list[tuple[date, Decimal]]]:
    """The document, and its rows in their order."""
    first = date(2023, 12, 4)
    written = sorted(drawn_rows, key=lambda row: row[0])
    all_rows = [(first + timedelta(day), shop, Decimal(cents).scaleb(-2)) for day, shop, cents in written]
    bare = _AMOUNTS[layout.amount]
    before_it, after_it = (layout.unit, "") if layout.unit.endswith(" ") else ("", layout.unit)

    def amount_of(amount: Decimal) -> str:
        return f"{before_it}{bare(amount)}{after_it}"

    day_name, value_name, text_name, out_name, in_name, amount_name, balance_name, first_name, last_name = _NAMES[layout.names]
    balance = Decimal("1200.00")
    with_balances = []
    for day, shop, amount in all_rows:
        balance += amount
        with_balances.append((day, shop, amount, balance))
    if layout.turned:
        with_balances.reverse()
    paper = Paper(layout.size)
    paper.line((40, "Current account 11223344, EUR"), step=layout.step)
    paper.line((40, f"{first:%d %B %Y} to {first + timedelta(60):%d %B %Y}"), step=layout.step * 2)
    places = {"day": 40.0, "value": 40 + 9 * layout.size, "text": 40 + (18 if layout.value_day else 9) * layout.size}
    if layout.money == "two":
        out, came = (-_RIGHT + 80, -_RIGHT + 160) if layout.swapped else (-_RIGHT + 160, -_RIGHT + 80)
    else:
        out = came = -_RIGHT + 90
    end = -_RIGHT
    if layout.text_last:  # amounts stand where the description would
        shift = places["text"] + 235 - _RIGHT
        out, came, end = out - shift, came - shift, end - shift
        places["text"] = -end + 15
    header = [(places["day"], day_name), (places["text"], text_name)]
    if layout.value_day:
        header.append((places["value"], value_name))
    header += [(out, out_name), (came, in_name)] if layout.money == "two" else [(out, amount_name)]
    if layout.balance != "none":
        header.append((end, balance_name))
    opening, closing = Decimal("1200.00"), balance
    stated = [(first_name, opening), (last_name, closing)]
    if layout.turned:
        stated.reverse()

    def signed(amount: Decimal) -> str:
        if amount >= 0:
            return amount_of(amount)
        return f"({amount_of(amount)})" if layout.minus == "(" else layout.minus + amount_of(amount)

    at = end if layout.balance != "none" else out
    if layout.balance == "none":
        paper.line((40, stated[0][0]), (-300, signed(stated[0][1])), step=layout.step)
        paper.line((40, stated[1][0]), (-300, signed(stated[1][1])), step=layout.step * 2)
    paper.line(*header, step=layout.step)
    if layout.balance != "none":
        paper.line((places["text"], stated[0][0]), (at, signed(stated[0][1])), step=layout.step)
    for i, (day, shop, amount, after) in enumerate(with_balances):
        if paper.full:
            paper.page()
            paper.line(*header, step=layout.step)
        cells: list[tuple[float, str]] = [(places["text"], shop)]
        before = with_balances[i - 1][0] if i else None
        if not (layout.once and day == before):
            cells.insert(0, (places["day"], f"{day:{layout.day}}"))
            if layout.value_day:
                cells.insert(1, (places["value"], f"{day:{layout.day}}"))
        side = came if amount > 0 else out
        text = amount_of(amount)
        if layout.money == "signed":
            text = signed(amount)
        elif layout.money == "behind":
            text += "-" if amount < 0 else "+"
        elif layout.money == "marks":
            text += " CR" if amount > 0 else " DR"
        cells.append((side, text))
        ends = i + 1 == len(with_balances) or with_balances[i + 1][0] != day
        if layout.balance == "each" or (layout.balance == "last" and (ends if not layout.turned else day != before)):
            cells.append((end, signed(after)))
        paper.line(*cells, step=layout.step)
        if layout.wrapped and i % 3 == 0:
            paper.line((places["text"], "card 4711 at the till"), step=layout.step)
    if layout.balance != "none":
        paper.line((places["text"], stated[1][0]), (at, signed(stated[1][1])), step=layout.step)
    return paper.done(), [(day, amount) for day, _, amount, _ in with_balances]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(layout=_LAYOUTS, chosen=_ROWS)
def test_any_layout_is_read_as_written_or_refused(layout: Layout, chosen: list[tuple[int, str, int]]) -> None:
    pdf, expected = drawn(layout, chosen)
    try:
        (found,) = read(pdf)
    except FileRefused as refused:
        event(f"refused: {refused.code}")
        return
    event(f"{found.statement.proof.verdict}")
    if found.statement.proof.verdict is Verdict.PROVED:
        assert rows(found) == expected
    else:  # an amount in a description that ends the line may be taken for one of the row: the balances deny it
        assert layout.text_last
