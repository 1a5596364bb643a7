"""All findings over committed rows, before they are cut to what a summary shows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from smartimport_cli.core.model import Transaction
from smartimport_cli.crystal import recurring
from smartimport_cli.crystal import unusual as amounts
from smartimport_cli.crystal.categories import (
    CASH,
    FEES,
    INCOME,
    INTEREST,
    TRANSFERS,
    UNCATEGORISED,
    Decided,
    Rules,
)
from smartimport_cli.crystal.coverage import Coverage, StatementPeriod, cover
from smartimport_cli.crystal.forecast import Forecast, forecast
from smartimport_cli.crystal.history import History, Payment, Payments, gather
from smartimport_cli.crystal.learning import Example, Learned
from smartimport_cli.crystal.months import Flow, Months, Span
from smartimport_cli.crystal.thresholds import Thresholds
from smartimport_cli.crystal.transfers import Pair, Refund, match_refunds, match_transfers

_LATEST = 31  # of a long import, what is new is new in its last so many days


class BudgetLimit(NamedTuple):
    """What a month may cost: a category, a currency (None: whichever), units."""

    category: str
    currency: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class Background:
    """What is known beside the rows."""

    rules: Rules = field(default_factory=Rules.standard)
    corrections: Mapping[str, str] = field(default_factory=dict)  # category by transaction id
    examples: Sequence[Example] = ()  # the corrections as examples to learn from
    budgets: Sequence[BudgetLimit] = ()
    statements: Sequence[StatementPeriod] = ()
    labels: Mapping[str, str] = field(default_factory=dict)  # what people call an account, by its key


@dataclass(slots=True)
class Found:
    """The findings in one currency."""

    currency: str | None
    payments: list[Payments]
    spans: dict[str, Span]
    months: Months
    new: Flow = field(default_factory=Flow)  # of the import
    first: int = 0  # ordinals over all rows, and over the import's
    last: int = 0
    new_first: int = 0
    new_last: int = 0
    series: list[tuple[Payments, recurring.Series]] = field(default_factory=list)
    salaries: list[tuple[Payments, recurring.Series]] = field(default_factory=list)
    unusual: list[amounts.Unusual] = field(default_factory=list)
    repeated: list[tuple[Payments, tuple[Payment, Payment]]] = field(default_factory=list)
    first_time: list[tuple[Payments, Payment, int]] = field(default_factory=list)
    transfers: list[Pair] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    forecast: Forecast | None = None


@dataclass(slots=True)
class Findings:
    """Of all currencies, and of the accounts."""

    history: History
    currencies: list[Found]
    coverage: list[Coverage]


def find(transactions: Iterable[Transaction], import_id: str, background: Background) -> Findings:
    """Look at all rows; the order does not matter."""
    limits = background.rules.thresholds
    history, pairs, refunds = categorised(transactions, import_id, background)
    coverage = cover(background.statements, limits.whole_month_days)
    currencies = []
    for currency, payments in history.currencies().items():
        spans = _spans(currency, payments, coverage)
        found = Found(currency, payments, spans, Months.of(payments, spans, limits.whole_month_days))
        found.transfers = [pair for pair in pairs if pair.currency == currency]
        found.refunds = [refund for refund in refunds if refund.currency == currency]
        _of_import(found)
        _look(found, limits, {c.account: c.gaps for c in coverage if c.currency in (currency, None)})
        currencies.append(found)
    return Findings(history, currencies, coverage)


def categorised(
    transactions: Iterable[Transaction], import_id: str, background: Background
) -> tuple[History, list[Pair], list[Refund]]:
    """All rows with what they are for, and which of them are own transfers or money back."""
    limits = background.rules.thresholds
    history = gather(transactions, import_id, background.corrections)
    _categorise(history, background)
    return history, match_transfers(history, limits), match_refunds(history, limits)


def _categorise(history: History, background: Background) -> None:
    """Decide what each merchant's payments are for: see `categories` for who goes first."""
    rules = background.rules
    learned = Learned(background.examples)
    for payments in history.payments:
        if payments.corrected and payments.given:
            payments.decided = Decided(payments.given, "you", 1.0)
            continue
        said = learned.of_merchant(payments.merchant, payments.money_in)
        payments.decided = said or rules.decide(
            f"{payments.merchant} {payments.description}", given=payments.given, money_in=payments.money_in
        )
    if not background.examples:
        return
    learned = Learned(
        background.examples,
        (
            Example(p.merchant, p.description, p.money_in, p.category)
            for p in history.payments
            if p.decided.by in ("rule", "bank", "code")
        ),
    )
    for payments in history.payments:
        if payments.category == UNCATEGORISED:
            guess = learned.of_words(payments.merchant, payments.description)
            if guess.confidence >= rules.thresholds.sure:
                payments.decided = guess


