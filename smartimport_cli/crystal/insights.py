"""The shape of insights: what views, pages, scripts and the wire get, as JSON values.

Amounts are decimal strings in the currency of the entry around them, minus is money out; sums that are called
`out` or `spent` are written without a sign. Dates are ISO 8601, months `YYYY-MM`, `percent` whole numbers. Each
finding names its rows by import, line (see `core.model.where`) and date; lists are cut to a bound that does not
depend on the size of the store, and `..._left_out` says how many entries there were beyond it. A key that is
not there, or None, was not known: never zero.

Version 2 adds to version 1 and changes nothing of it: a reader of version 1 finds all its keys. What is said
of *the import* (`in`, `out`, `net`, `rows`, `categories`, `merchants`, `fees`, `interest`) counts its own rows;
`months`, `change`, `year_change`, `recurring`, `forecast`, `budgets` look at all committed rows of the currency,
in all accounts. `spent` and `earned` leave out transfers between own accounts and take refunds off.
"""

from typing import Any, NotRequired, TypedDict

SCHEMA = "smartimport.insights/2"

Row = TypedDict("Row", {"import": str, "line": int, "date": str, "amount": str})
"""Where a committed row came from: the first eight characters of its import's id, its place, day and amount."""

Flow = TypedDict(
    "Flow",
    {"in": str, "out": str, "net": str, "rows": int, "earned": str, "spent": str},
)
"""Exact sums; `earned` and `spent` are without own transfers, and refunds make `spent` less."""

MonthFlow = TypedDict(
    "MonthFlow",
    {
        "month": str, "in": str, "out": str, "net": str, "rows": int, "earned": str, "spent": str,
        "complete": bool,  # the rows of every account that was in use reach over the whole month
    },
)  # fmt: skip


Change = TypedDict(
    "Change",
    {
        "month": str,
        "complete": bool,  # False: the month is not over, 'so far'
        "before": str,
        "out": str,
        "out_before": str,
        "out_difference": str,
        "in": str,
        "in_before": str,
        "in_difference": str,
        "categories": list[dict[str, str]],  # category, out_difference; the largest first
        "accounts_left_out": int,
    },
)
"""One month beside another, over the accounts that are whole in both (`accounts_left_out` says how many are
not). Differences are now minus then; `out` here is what was spent and `in` what was earned."""


class Word(TypedDict):
    """What decided a category: a rule's pattern, the bank's category, a code, or a word (or merchant) that was
    learned. `weight` is of learned words: the natural logarithm of how much likelier the word is in this category
    than in the next best one."""

    word: str
    weight: float | None


class Grounds(TypedDict):
    """Why a merchant's rows are in their category. `by` is a key of `Category.decided`; `confidence` 0 to 1."""

    merchant: str
    rows: int
    by: str
    confidence: float
    words: list[Word]


class Category(TypedDict):
    """Money out of the import by category. `months`: what was spent on it in each of `months` above, whole
    store, for a trend. `decided`: of `rows`, how many by whom. `grounds`: why, most money first."""

    category: str
    out: str
    share_percent: int
    rows: int
    months: list[str]
    decided: dict[str, int]  # 'you', 'bank', 'code' (MCC), 'rule', 'learned', 'pair', 'none' -> rows
    grounds: list[Grounds]
    grounds_left_out: int


class Merchant(TypedDict):
    merchant: str
    out: str
    rows: int
    category: str


class Recurring(TypedDict):
    """One series of payments. status: new (began lately), running, late (due and not there), stopped.
    rhythm: weekly, every two weeks, every four weeks, twice a month, monthly, every two months, quarterly,
    every six months, yearly."""

    merchant: str
    category: str
    rhythm: str
    amount: str  # the latest
    usual: str  # the median of the present price
    variable: bool  # amounts differ from payment to payment, as of a power bill
    per_year: str  # the usual amount times the turns of a year
    next: str | None
    status: str
    probable: bool  # seen too seldom to be sure
    previous_amount: str | None  # where the latest payment changed a steady price
    price: "Price | None"  # the latest lasting change of price
    missed: list[str]  # days on which it was due and did not come, though it went on later
    trial: Row | None  # a first charge, much lower, that the series began with
    account: str
    rows: list[Row]  # the latest ones, oldest first
    count: int


Price = TypedDict(
    "Price", {"from": str, "to": str, "percent": int, "since": str}
)  # percent is signed: +12 is dearer


class Salary(TypedDict):
    """Regular income; the largest first."""

    merchant: str
    rhythm: str
    usual: str
    amount: str
    last: str
    next: str | None
    rows: list[Row]
    count: int


class Unusual(TypedDict):
    """A payment far above what is usual at its merchant, or in its category where the merchant is new."""

    merchant: str
    amount: str
    usual: str
    compared_with: str  # 'merchant' or 'category'
    category: str
    row: Row


