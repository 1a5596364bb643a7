"""Ledgers of three years for several kinds of households, with everything that is true of them.

Written from how banks and households behave and not from how anything is found: standing orders move to the
next working day, cards post late, power bills vary with the season, people have habits (the same coffee at the
same price), go to the hairdresser now and then, pay friends back. What was planted is in `Facts`, by the line
numbers of the rows. The same seed makes the same ledger.
"""

import random
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from smartimport_cli.core.merchant import merchant
from smartimport_cli.core.model import Transaction

FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)
IMPORT = "11111111-ledger"


@dataclass(eq=False)
class Row:
    """A row before it has its line."""

    account: str
    day: date
    cents: int
    text: str
    category: str  # what it truly is
    line: int = 0


@dataclass(eq=False)
class Series:
    """Payments that come again."""

    rhythm: str
    rows: list[Row]
    rises: list[Row] = field(default_factory=list)  # the first row at each new price
    missed: list[date] = field(default_factory=list)
    stopped: bool = False
    trial: Row | None = None
    salary: bool | None = False  # None: regular income that one may call so or not
    asked: bool = True  # whether the prices that it had are known
    before: list[Row] = field(default_factory=list)  # of the time before it was paused
    paused: tuple[date, date] | None = None

    @property
    def lines(self) -> frozenset[int]:
        return frozenset(row.line for row in self.rows)


@dataclass
class Facts:
    """All that is true. Sets hold lines."""

    series: list[Series] = field(default_factory=list)
    transfers: list[tuple[Row, Row]] = field(default_factory=list)
    doubles: list[tuple[Row, Row]] = field(default_factory=list)
    unusual: list[Row] = field(default_factory=list)
    refunds: list[Row] = field(default_factory=list)
    fees: list[Row] = field(default_factory=list)
    interest: list[Row] = field(default_factory=list)
    either: list[Row] = field(default_factory=list)  # what may be said of them or not
    first_time: list[Row] | None = None  # None: not known
    gaps: list[tuple[str, int, int]] | None = None  # account, ordinals (both included)
    overlaps: list[tuple[str, int, int]] | None = None


@dataclass(frozen=True)
class Period:
    """One statement: account, days (both included), and balances in cents."""

    account: str
    first: date
    last: date
    opening: int
    closing: int


@dataclass
class Ledger:
    """A household's three years."""

    kind: str
    currency: str
    rows: list[Row]
    facts: Facts

    @property
    def transactions(self) -> list[Transaction]:
        return [
            Transaction(
                f"{row.line:032x}", IMPORT, row.account, row.day, row.cents * 100, self.currency, row.text,
                merchant(row.text), None, None, None, row.line,
            )
            for row in self.rows
        ]  # fmt: skip