def _spans(currency: str | None, payments: Iterable[Payments], coverage: Iterable[Coverage]) -> dict[str, Span]:
    """First and last day of each account, by its rows and its statements."""
    spans: dict[str, Span] = {}
    for part in payments:
        first, last = min(part.days), max(part.days)
        before = spans.get(part.account, (first, last))
        spans[part.account] = min(first, before[0]), max(last, before[1])
    for covered in coverage:
        if covered.account in spans and covered.currency in (currency, None):
            first, last = spans[covered.account]
            spans[covered.account] = min(first, covered.first), max(last, covered.last)
    return spans


def _of_import(found: Found) -> None:
    """The sums and the period of the import's own rows, and the period of all."""
    found.first = min(min(part.days) for part in found.payments)
    found.last = max(max(part.days) for part in found.payments)
    firsts, lasts = [], []
    for part in found.payments:
        part.sum_mine()
        if not part.new_rows:
            continue
        found.new.add(part, part.new_units, part.new_rows)
        mine = part.days if part.new_rows == len(part) else [row.day for row in part.mine]
        firsts.append(min(mine))
        lasts.append(max(mine))
    if firsts:
        found.new_first, found.new_last = min(firsts), max(lasts)


def _look(found: Found, limits: Thresholds, gaps: Mapping[str, Sequence[tuple[int, int]]]) -> None:
    _find_series(found, limits, gaps)
    found.salaries = _salaries(found, limits)
    regular = {row for _, series in found.series for row in series.payments}
    merchants: dict[tuple[str, bool], list[Payments]] = defaultdict(list)
    for part in found.payments:
        if not part.money_in:
            merchants[part.house, part.category == TRANSFERS].append(part)
    of_category = amounts.usual_of_categories(found.payments, limits)
    resolved = {refund.of for refund in found.refunds if refund.of and refund.kind == "reversal"}
    begin = max(found.new_first, found.new_last - _LATEST)
    for parts in merchants.values():
        found.unusual += amounts.unusual(parts, of_category.get(parts[0].category), limits, regular)
        for part in parts:
            if 0 in part.imports:
                pairs = amounts.repeated(part, regular, resolved, limits)
                found.repeated += [(part, pair) for pair in pairs]
        _first_time(found, parts, begin, limits)
    found.unusual.sort(key=lambda item: (item.row.amount, item.merchant, item.row.line))
    found.repeated.sort(key=lambda item: (item[1][0].amount, item[0].merchant, item[1][0].line))
    found.first_time.sort(key=lambda item: (item[2], item[0].merchant))
    found.forecast = forecast(found.payments, found.series, found.first, found.last, limits)


def _find_series(found: Found, limits: Thresholds, gaps: Mapping[str, Sequence[tuple[int, int]]]) -> None:
    """Series of each merchant in each account; rows of one merchant that are categorised differently are looked
    at together. What was due in one of the account's `gaps` may well have come: it was not missed."""
    together: dict[tuple[str, str, bool, bool], list[Payments]] = defaultdict(list)
    for part in found.payments:
        if part.category not in (INTEREST, CASH) and not part.refund:
            together[part.account, part.house, part.money_in, part.category == TRANSFERS].append(part)
    for parts in together.values():
        first, last = found.spans[parts[0].account]
        unseen = [
            (begin - limits.late_days, end + limits.late_days) for begin, end in gaps.get(parts[0].account, ())
        ]
        for series in recurring.find(parts, first, last, limits):
            part = max(parts, key=len)
            if series.missed and unseen:
                missed = tuple(
                    day for day in series.missed if not any(a <= day.toordinal() <= b for a, b in unseen)
                )
                series = replace(series, missed=missed)
            if part.category == FEES:  # one that does not come was waived, not missed
                series = replace(series, missed=())
            found.series.append((part, series))
    found.series.sort(key=lambda item: (item[1].usual, item[0].merchant, item[1].payments[0]))


def _first_time(found: Found, parts: Sequence[Payments], begin: int, limits: Thresholds) -> None:
    if parts[0].category in (TRANSFERS, FEES, INTEREST) or begin - found.first < limits.first_time_days:
        return
    if min(min(part.days) for part in parts) < begin:
        return
    mine = sorted(row for part in parts for row in part.mine)
    if mine:
        found.first_time.append((parts[0], mine[0], sum(row.amount for row in mine)))


def _salaries(found: Found, limits: Thresholds) -> list[tuple[Payments, recurring.Series]]:
    """Regular income, the largest first: what its words call so, and what comes at least once a month and is
    much of all that comes regularly, whatever its payer's name looks like (a school pays its teachers)."""
    coming = [
        (payments, series)
        for payments, series in found.series
        if payments.money_in and payments.category != TRANSFERS and series.status != "stopped"
    ]
    coming.sort(key=lambda item: (-item[1].per_year, item[0].merchant))
    return [
        (payments, series)
        for payments, series in coming
        if payments.category == INCOME
        or (
            series.often
            and len(series.payments) >= 3
            and series.per_year >= limits.salary_share * coming[0][1].per_year
        )
    ]