class Repeated(TypedDict):
    """Two equal charges within days, and no habit."""

    merchant: str
    amount: str
    rows: list[Row]


class Refund(TypedDict):
    """Money back. kind: reversal (all of a charge), partial, other (the charge is not here: `of` is None)."""

    merchant: str
    amount: str
    kind: str
    of: Row | None
    row: Row


Transfer = TypedDict("Transfer", {"amount": str, "from": str, "to": str, "rows": list[Row]})
"""A pair of rows in two own accounts (labels): money that was neither earned nor spent. Newest first."""


class FirstTime(TypedDict):
    merchant: str
    amount: str  # all of the import's money out there
    category: str
    row: Row  # the first


Bank = TypedDict("Bank", {"out": str, "in": str, "count": int, "rows": list[Row]})
"""What the bank took and gave in this import."""


class Scheduled(TypedDict):
    """A payment that the forecast expects."""

    merchant: str
    date: str
    amount: str


class Forecast(TypedDict):
    """From the day after the last row to `until`, the end of a month. `low` to `high` hold the net four times
    out of five, by how the same days of earlier months went. `balance_...` where the balance is known."""

    after: str
    until: str
    scheduled_in: str
    scheduled_out: str
    scheduled: list[Scheduled]
    scheduled_left_out: int
    everyday_out: str
    net: str
    low: str
    high: str
    months_used: int
    balance: NotRequired[str]
    balance_at_end: NotRequired[str]
    balance_low: NotRequired[str]
    balance_high: NotRequired[str]


class Budget(TypedDict):
    """A limit for a category in the month of the last row. `left` is negative where it is overspent."""

    category: str
    month: str
    limit: str
    spent: str
    left: str
    percent: int  # of the limit that is spent


class Gap(TypedDict):
    """Days (both included) that no statement of the account covers, between two that do."""

    first: str
    last: str
    days: int


class Break(TypedDict):
    """Two statements of which the first does not end where the next one begins."""

    first_statement: str  # file of the earlier one
    closed: str  # its last day
    closing: str
    next_statement: str
    opened: str
    opening: str
    difference: str


class Balance(TypedDict):
    """What an account held at the end of a day, as a statement says; `verdict` is of that statement's proof."""

    date: str
    balance: str
    verdict: str


class Coverage(TypedDict):
    """What is there of one account. `months` are those that are wholly covered."""

    account: str  # the label that people see
    currency: str | None
    first: str
    last: str
    statements: int
    months: list[str]
    gaps: list[Gap]
    overlaps: list[Gap]
    breaks: list[Break]
    balances: list[Balance]  # oldest first


class Uncategorised(TypedDict):
    """What no rule and no correction knows, largest first: where a correction teaches most."""

    rows: int
    out: str
    merchants: list[Merchant]


Currency = TypedDict(
    "Currency",
    {
        "currency": str | None,
        "period": dict[str, str],  # first, last: of the import's rows
        "in": str,
        "out": str,
        "net": str,
        "rows": int,
        "earned": str,
        "spent": str,
        "transfers": dict[str, Any],  # in, out, rows of the import
        "months": list[MonthFlow],
        "months_left_out": int,
        "months_missing": list[str],  # between the first and the last, without any row
        "change": Change | None,  # the last month beside the one before
        "year_change": Change | None,  # the last whole month beside the same one a year before
        "categories": list[Category],
        "categories_left_out": int,
        "uncategorised": Uncategorised,
        "merchants": list[Merchant],
        "merchants_left_out": int,
        "first_time": list[FirstTime],
        "first_time_left_out": int,
        "recurring": list[Recurring],
        "recurring_left_out": int,
        "salary": list[Salary],
        "unusual": list[Unusual],
        "unusual_left_out": int,
        "repeated": list[Repeated],
        "repeated_left_out": int,
        "refunds": list[Refund],
        "refunds_left_out": int,
        "own_transfers": list[Transfer],
        "own_transfers_left_out": int,
        "fees": Bank,
        "interest": Bank,
        "forecast": Forecast | None,
        "budgets": list[Budget],
    },
)


class Sentence(TypedDict):
    """One sentence of the advice. `insight` is the path to the finding that every number in it comes from:
    keys and indexes with dots, as in `currencies.0.recurring.2`."""

    text: str
    insight: str
    rows: list[Row]


Converted = TypedDict(
    "Converted",
    {"currency": str, "in": str, "out": str, "net": str, "rates": dict[str, str], "without": list[str]},
)
"""All currencies in one, at the rates the user gave (`rates`: units of `currency` for one of the other);
`without` are those that have no rate and are not in the sums."""


class Insights(TypedDict):
    """All of it."""

    schema: str
    import_id: str
    currencies: list[Currency]
    currencies_left_out: int
    accounts: list[Coverage]
    converted: Converted | None
    sentences: list[Sentence]