class Household:
    """Writes a ledger row by row."""

    def __init__(self, kind: str, currency: str, seed: int) -> None:
        self.kind, self.currency = kind, currency
        self.random = random.Random(f"{kind} {seed}")
        self.rows: list[Row] = []
        self.facts = Facts()
        self._protected: set[int] = set()  # ids of rows that nothing else is to happen to

    def done(self) -> Ledger:
        kept = sorted(
            (row for row in self.rows if FIRST <= row.day <= LAST),
            key=lambda row: (row.day, row.account, row.text, row.cents),
        )
        for line, row in enumerate(kept, 2):
            row.line = line
        there = {id(row) for row in kept}
        facts = self.facts
        for series in facts.series:
            series.rows = [row for row in series.rows if id(row) in there]
            series.rises = [row for row in series.rises if id(row) in there]
        facts.series = [series for series in facts.series if len(series.rows) > 2]
        facts.transfers = [pair for pair in facts.transfers if all(id(row) in there for row in pair)]
        facts.doubles = [pair for pair in facts.doubles if all(id(row) in there for row in pair)]
        for name in ("unusual", "refunds", "fees", "interest"):
            setattr(facts, name, [row for row in getattr(facts, name) if id(row) in there])
        return Ledger(self.kind, self.currency, kept, facts)

    def row(self, account: str, day: date, cents: int, text: str, category: str) -> Row:
        made = Row(account, day, cents, text, category)
        self.rows.append(made)
        return made

    # -- what comes again

    def regular(
        self, account: str, text: str, category: str, cents: int, days: Iterator[date], rhythm: str, *,
        varies: float = 0.0, season: float = 0.0, rises: dict[date, int] | None = None,
        start: date = FIRST, end: date | None = None, misses: int = 0, late: int = 0, trial: int | None = None,
        salary: bool | None = False,
    ) -> Series:  # fmt: skip
        """`cents` on each of `days`; `rises` are new prices by day, `late` up to so many days of posting lag,
        `varies` and `season` shares of the amount."""
        series = Series(rhythm, [], salary=salary, stopped=end is not None)
        planned = [day for day in days if start <= day <= (end or LAST)]
        skipped = set(self.random.sample(planned[4:-4], misses)) if misses else set()
        price, changes = cents, sorted((rises or {}).items())
        for number, day in enumerate(planned):
            changed = False
            while changes and changes[0][0] <= day:
                price, changed = changes.pop(0)[1], True
            amount = price
            if varies or season:
                winter = 1 + season * (1 if day.month in (11, 12, 1, 2, 3) else -1)
                amount = round(price * winter * self.random.uniform(1 - varies, 1 + varies))
            if trial is not None and number == 0:
                series.trial = self.row(account, day, trial, text, category)
                series.rows.append(series.trial)
                continue
            if day in skipped:
                series.missed.append(day)
                if changed:
                    changes.insert(0, (day, price))
                continue
            made = self.row(account, day + timedelta(self.random.randint(0, late)), amount, text, category)
            series.rows.append(made)
            if changed:
                series.rises.append(made)
        self._protected.update(id(row) for row in series.rows)
        self.facts.series.append(series)
        return series

    def monthly(
        self, day: int, *, every: int = 1, first_month: int = 1, working: bool = False
    ) -> Iterator[date]:
        """Day `day` of every `every`th month (31: the last one); on a weekend the next working day, with
        `working` the one before."""
        months = 36 // every
        for number in range(months):
            index = first_month - 1 + number * every
            year, month = FIRST.year + index // 12, index % 12 + 1
            when = date(year, month, min(day, monthrange(year, month)[1]))
            while when.weekday() > 4:
                when += timedelta(-1 if working else 1)
            yield when

    def cards(self, day: int) -> Iterator[date]:
        """Monthly by card: on the day itself, weekend or not."""
        for number in range(36):
            year, month = FIRST.year + number // 12, number % 12 + 1
            yield date(year, month, min(day, monthrange(year, month)[1]))

    def cards_yearly(self, month: int, day: int) -> Iterator[date]:
        for year in range(FIRST.year, LAST.year + 1):
            yield date(year, month, day)

    def every(self, days: int, offset: int = 0) -> Iterator[date]:
        when = FIRST + timedelta(offset)
        while when <= LAST:
            yield when
            when += timedelta(days)

    # -- what does not

    def everyday(
        self,
        account: str,
        text: str | Callable[[], str],
        category: str,
        typical: int,
        a_week: float,
        *,
        spread: float = 0.35,
    ) -> list[Row]:
        """Purchases on chance days, of amounts around `typical`."""
        made, when = [], FIRST
        while True:
            when += timedelta(max(0, round(self.random.expovariate(a_week / 7))))
            if when > LAST:
                return made
            cents = max(90, round(typical * self.random.lognormvariate(0, spread)))
            made.append(self.row(account, when, -cents, text() if callable(text) else text, category))
            when += timedelta(self.random.random() < 0.7)

    def habit(self, account: str, text: str, category: str, prices: list[int], weekdays: float) -> list[Row]:
        """The same few prices again and again, on a share of the working days."""
        return [
            self.row(account, day, -self.random.choice(prices), text, category)
            for day in (FIRST + timedelta(n) for n in range((LAST - FIRST).days))
            if day.weekday() < 5 and self.random.random() < weekdays
        ]

    def now_and_then(
        self, account: str, text: str, category: str, cents: int, shortest: int, longest: int
    ) -> None:
        """One price, no rhythm: the hairdresser."""
        when = FIRST + timedelta(self.random.randint(3, longest))
        while when <= LAST:
            self.row(account, when, -cents, text, category)
            when += timedelta(self.random.randint(shortest, longest))

    def large(self, account: str, text: str, category: str, low: int, high: int, times: int) -> None:
        """Once in a while something large, each at its own place: `text` has a {}."""
        places = ["Nord", "Arena", "Park", "Central", "Lake", "Harbour", "Old Town", "Hill", "Plaza", "River"]
        for place in self.random.sample(places, times):
            self.row(account, self.day(), -self.random.randint(low, high), text.format(place), category)

    def day(self, *, margin: int = 40) -> date:
        return FIRST + timedelta(self.random.randint(margin, (LAST - FIRST).days - margin))

    def transfer(self, source: str, target: str, day: date, cents: int, out: str, into: str) -> None:
        lag = self.random.choice([0, 0, 0, 1, 1, 2, 3])
        self.facts.transfers.append((
            self.row(source, day, -cents, out, "Transfers"),
            self.row(target, day + timedelta(lag), cents, into, "Transfers"),
        ))  # fmt: skip

    def transfers(
        self, source: str, target: str, days: Iterator[date], cents: int, out: str, into: str, rhythm: str
    ) -> None:
        """A standing order to oneself: a series on both sides, and pairs."""
        begin = len(self.facts.transfers)
        for day in days:
            self.transfer(source, target, day, cents, out, into)
        pairs = self.facts.transfers[begin:]
        for side in (0, 1):
            rows = [pair[side] for pair in pairs]
            self._protected.update(map(id, rows))
            self.facts.series.append(Series(rhythm, rows))

    # -- what goes wrong

    def double_charges(self, among: list[Row], times: int) -> None:
        for row in self._some([row for row in among if row.cents <= -1200], times):
            again = self.row(
                row.account, row.day + timedelta(self.random.randint(0, 2)), row.cents, row.text, row.category
            )
            self.facts.doubles.append((row, again))

    def unusual_amounts(self, among: list[Row], times: int) -> None:
        usual = sorted(row.cents for row in among)[len(among) // 2]
        for row in self._some(among, times):
            row.cents = round(usual * self.random.uniform(6, 12))
            self.facts.unusual.append(row)

    def refunds(self, among: list[Row], times: int, *, text: str = "{}") -> None:
        for row in self._some(among, times):
            share = self.random.choice([1.0, 1.0, 0.5, 0.3])
            back = round(-row.cents * share)
            day = row.day + timedelta(self.random.randint(2, 30))
            self.facts.refunds.append(self.row(row.account, day, back, text.format(row.text), row.category))

    def fee(self, account: str, text: str, cents: int, day: date) -> Row:
        made = self.row(account, day, -cents, text, "Fees")
        self.facts.fees.append(made)
        return made

    def interest(self, account: str, text: str, cents: int, day: date) -> Row:
        made = self.row(account, day, cents, text, "Interest")
        self.facts.interest.append(made)
        return made

    def _some(self, rows: list[Row], times: int) -> list[Row]:
        free = [row for row in rows if id(row) not in self._protected and row.day < LAST - timedelta(40)]
        chosen = self.random.sample(free, times)
        self._protected.update(map(id, chosen))
        return chosen


def single_in_berlin(seed: int) -> Ledger:
    h = Household("single in Berlin", "EUR", seed)
    r = h.random
    giro, tages = "giro", "tagesgeld"
    h.regular(giro, "GEHALT NORDLICHT SOFTWARE GMBH", "Income", 312_000, h.monthly(31, working=True), "monthly",
              rises={date(2024, 1, 1): 324_500, date(2025, 3, 1): 336_000}, salary=True)  # fmt: skip
    h.regular(giro, "DAUERAUFTRAG MIETE HAUSVERWALTUNG KROLL", "Housing", -98_000, h.monthly(1), "monthly",
              rises={date(2025, 1, 1): -101_500})  # fmt: skip
    h.regular(giro, "LASTSCHRIFT STADTWERKE BERLIN STROM", "Utilities", -6_400, h.monthly(15), "monthly",
              rises={date(2024, 6, 1): -7_100})  # fmt: skip
    h.regular(
        giro,
        "RUNDFUNK ARD ZDF DRADIO BEITRAGSSERVICE",
        "Subscriptions",
        -5_508,
        h.monthly(15, every=3, first_month=2),
        "quarterly",
    )
    h.regular(giro, "HUK COBURG VERSICHERUNG", "Insurance", -31_240, h.monthly(3, every=12), "yearly",
              rises={date(2025, 1, 1): -33_900})  # fmt: skip
    h.regular(
        giro,
        "NETFLIX.COM",
        "Subscriptions",
        -1_299,
        h.cards(8),
        "monthly",
        rises={date(2024, 4, 1): -1_399},
        late=1,
    )
    h.regular(giro, "SPOTIFY AB", "Subscriptions", -999, h.cards(21), "monthly", late=1, misses=1)
    h.regular(giro, "MCFIT FITNESS", "Health", -2_490, h.every(28, 4), "every four weeks")
    h.regular(
        giro, "TELEKOM DEUTSCHLAND MOBILFUNK", "Phone & internet", -3_995, h.monthly(12), "monthly", late=1
    )
    h.regular(giro, "DISNEY PLUS", "Subscriptions", -899, h.cards(17), "monthly", start=date(2023, 5, 1),
              end=date(2024, 10, 30), late=1)  # fmt: skip
    h.regular(
        giro, "AUDIBLE GMBH", "Subscriptions", -995, h.cards(5), "monthly", start=date(2024, 2, 1), trial=-99
    )
    # In dollars: the rate makes it differ a little each time.
    h.regular(giro, "GITHUB INC", "Subscriptions", -368, h.cards(24), "monthly", varies=0.03, late=2)
    h.transfers(
        giro, tages, h.monthly(2), 40_000, "UEBERTRAG AUF TAGESGELD", "UEBERTRAG VON GIROKONTO", "monthly"
    )
    for _ in range(8):
        back = r.random() < 0.5
        h.transfer(*((tages, giro) if back else (giro, tages)), h.day(), r.randint(40, 900) * 100 + r.choice([0, 0, 50]),
                   "UEBERWEISUNG MAX BRANDT", "GUTSCHRIFT MAX BRANDT")  # fmt: skip
    rewe = h.everyday(giro, lambda: f"REWE SAGT DANKE {r.choice([4711, 8802])}", "Groceries", 2_900, 1.4)
    edeka = h.everyday(giro, "EDEKA MUELLER BERLIN", "Groceries", 3_400, 0.9)
    h.everyday(giro, "LIDL DIENSTLEISTUNG", "Groceries", 2_300, 0.8)
    h.everyday(giro, "DM DROGERIE MARKT", "Shopping", 1_900, 0.4)
    amazon = h.everyday(
        giro,
        lambda: f"AMZN MKTP DE*{r.choice('ABCDEFGH')}{r.randint(10, 99)}X{r.randint(10, 99)}Q",
        "Shopping",
        3_100,
        0.5,
        spread=0.7,
    )
    bahn = h.everyday(giro, "DB VERTRIEB GMBH", "Transport", 3_300, 0.35, spread=0.5)
    dining = h.everyday(giro, "RESTAURANT LA PERLA", "Dining", 3_600, 0.25)
    h.everyday(giro, "LIEFERANDO.DE", "Dining", 2_600, 0.4)
    h.habit(giro, "BAECKEREI STEINECKE", "Dining", [320, 385, 450], 0.35)
    h.now_and_then(giro, "FRISEUR HAARSCHARF", "Shopping", 3_400, 36, 68)
    h.now_and_then(giro, "GELDAUTOMAT SPARKASSE BERLIN", "Cash", 10_000, 9, 40)
    h.large(giro, "HOTEL {} BOOKING.COM", "Travel", 21_000, 64_000, 4)
    for quarter in h.monthly(30, every=3, first_month=3):
        h.fee(giro, "ENTGELT KONTOFUEHRUNG", 1_470, quarter)
        h.interest(tages, "HABENZINSEN", r.randint(900, 4_000), quarter)
    h.facts.series.append(Series("quarterly", list(h.facts.fees)))
    for _ in range(4):
        h.fee(giro, "GEBUEHR AUSLANDSEINSATZ KARTE", r.randint(90, 420), h.day())
    h.double_charges([*edeka, *dining, *bahn], 5)
    h.unusual_amounts(rewe, 3), h.unusual_amounts(bahn, 2)
    h.refunds(amazon, 6)
    return h.done()


def family_in_ohio(seed: int) -> Ledger:
    h = Household("family in Ohio", "USD", seed)
    r = h.random
    checking, card, savings = "checking", "card", "savings"
    h.regular(checking, "LAKESIDE HOSPITAL PAYROLL DIR DEP", "Income", 218_440, h.every(14, 5), "every two weeks", salary=True,
              rises={date(2024, 7, 1): 226_010})  # fmt: skip
    h.regular(
        checking,
        "BUCKEYE SCHOOLS DIRECT DEPOSIT",
        "Income",
        171_200,
        h.monthly(15, working=True),
        "monthly",
        salary=True,
    )
    h.regular(checking, "HOMEPOINT MORTGAGE PMT", "Housing", -164_022, h.monthly(1), "monthly")
    h.regular(
        checking,
        "AEP OHIO ELECTRIC",
        "Utilities",
        -14_800,
        h.monthly(18),
        "monthly",
        varies=0.12,
        season=0.15,
        late=2,
    )
    h.regular(
        checking,
        "COLUMBIA GAS BILL",
        "Utilities",
        -7_900,
        h.monthly(22),
        "monthly",
        varies=0.15,
        season=0.25,
        late=2,
    )
    h.regular(
        checking, "CITY OF DAYTON WATER", "Utilities", -9_300, h.monthly(10, every=3), "quarterly", varies=0.1
    )
    h.regular(checking, "STATE FARM INSURANCE", "Insurance", -71_400, h.monthly(7, every=6), "every six months",
              rises={date(2024, 6, 1): -77_900})  # fmt: skip
    h.regular(
        checking,
        "LITTLE ACORNS DAYCARE",
        "Education",
        -21_500,
        h.every(7, 1),
        "weekly",
        end=date(2024, 8, 20),
    )
    h.regular(
        card,
        "VERIZON WIRELESS",
        "Phone & internet",
        -14_350,
        h.cards(14),
        "monthly",
        late=1,
        rises={date(2024, 9, 1): -15_150},
    )
    h.regular(
        card,
        "HULU SUBSCRIPTION",
        "Subscriptions",
        -1_799,
        h.cards(3),
        "monthly",
        rises={date(2023, 10, 1): -1_899, date(2024, 10, 1): -1_999},
        late=1,
    )
    h.regular(card, "NETFLIX.COM", "Subscriptions", -1_549, h.cards(26), "monthly", late=1, misses=1)
    # Two subscriptions and now and then an app, all under one name.
    h.regular(card, "APPLE.COM/BILL", "Subscriptions", -299, h.cards(9), "monthly", late=1)
    h.regular(
        card, "APPLE.COM/BILL", "Subscriptions", -1_099, h.cards(20), "monthly", start=date(2023, 4, 1),
        rises={date(2024, 12, 1): -1_199},
    )  # fmt: skip
    h.everyday(card, "APPLE.COM/BILL", "Subscriptions", 610, 0.25, spread=0.6)
    h.regular(card, "COSTCO ANNUAL RENEWAL", "Shopping", -6_000, h.cards_yearly(4, 11), "yearly")
    h.regular(
        card,
        "AUDIBLE MEMBERSHIP",
        "Subscriptions",
        -1_495,
        h.cards(19),
        "monthly",
        start=date(2024, 3, 1),
        end=date(2025, 3, 25),
        trial=-100,
    )
    h.regular(
        card,
        "PLANET FITNESS CLUB FEES",
        "Health",
        -2_499,
        h.cards(17),
        "monthly",
        late=1,
        end=date(2024, 1, 30),
    )
    for day in h.monthly(25):
        h.transfer(
            checking,
            card,
            day,
            r.randint(150_000, 230_000),
            "ONLINE PAYMENT TO CREDIT CARD",
            "PAYMENT RECEIVED THANK YOU",
        )
    for side in (0, 1):  # the card is paid every month
        h.facts.series.append(Series("monthly", [pair[side] for pair in h.facts.transfers]))
    for _ in range(16):
        h.transfer(
            checking,
            savings,
            h.day(),
            r.randint(1, 12) * 5_000,
            "TRANSFER TO SAVINGS",
            "TRANSFER FROM CHECKING",
        )
    kroger = h.everyday(card, lambda: f"KROGER #{r.choice([118, 402])} DAYTON OH", "Groceries", 8_200, 1.6)
    h.everyday(card, "ALDI 74021 DAYTON OH", "Groceries", 4_900, 0.7)
    costco = h.everyday(card, "COSTCO WHSE #0411", "Groceries", 14_200, 0.5, spread=0.3)
    target = h.everyday(card, "TARGET 00012345 DAYTON OH", "Shopping", 4_700, 0.7, spread=0.6)
    shell = h.everyday(card, "SHELL OIL 5744", "Transport", 4_300, 1.1, spread=0.18)
    h.everyday(card, "CHIPOTLE 1182", "Dining", 3_900, 0.5, spread=0.2)
    h.everyday(card, "MCDONALD'S F3321", "Dining", 1_900, 0.6)
    amazon = h.everyday(
        card,
        lambda: f"AMAZON.COM*{r.randint(100, 999)}T{r.randint(10, 99)}",
        "Shopping",
        3_800,
        1.2,
        spread=0.7,
    )
    h.habit(card, "STARBUCKS STORE 08821", "Dining", [475, 525, 645], 0.3)
    h.everyday(card, "CVS/PHARMACY #4402", "Health", 2_200, 0.3, spread=0.5)
    h.now_and_then(card, "GREAT CLIPS", "Shopping", 2_600, 30, 66)
    h.large(card, "DELTA AIR LINES {}", "Travel", 42_000, 130_000, 3)
    for _ in range(3):
        h.fee(checking, "OVERDRAFT FEE", 3_500, h.day())
    for _ in range(4):
        h.fee(card, "FOREIGN TRANSACTION FEE", r.randint(80, 900), h.day())
    for _ in range(5):
        h.interest(card, "INTEREST CHARGE ON PURCHASES", -r.randint(700, 4_800), h.day())
    for day in h.monthly(31, working=True):
        h.interest(savings, "INTEREST PAID", r.randint(310, 2_900), day)
    h.double_charges([*target, *shell, *costco], 6)
    h.unusual_amounts(kroger, 3), h.unusual_amounts(shell, 2)
    h.refunds(amazon, 8), h.refunds(target, 4)
    return h.done()


def student_in_leeds(seed: int) -> Ledger:
    h = Household("student in Leeds", "GBP", seed)
    r = h.random
    current, saver = "current", "saver"
    h.regular(current, "FASTER PAYMENT FROM M & D HUGHES", "Income", 45_000, h.monthly(1), "monthly",
              salary=None)  # fmt: skip
    h.regular(current, "THE OTLEY RUN LTD WAGES", "Income", 21_000, h.every(7, 4), "weekly", salary=True)
    h.regular(
        current,
        "UNIPOL STUDENT HOMES RENT",
        "Housing",
        -14_200,
        h.every(7, 0),
        "weekly",
        end=date(2025, 6, 28),
    )
    h.regular(current, "GIFFGAFF", "Phone & internet", -1_000, h.cards(11), "monthly", late=1)
    h.regular(
        current,
        "SPOTIFY UK",
        "Subscriptions",
        -599,
        h.cards(24),
        "monthly",
        rises={date(2025, 9, 1): -1_199},
        late=1,
    )
    h.regular(
        current,
        "AMZNPRIME UK",
        "Subscriptions",
        -449,
        h.cards(13),
        "monthly",
        start=date(2023, 9, 1),
        trial=-1,
    )
    h.regular(
        current,
        "PUREGYM LTD",
        "Health",
        -2_199,
        h.monthly(4),
        "monthly",
        start=date(2023, 10, 1),
        rises={date(2025, 2, 1): -2_399},
        misses=1,
    )
    h.regular(
        current,
        "TV LICENSING",
        "Subscriptions",
        -4_237,
        h.monthly(6, every=3),
        "quarterly",
        rises={date(2024, 4, 1): -4_362},
    )
    h.regular(current, "RAILCARD 16-25", "Transport", -3_000, h.cards_yearly(9, 18), "yearly")
    h.regular(
        current,
        "NOW TV ENTERTAINMENT",
        "Subscriptions",
        -999,
        h.cards(2),
        "monthly",
        end=date(2024, 5, 20),
        late=1,
    )
    for year in (2023, 2024, 2025):
        for month, day in ((1, 9), (4, 22), (9, 19)):
            h.row(
                current,
                date(year, month, day + r.randint(0, 3)),
                r.randint(120_000, 160_000),
                "STUDENT LOANS CO",
                "Income",
            )
    for _ in range(14):
        back = r.random() < 0.4
        h.transfer(*((saver, current) if back else (current, saver)), h.day(), r.choice([2_500, 5_000, 7_500, 10_000, 15_050]),
                   "MOBILE TRANSFER J HUGHES", "J HUGHES MOBILE TRANSFER")  # fmt: skip
    tesco = h.everyday(
        current, lambda: f"TESCO STORES {r.choice([2231, 6720])} LEEDS GB", "Groceries", 1_500, 1.6
    )
    h.everyday(current, "SAINSBURYS S/MKTS", "Groceries", 1_200, 0.8)
    deliveroo = h.everyday(current, "DELIVEROO", "Dining", 1_750, 0.9)
    pub = h.everyday(current, "THE LIBRARY PUB LEEDS", "Dining", 1_400, 0.7)
    h.everyday(current, "UBER *TRIP", "Transport", 850, 0.6, spread=0.4)
    trains = h.everyday(current, "TRAINLINE.COM", "Transport", 2_900, 0.3, spread=0.5)
    asos = h.everyday(current, "ASOS.COM", "Shopping", 3_600, 0.35, spread=0.5)
    h.habit(current, "GREGGS PLC", "Dining", [185, 245, 310], 0.4)
    h.habit(current, "FIRST WEST YORKSHIRE BUS", "Transport", [200], 0.5)
    h.now_and_then(current, "BARBER JOES", "Shopping", 1_400, 26, 55)
    h.everyday(
        current,
        lambda: f"PAYMENT TO {r.choice(['A KHAN', 'S PATEL', 'T EVANS'])}",
        "",
        1_500,
        0.4,
        spread=0.5,
    )
    for _ in range(9):
        h.fee(current, "NON-STERLING TRANSACTION FEE", r.randint(40, 390), h.day())
    for _ in range(3):
        h.fee(current, "UNARRANGED OVERDRAFT FEE", 800, h.day())
    for day in h.monthly(31, working=True):
        h.interest(saver, "GROSS INTEREST", r.randint(15, 290), day)
    h.double_charges([*deliveroo, *pub, *trains], 5)
    h.unusual_amounts(tesco, 3), h.unusual_amounts(deliveroo, 2)
    h.refunds(asos, 8)
    return h.done()


def freelancer_in_lyon(seed: int) -> Ledger:
    h = Household("freelancer in Lyon", "EUR", seed)
    r = h.random
    compte, livret = "compte", "livret"
    when = FIRST + timedelta(4)
    while when < LAST:
        client = r.choice(["ATELIER ROUX", "MAIRIE DE LYON", "STUDIO VERTIGO", "EDITIONS BELLECOUR"])
        h.row(compte, when, r.randint(38_000, 290_000), f"VIR SEPA RECU {client}", "Income")
        when += timedelta(r.randint(4, 33))
    h.regular(
        compte,
        "VIR PERMANENT LOYER REGIE GALLAND",
        "Housing",
        -87_000,
        h.monthly(5),
        "monthly",
        rises={date(2024, 7, 1): -89_200},
    )
    h.regular(
        compte,
        "PRLV SEPA EDF CLIENTS PARTICULIERS",
        "Utilities",
        -11_300,
        h.monthly(12, every=2),
        "every two months",
        varies=0.12,
        season=0.15,
    )
    h.regular(
        compte,
        "PRLV SEPA SFR FIXE ADSL",
        "Phone & internet",
        -3_200,
        h.monthly(8),
        "monthly",
        late=1,
        rises={date(2023, 8, 1): -3_500},
    )
    h.regular(
        compte,
        "PRLV SEPA URSSAF RHONE ALPES",
        "Taxes",
        -61_000,
        h.monthly(5, every=3, first_month=2),
        "quarterly",
        varies=0.2,
    )
    h.regular(
        compte,
        "PRLV SEPA MAIF ASSURANCE",
        "Insurance",
        -28_760,
        h.monthly(20, every=12),
        "yearly",
        rises={date(2024, 1, 1): -30_150},
    )
    h.regular(compte, "PRLV SEPA TCL ABONNEMENT", "Transport", -7_480, h.monthly(3), "monthly", misses=1)
    h.regular(
        compte,
        "CARTE ADOBE CREATIVE CLOUD",
        "Subscriptions",
        -6_249,
        h.cards(16),
        "monthly",
        late=1,
        rises={date(2024, 11, 1): -6_604},
    )
    h.regular(
        compte,
        "CARTE CANAL PLUS",
        "Subscriptions",
        -2_499,
        h.cards(28),
        "monthly",
        late=1,
        end=date(2025, 2, 27),
    )
    h.regular(
        compte,
        "CARTE DEEZER PREMIUM",
        "Subscriptions",
        -1_199,
        h.cards(22),
        "monthly",
        start=date(2023, 11, 1),
        trial=-99,
    )
    # A subscription at a shop where other things are bought too.
    h.regular(
        compte,
        "CARTE AMAZON EU SARL",
        "Subscriptions",
        -699,
        h.cards(18),
        "monthly",
        start=date(2023, 6, 1),
        late=1,
    )
    h.everyday(compte, "CARTE AMAZON EU SARL", "Shopping", 3_300, 0.5, spread=0.7)
    h.regular(compte, "CARTE OVH SAS", "Subscriptions", -839, h.cards(1), "monthly", late=1)
    h.regular(compte, "COTISATION ESPRIT LIBRE", "Fees", -780, h.monthly(4), "monthly")
    h.facts.fees += h.facts.series[-1].rows
    for _ in range(20):
        back = r.random() < 0.5
        h.transfer(*((livret, compte) if back else (compte, livret)), h.day(), r.randint(10, 150) * 1_000,
                   "VIREMENT INTERNE", "VIREMENT INTERNE")  # fmt: skip
    carrefour = h.everyday(compte, "CARTE CARREFOUR CITY LYON", "Groceries", 2_600, 1.5)
    h.everyday(compte, "CARTE MONOPRIX", "Groceries", 2_900, 0.8)
    leclerc = h.everyday(compte, "CARTE LECLERC DRIVE", "Groceries", 6_900, 0.4)
    boulangerie = h.habit(compte, "CARTE BOULANGERIE PAUL", "Dining", [130, 260, 480], 0.45)
    assert boulangerie
    resto = h.everyday(compte, "CARTE RESTAURANT LE BOUCHON", "Dining", 3_400, 0.5)
    sncf = h.everyday(compte, "CARTE SNCF CONNECT", "Transport", 5_100, 0.4, spread=0.5)
    fnac = h.everyday(compte, "CARTE FNAC DARTY", "Shopping", 4_200, 0.3, spread=0.6)
    h.everyday(compte, "CARTE PHARMACIE BELLECOUR", "Health", 1_600, 0.3, spread=0.5)
    h.now_and_then(compte, "CARTE COIFFEUR TETE A TETE", "Shopping", 3_800, 38, 77)
    h.now_and_then(compte, "RETRAIT DAB LYON 2", "Cash", 6_000, 8, 37)
    h.large(compte, "CARTE HOTEL {} AIRBNB", "Travel", 18_000, 70_000, 4)
    for _ in range(5):
        h.fee(compte, "FRAIS PAIEMENT HORS ZONE EURO", r.randint(60, 480), h.day())
    for year in (2023, 2024):
        h.interest(livret, "INTERETS CREDITEURS", r.randint(6_000, 24_000), date(year, 12, 31))
    h.double_charges([*resto, *leclerc, *sncf], 5)
    h.unusual_amounts(carrefour, 3), h.unusual_amounts(resto, 2)
    h.refunds(fnac, 5), h.refunds(sncf, 4)
    return h.done()


def pensioners_in_bologna(seed: int) -> Ledger:
    h = Household("pensioners in Bologna", "EUR", seed)
    r = h.random
    conto, deposito = "conto", "deposito"
    h.regular(
        conto,
        "BONIFICO INPS PENSIONE",
        "Income",
        184_000,
        h.monthly(1),
        "monthly",
        rises={date(2024, 1, 1): 193_900, date(2025, 1, 1): 195_500},
        salary=True,
    )
    h.regular(
        conto, "BONIFICO FONDO COMETA PENSIONE", "Income", 41_200, h.monthly(27), "monthly", salary=True
    )
    h.regular(
        conto,
        "ADDEBITO SDD CONDOMINIO VIA SARAGOZZA",
        "Housing",
        -31_000,
        h.monthly(10, every=3),
        "quarterly",
    )
    h.regular(
        conto,
        "ADDEBITO SDD ENEL ENERGIA",
        "Utilities",
        -9_800,
        h.monthly(17, every=2),
        "every two months",
        varies=0.15,
        season=0.1,
    )
    h.regular(
        conto,
        "ADDEBITO SDD HERA COMM GAS",
        "Utilities",
        -12_400,
        h.monthly(23, every=2, first_month=2),
        "every two months",
        varies=0.1,
        season=0.2,
    )
    h.regular(
        conto,
        "ADDEBITO SDD TIM SPA",
        "Phone & internet",
        -2_990,
        h.monthly(14),
        "monthly",
        rises={date(2025, 4, 1): -3_290},
        late=1,
    )
    h.regular(
        conto,
        "ADDEBITO SDD UNIPOLSAI ASSICURAZIONI",
        "Insurance",
        -26_700,
        h.monthly(9, every=6),
        "every six months",
    )
    h.regular(conto, "CANONE RAI", "Taxes", -9_000, h.monthly(31, every=12), "yearly")
    h.regular(
        conto,
        "ADDEBITO SDD IL RESTO DEL CARLINO",
        "Subscriptions",
        -2_500,
        h.monthly(2),
        "monthly",
        end=date(2024, 9, 10),
        misses=1,
    )
    h.regular(
        conto,
        "PAGAMENTO POS PALESTRA VITA",
        "Health",
        -4_000,
        h.cards(6),
        "monthly",
        start=date(2024, 1, 1),
        late=1,
    )
    h.regular(conto, "CANONE MENSILE CONTO", "Fees", -450, h.monthly(31, working=True), "monthly")
    h.facts.fees += h.facts.series[-1].rows
    h.transfers(
        conto, deposito, h.monthly(5), 30_000, "GIROCONTO SU DEPOSITO", "GIROCONTO DA CONTO", "monthly"
    )
    for _ in range(6):
        h.transfer(
            deposito, conto, h.day(), r.randint(3, 40) * 10_000, "GIROCONTO SU CONTO", "GIROCONTO DA DEPOSITO"
        )
    coop = h.everyday(conto, "PAGAMENTO POS COOP ALLEANZA", "Groceries", 4_100, 1.7)
    h.everyday(conto, "PAGAMENTO POS CONAD CITY", "Groceries", 2_700, 1.0)
    farmacia = h.everyday(conto, "PAGAMENTO POS FARMACIA COMUNALE", "Health", 2_300, 0.5, spread=0.5)
    trattoria = h.everyday(conto, "PAGAMENTO POS TRATTORIA ANNA MARIA", "Dining", 4_800, 0.3)
    h.everyday(conto, "PAGAMENTO POS ENI STATION", "Transport", 4_500, 0.4, spread=0.2)
    amazon = h.everyday(
        conto,
        lambda: f"AMZN MKTP IT*{r.randint(10, 99)}A{r.randint(100, 999)}",
        "Shopping",
        2_900,
        0.35,
        spread=0.6,
    )
    h.habit(conto, "PAGAMENTO POS BAR MARINO", "Dining", [130, 280], 0.5)
    h.now_and_then(conto, "PRELIEVO BANCOMAT", "Cash", 15_000, 7, 33)
    h.now_and_then(conto, "PAGAMENTO POS PARRUCCHIERE LUCIA", "Shopping", 4_500, 34, 73)
    h.large(conto, "BONIFICO A FAVORE DI DOTT {}", "Health", 9_000, 38_000, 5)
    for day in h.monthly(31, every=3, first_month=3):
        h.fee(conto, "IMPOSTA DI BOLLO", 855, day)
        h.interest(deposito, "INTERESSI CREDITORI", r.randint(1_200, 7_000), day)
    h.facts.series.append(
        Series("quarterly", [row for row in h.facts.fees if row.text == "IMPOSTA DI BOLLO"])
    )
    for _ in range(5):
        h.fee(conto, "COMMISSIONE BONIFICO", r.choice([100, 150, 250]), h.day())
    h.double_charges([*trattoria, *farmacia], 4)
    h.unusual_amounts(coop, 3), h.unusual_amounts(farmacia, 2)
    h.refunds(amazon, 5)
    return h.done()


def shift_worker_in_gdansk(seed: int) -> Ledger:
    """The untidy one: pay that comes on no fixed day, bills that wander, shopping that looks like a rhythm."""
    h = Household("shift worker in Gdansk", "PLN", seed)
    r = h.random
    konto, karta = "konto", "karta"
    # Wages with overtime, between the 8th and the 12th.
    h.regular(konto, "WYNAGRODZENIE STOCZNIA REMONTOWA", "Income", 612_000, h.monthly(8), "monthly", varies=0.15, late=4,
              salary=True)  # fmt: skip
    h.regular(konto, "CZYNSZ SPOLDZIELNIA MIESZKANIOWA", "Housing", -84_000, h.monthly(10), "monthly", late=3,
              rises={date(2023, 7, 1): -86_500, date(2024, 1, 1): -91_000, date(2025, 1, 1): -95_300})  # fmt: skip
    h.regular(
        konto,
        "ENERGA OBROT",
        "Utilities",
        -21_300,
        h.monthly(14, every=2),
        "every two months",
        varies=0.25,
        late=5,
    )
    h.regular(
        konto,
        "RATA KREDYTU SAMOCHODOWEGO",
        "Transport",
        -73_250,
        h.monthly(5),
        "monthly",
        end=date(2025, 3, 30),
    )
    h.regular(
        konto, "PZU UBEZPIECZENIE", "Insurance", -41_200, h.monthly(20, every=6), "every six months", late=4
    )
    h.regular(
        konto, "PLAY P4", "Phone & internet", -5_500, h.monthly(25), "monthly", varies=0.08, late=3, misses=2
    )
    h.regular(
        karta,
        "MULTIKINO CLUB",
        "Entertainment",
        -3_990,
        h.cards(30),
        "monthly",
        start=date(2025, 7, 1),
        late=2,
    )
    h.regular(karta, "NETFLIX.COM", "Subscriptions", -4_300, h.cards(13), "monthly", rises={date(2024, 9, 1): -4_900}, late=3,
              misses=2)  # fmt: skip
    h.regular(
        karta,
        "ALLEGRO SMART",
        "Shopping",
        -1_490,
        h.every(28, 10),
        "every four weeks",
        start=date(2024, 1, 1),
    )
    h.regular(karta, "DUOLINGO", "Education", -34_900, h.cards_yearly(2, 3), "yearly", late=3)
    for day in h.monthly(27):
        h.transfer(konto, karta, day + timedelta(r.randint(-6, 6)), r.randint(60, 190) * 1_000 + r.choice([0, 0, 37]),
                   "SPLATA KARTY KREDYTOWEJ", "WPLATA WLASNA")  # fmt: skip
    # On most Saturdays, for whatever is needed: no subscription.
    for day in h.every(7, 6):
        if r.random() < 0.85:
            h.row(karta, day, -round(18_000 * r.lognormvariate(0, 0.4)), "LIDL GDANSK PRZYMORZE", "Groceries")
    biedronka = h.everyday(
        karta, lambda: f"BIEDRONKA {r.randint(1000, 9999)} GDANSK", "Groceries", 5_600, 1.9, spread=0.5
    )
    zabka = h.everyday(
        karta, lambda: f"ZABKA Z{r.randint(1000, 9999)} K.1", "Groceries", 1_900, 1.5, spread=0.5
    )
    allegro = h.everyday(karta, "ALLEGRO SP Z O O", "Shopping", 7_900, 0.5, spread=0.8)
    orlen = h.everyday(karta, "ORLEN STACJA NR 4711", "Transport", 24_000, 0.6, spread=0.15)
    pizza = h.everyday(karta, "PIZZERIA DA GRASSO", "Dining", 6_800, 0.35, spread=0.3)
    h.habit(karta, "PIEKARNIA PELLOWSKI", "Dining", [450, 690, 890, 1_240], 0.45)
    h.habit(karta, "ZTM GDANSK BILETOMAT", "Transport", [480], 0.2)
    h.now_and_then(karta, "FRYZJER MESKI", "Shopping", 7_000, 22, 49)
    h.now_and_then(konto, "WYPLATA Z BANKOMATU", "Cash", 20_000, 5, 36)
    h.everyday(
        konto, lambda: f"BLIK NA TELEFON {r.choice(['ANNA', 'PIOTR', 'KASIA'])}", "", 5_000, 0.4, spread=0.6
    )
    for day in h.monthly(31):
        if r.random() < 0.7:
            h.fee(konto, "OPLATA ZA KARTE", 700, day)
    for _ in range(6):
        h.fee(konto, "PROWIZJA ZA PRZELEW EKSPRESOWY", r.choice([500, 1_000]), h.day())
    for _ in range(4):
        h.interest(karta, "ODSETKI KARNE", -r.randint(300, 2_900), h.day())
    h.double_charges([*orlen, *pizza, *biedronka], 6)
    h.unusual_amounts(zabka, 3), h.unusual_amounts(pizza, 2)
    h.refunds(allegro, 7)
    return h.done()


KINDS = (
    single_in_berlin,
    family_in_ohio,
    student_in_leeds,
    freelancer_in_lyon,
    pensioners_in_bologna,
    shift_worker_in_gdansk,
)


def ledgers(seeds: range) -> Iterator[Ledger]:
    """Every kind of household with each seed."""
    for seed in seeds:
        for kind in KINDS:
            yield kind(seed)
