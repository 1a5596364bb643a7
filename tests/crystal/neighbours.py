"""A second street of households: three years each, by another hand and from other habits than `households`.

Descriptions are as banks print them (a reference that is another one each time, a town, a till's number), in
German, English and French. Direct debits that fall on a weekend come on Monday, wages on the Friday before.
What is true is in `Facts` by line; beside it the first-time merchants and the days that no statement covers.
"""

import random
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from smartimport_cli.crystal import StatementPeriod
from tests.crystal.households import FIRST, LAST, Facts, Ledger, Row, Series

Months = Sequence[tuple[int, int]]
ALL: Months = [(year, month) for year in (2023, 2024, 2025) for month in range(1, 13)]
_END = LAST - timedelta(days=28)  # what is new is new after it


@dataclass
class Street(Ledger):
    """A household with its statements, and what is true of them."""

    statements: list[StatementPeriod] = field(default_factory=list)
    gaps: set[tuple[str, date, date]] = field(default_factory=set)
    first_time: list[Row] = field(default_factory=list)


class Book:
    """Writes a household's rows."""

    def __init__(self, kind: str, currency: str, seed: int, town: str) -> None:
        self.kind, self.currency, self.town = kind, currency, town
        self.dice = random.Random(f"street {kind} {seed}")
        self.rows: list[Row] = []
        self.facts = Facts()
        self.first_time: list[Row] = []

    def row(self, account: str, day: date, cents: int, text: str) -> Row:
        number = self.dice.randint(10_000_000, 99_999_999)
        row = Row(account, day, cents, text.replace("#", str(number)).replace("@", self.town), "")
        if FIRST <= day <= LAST:
            self.rows.append(row)
        return row

    def day(self, year: int, month: int, day: int, *, wages: bool = False) -> date:
        """A bank's working day."""
        when = date(year, month, min(day, monthrange(year, month)[1]))
        if (over := when.weekday() - 4) > 0:
            when += timedelta(days=-over if wages else 3 - over)
        return when

    def standing(
        self, account: str, text: str, cents: int, day: int, *, months: Months = ALL, every: int = 1,
        rises: dict[tuple[int, int], int] | None = None, wobble: float = 0.0, trial: int = 0, wages: bool = False,
        salary: bool | None = False, missed: Months = (), fee: bool = False, bonus: dict[tuple[int, int], int] | None = None,
    ) -> Series:  # fmt: skip
        """Something that comes every so many months, from the first of `months` to their last."""
        rhythm = {1: "monthly", 2: "every two months", 3: "quarterly", 6: "every six months", 12: "yearly"}[every]
        series = Series(rhythm, [], salary=salary)
        for year, month in months[::every]:
            when = self.day(year, month, day, wages=wages)
            if when > LAST:
                continue
            if (year, month) in missed:
                series.missed.append(when)
                continue
            risen = (rises or {}).get((year, month))
            cents = risen or cents
            amount = round(cents * (1 + self.dice.uniform(-wobble, wobble))) + (bonus or {}).get((year, month), 0)
            if trial and not series.rows:
                amount = -trial
            row = self.row(account, when, amount, text)
            if trial and not series.rows:
                series.trial = row
            if risen:
                series.rises.append(row)
            if fee:
                self.facts.fees.append(row)
            series.rows.append(row)
        series.stopped = months[-1] < (2025, 12 - every) and every < 12
        self.facts.series.append(series)
        return series

    def weekly(
        self, account: str, text: str, cents: int, first: date, last: date, *, weeks: int = 1, salary: bool = False
    ) -> Series:
        series = Series({1: "weekly", 2: "every two weeks", 4: "every four weeks"}[weeks], [], salary=salary)
        when = first
        while when <= last:
            series.rows.append(self.row(account, when, cents, text))
            when += timedelta(weeks=weeks)
        series.stopped = last < LAST - timedelta(weeks=weeks * 4)
        self.facts.series.append(series)
        return series

    def everyday(
        self, account: str, text: str, cents: int, a_month: float, *, spread: float = 0.3, fixed: bool = False
    ) -> list[Row]:
        """Visits at random; `fixed`: always the same price, as a coffee."""
        rows = []
        when = FIRST + timedelta(days=self.dice.randint(0, 20))
        while when <= LAST:
            factor = 1.0 if fixed else self.dice.lognormvariate(0, spread)
            rows.append(self.row(account, when, -round(cents * factor), text))
            when += timedelta(days=max(1, round(self.dice.expovariate(a_month / 30.4))))
        return rows

    def outlier(self, rows: list[Row], times: float) -> None:
        """One of the visits costs many times what it does otherwise."""
        row = self.dice.choice(rows[12:-6])
        usual = sorted(-other.cents for other in rows)[len(rows) // 2]
        row.cents = -round(usual * times)
        self.facts.unusual.append(row)

    def double(self, rows: list[Row]) -> None:
        """A visit is booked twice, the same day or soon after."""
        known = {id(row) for row in self.facts.unusual}
        row = self.dice.choice([row for row in rows[4:-4] if id(row) not in known])
        again = self.row(row.account, row.day + timedelta(days=self.dice.randint(0, 2)), row.cents, row.text)
        rows.append(again)
        self.facts.doubles.append((row, again))

    def returned(self, rows: list[Row], text: str, share: float = 1.0) -> None:
        """Goods go back, and the money comes after some days."""
        known = {id(row) for row in self.facts.unusual} | {id(row) for pair in self.facts.doubles for row in pair}
        row = self.dice.choice([row for row in rows[4:-6] if id(row) not in known])
        back = row.day + timedelta(days=self.dice.randint(4, 25))
        self.facts.refunds.append(self.row(row.account, back, round(-row.cents * share), text))

    def bounced(self, series: Series, text: str) -> None:
        """A debit for which there was not enough money comes back within days; the next one is paid again."""
        row = self.dice.choice(series.rows[6:-3])
        when = row.day + timedelta(days=self.dice.randint(1, 4))
        self.facts.refunds.append(self.row(row.account, when, -row.cents, text))

    def fee(self, account: str, day: date, cents: int, text: str) -> None:
        self.facts.fees.append(self.row(account, day, -cents, text))

    def transfer(self, source: str, target: str, day: date, cents: int, text: str, other: str) -> tuple[Row, Row]:
        """Money between own accounts; it takes up to three days."""
        out = self.row(source, day, -cents, text)
        into = self.row(target, min(day + timedelta(days=self.dice.randint(0, 3)), LAST), cents, other)
        self.facts.transfers.append((out, into))
        return out, into

    def saving(self, source: str, target: str, day: int, cents: int, text: str, other: str) -> None:
        """Every month the same; each side is a series of its own."""
        pairs = [
            self.transfer(source, target, self.day(year, month, day), cents, text, other)
            for year, month in ALL
            if self.day(year, month, day) <= LAST - timedelta(days=3)
        ]
        self.facts.series += [Series("monthly", [pair[side] for pair in pairs]) for side in (0, 1)]

    def new(self, account: str, text: str, cents: int) -> None:
        """A merchant that had never been paid before the last weeks."""
        row = self.row(account, _END + timedelta(days=self.dice.randint(2, 24)), -cents, text)
        self.first_time.append(row)

    def close(self, missing: dict[str, Sequence[Months]]) -> Street:
        """Number the rows; a statement a month for each account but for the `missing` ones."""
        self.rows.sort(key=lambda row: row.day)
        for line, row in enumerate(self.rows, 2):
            row.line = line
        street = Street(self.kind, self.currency, self.rows, self.facts, first_time=self.first_time)
        for account in sorted({row.account for row in self.rows}):
            gone = [month for span in missing.get(account, ()) for month in span]
            balance = 123_456
            for year, month in ALL:
                first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
                mine = [row.cents for row in self.rows if row.account == account and first <= row.day <= last]
                opening, balance = balance, balance + sum(mine)
                if (year, month) not in gone:
                    street.statements.append(
                        StatementPeriod(
                            account, account, self.currency, f"{account}-{year}-{month}.csv", first.toordinal(),
                            last.toordinal(), opening * 100, balance * 100, "proved",
                        )
                    )  # fmt: skip
            for span in missing.get(account, ()):
                (year, month), (to_year, to_month) = span[0], span[-1]
                end = date(to_year, to_month, monthrange(to_year, to_month)[1])
                street.gaps.add((account, date(year, month, 1), end))
        return street


def _from(first: tuple[int, int], last: tuple[int, int] = (2025, 12)) -> Months:
    return [month for month in ALL if first <= month <= last]


def student_in_graz(seed: int) -> Street:
    """One account; a room, a job in a café that begins in the second year, parents who help."""
    b = Book("student in Graz", "EUR", seed, "GRAZ")
    b.standing("giro", "DAUERAUFTRAG ELISABETH KOLLER UNTERHALT #", 38_000, 3, salary=None)  # may be called so or not
    b.standing("giro", "GEHALT KAFFEEHAUS WEITZER GMBH ABR #", 51_200, 28, months=_from((2024, 2)), wages=True, salary=True,
               bonus={(2024, 11): 48_000, (2025, 11): 50_000})  # fmt: skip
    b.standing("giro", "SEPA LASTSCHRIFT STUDENTENHEIM LEECHGASSE MIETE # MANDAT 7781", -41_500, 5,
               rises={(2024, 9): -43_900, (2025, 9): -45_500})  # fmt: skip
    phone = b.standing("giro", "HOT TELEKOM # @", -1_190, 12, rises={(2025, 4): -1_390})
    b.bounced(phone, "RUECKLASTSCHRIFT HOT TELEKOM # @")
    b.standing("giro", "SPOTIFY P#AB STOCKHOLM", -599, 19, months=_from((2023, 3)), rises={(2024, 8): -699})
    b.standing("giro", "JOHN HARRIS FITNESS @ #", -3_990, 2, months=_from((2023, 10), (2024, 12)))
    b.standing("giro", "AUDIBLE GMBH BERLIN #", -995, 21, months=_from((2024, 4)), trial=99)
    b.standing("giro", "OEH STUDIENBEITRAG TU @ #", -2_470, 25, months=_from((2023, 2)), every=6)
    b.standing("giro", "KONTOFUEHRUNGSENTGELT", -690, 30, months=_from((2023, 3)), every=3, fee=True)
    shops = b.everyday("giro", "SPAR DANKT 4021 @ 8010 K1 #", 1_850, 7)
    b.everyday("giro", "BILLA DANKT 0007114 @ #", 1_420, 4)
    b.everyday("giro", "MENSA NEUE TECHNIK @", 690, 6, fixed=True)
    out = b.everyday("giro", "POSTGARAGE BAR @ #", 2_300, 3)
    clothes = b.everyday("giro", "ZALANDO SE # BERLIN", 5_600, 1.2, spread=0.4)
    b.everyday("giro", "BANKOMAT @ HAUPTPLATZ # KARTE 2", 5_000, 2, fixed=True)
    b.outlier(shops, 9)
    b.outlier(out, 10)
    for _ in range(2):
        b.double(shops)
    b.returned(clothes, "ZALANDO SE RETOURE # BERLIN")
    b.returned(clothes, "ZALANDO SE GUTSCHRIFT # BERLIN", 0.6)
    b.fee("giro", b.day(2024, 6, 18), 450, "SPESEN RUECKLASTSCHRIFT #")
    b.new("giro", "DECATHLON SEIERSBERG #", 7_900)
    b.new("giro", "ÖAMTC FAHRSCHULE @ #", 21_000)
    return b.close({"giro": [_from((2024, 3), (2024, 4))]})


def family_in_bristol(seed: int) -> Street:
    """A mortgage, two wages with a bonus in March, a joint account, a saver, nursery until school begins."""
    b = Book("family in Bristol", "GBP", seed, "BRISTOL")
    b.standing("joint", "BGC AVONMOUTH ENGINEERING SALARY #", 284_000, 27, wages=True, salary=True,
               rises={(2024, 4): 296_000, (2025, 4): 305_000}, bonus={(y, 3): 140_000 for y in (2023, 2024, 2025)})  # fmt: skip
    b.standing("joint", "NORTH BRISTOL NHS TRUST PAYROLL #", 176_500, 25, wages=True, salary=True, wobble=0.02)
    b.weekly("joint", "HMRC CHILD BENEFIT #", 9_600, date(2023, 1, 10), LAST, weeks=4, salary=True)
    b.standing("joint", "DD NATIONWIDE MORTGAGE 0044/#", -112_460, 1, rises={(2025, 2): -128_930})
    b.standing("joint", "DD BRISTOL ENERGY COOP #", -14_800, 14, wobble=0.22)
    b.standing("joint", "DD BRISTOL WATER # HALF YEAR", -21_240, 8, months=_from((2023, 4)), every=6)
    b.standing("joint", "DD AVIVA HOME INSURANCE #", -28_700, 17, months=_from((2023, 5)), every=12)
    b.standing("joint", "DD TV LICENCE QBP #", -1_325, 6, rises={(2024, 4): -1_412, (2025, 4): -1_454})
    sky = b.standing("joint", "DD SKY DIGITAL #", -4_200, 22, rises={(2023, 10): -4_700, (2025, 5): -5_150})
    b.bounced(sky, "RETURNED DD SKY DIGITAL #")
    b.standing("joint", "NETFLIX.COM # LONDON", -1_099, 11, months=_from((2023, 2)), rises={(2024, 11): -1_299})
    b.standing("joint", "EVERYONE ACTIVE @ #", -3_500, 3, months=_from((2023, 1), (2023, 11)))
    b.standing("joint", "EVERYONE ACTIVE @ #", -3_900, 3, months=_from((2024, 9)))
    b.standing("joint", "DISNEY PLUS # LONDON", -899, 16, months=_from((2024, 6)), trial=199)
    b.standing("joint", "GOUSTO RECIPE CLUB #", -2_499, 9, months=_from((2023, 6), (2025, 6)))
    b.weekly("joint", "LITTLE OTTERS NURSERY BS6 #", -18_500, date(2023, 1, 9), date(2024, 8, 26))
    b.saving("joint", "saver", 2, 25_000, "STO TO RAINY DAY SAVER #", "FROM JOINT CURRENT #")
    for _ in range(8):
        day = FIRST + timedelta(days=b.dice.randint(10, 1070))
        b.transfer("joint", "saver", day, b.dice.randint(41, 159) * 1_000, "TFR SAVINGS POT #", "FPI FROM JOINT #")
    week = b.everyday("joint", "TESCO STORES 2917 @ #", 7_400, 5)
    b.everyday("joint", "CO-OP GROUP 070134 @", 1_260, 6)
    fuel = b.everyday("joint", "BP EASTVILLE SF CONNECT #", 5_800, 2.2, spread=0.15)
    b.everyday("joint", "GREGGS PLC @ 0417", 465, 4, fixed=True)
    online = b.everyday("joint", "AMZNMKTPLACE # AMAZON.CO.UK", 2_300, 3, spread=0.6)
    b.everyday("joint", "NANDOS CABOT CIRCUS @", 5_200, 1, spread=0.2)
    b.outlier(week, 8)
    b.outlier(fuel, 5)
    for rows in (week, fuel, online):
        b.double(rows)
    b.returned(online, "AMZNMKTPLACE REFUND # AMAZON.CO.UK")
    b.returned(week, "TESCO STORES 2917 @ REFUND #", 0.3)
    b.fee("joint", b.day(2023, 9, 12), 1_200, "UNARRANGED OVERDRAFT FEE")
    b.fee("joint", b.day(2025, 7, 21), 299, "NON-STERLING TRANSACTION FEE")
    for year in (2023, 2024, 2025):
        b.facts.interest.append(b.row("saver", b.day(year, 6, 30), 8_412 + year, "GROSS INTEREST TO 30 JUN"))
    b.new("joint", "CLIFTON VETERINARY CENTRE #", 14_300)
    b.new("joint", "SMYTHS TOYS CRIBBS CSWY #", 6_200)
    return b.close({"joint": [_from((2023, 7), (2023, 7))], "saver": [_from((2024, 10), (2024, 12))]})


def freelancer_in_lille(seed: int) -> Street:
    """Invoices that are paid when they are; a business account and a private one."""
    b = Book("freelancer in Lille", "EUR", seed, "LILLE")
    for client in ("VIR SEPA AGENCE BEFFROI FACT #", "VIR SEPA STE NORDLYS STUDIO FACTURE #", "VIREMENT RECU MAIRIE ROUBAIX #"):
        when = FIRST + timedelta(days=b.dice.randint(3, 25))
        while when < LAST:
            b.row("pro", b.day(when.year, when.month, when.day), b.dice.randint(60, 420) * 1_000, client)
            when += timedelta(days=b.dice.randint(17, 74))
    for year, month in ALL:
        day = b.day(year, month, b.dice.randint(4, 24))
        cents = b.dice.randint(130, 260) * 1_000
        b.transfer("pro", "perso", day, cents, "VIR PERSO # REMUNERATION GERANT", "VIR DE COMPTE PRO #")
    b.standing("pro", "PRLV URSSAF NORD #", -161_000, 5, months=_from((2023, 2)), every=3, wobble=0.25)
    b.standing("pro", "PRLV SEPA OVH SAS ROUBAIX #", -1_439, 18, rises={(2024, 6): -1_679})
    b.standing("pro", "ADOBE SYSTEMS DUBLIN #", -2_468, 9, months=_from((2023, 8)), rises={(2025, 3): -2_699})
    b.standing("pro", "COTISATION COMPTE PRO", -2_200, 28, fee=True)
    b.standing("pro", "PRLV MAAF ASSURANCE RC PRO #", -31_850, 15, months=_from((2023, 3)), every=12)
    b.standing("perso", "PRLV FONCIA LOYER @ #", -82_300, 6, rises={(2024, 7): -84_900})
    power = b.standing("perso", "PRLV SEPA EDF CLIENTS PARTICULIERS #", -7_700, 12, rises={(2025, 2): -8_900})
    b.bounced(power, "REJET PRLV SEPA EDF CLIENTS PARTICULIERS #")
    b.standing("perso", "FREE MOBILE PARIS #", -1_999, 20, missed=[(2024, 5)])
    b.standing("perso", "CANAL PLUS ISSY #", -2_299, 10, months=_from((2023, 2), (2024, 9)))
    b.standing("perso", "DEEZER PARIS #", -1_199, 23, months=_from((2024, 10)), trial=99)
    b.standing("perso", "PRLV BASIC FIT @ #", -2_299, 2, months=_from((2023, 1), (2023, 12)))
    b.standing("perso", "PRLV BASIC FIT @ #", -2_499, 2, months=_from((2024, 9)))
    food = b.everyday("perso", "CB CARREFOUR CITY @ FACT #", 2_600, 6)
    b.everyday("perso", "CB BOULANGERIE PAUL @ #", 340, 7, fixed=True)
    b.everyday("perso", "CB MONOPRIX @ FACT #", 3_100, 3)
    train = b.everyday("pro", "CB SNCF INTERNET PARIS #", 5_400, 2, spread=0.5)
    paper = b.everyday("pro", "CB BUREAU VALLEE @ #", 3_300, 1.3)
    meals = b.everyday("perso", "CB ESTAMINET CHEZ LA VIEILLE @", 4_100, 2)
    b.outlier(food, 9)
    b.outlier(meals, 7)
    b.outlier(paper, 12)
    b.double(food)
    b.double(train)
    b.returned(train, "REMBOURSEMENT SNCF INTERNET #")
    b.fee("perso", b.day(2023, 11, 14), 800, "COMMISSION D INTERVENTION")
    b.fee("perso", b.day(2025, 1, 20), 2_000, "FRAIS REJET PRELEVEMENT #")
    b.new("perso", "CB LEROY MERLIN LESQUIN #", 18_600)
    return b.close({"pro": [_from((2025, 4), (2025, 5))]})


def pensioner_in_kiel(seed: int) -> Street:
    """A pension that rises in July, a flat, a paper, a savings account, the chemist."""
    b = Book("pensioner in Kiel", "EUR", seed, "KIEL")
    b.standing("giro", "DEUTSCHE RENTENVERSICHERUNG NORD RENTE # PRNR", 148_210, 29, wages=True, salary=True,
               rises={(2023, 7): 154_720, (2024, 7): 161_790, (2025, 7): 167_840})  # fmt: skip
    b.standing("giro", "WOHNUNGSBAU FOERDE EG MIETE # @", -61_200, 3, rises={(2024, 3): -63_800})
    b.standing("giro", "STADTWERKE @ ABSCHLAG VK #", -9_400, 15, rises={(2024, 2): -10_800, (2025, 2): -10_200})
    b.standing("giro", "KIELER NACHRICHTEN ABO #", -4_690, 1, rises={(2024, 1): -4_990, (2025, 1): -5_290})
    b.standing("giro", "RUNDFUNK ARD ZDF DRADIO #", -5_508, 15, months=_from((2023, 2)), every=3)
    b.standing("giro", "PROVINZIAL HAFTPFLICHTVERSICHERUNG #", -8_930, 2, months=_from((2023, 1)), every=12)
    b.standing("giro", "DEUTSCHE SEENOTRETTER SPENDE #", -6_000, 10, months=_from((2023, 12)), every=12)
    b.standing("giro", "HOERZU ZEITSCHRIFTENVERLAG #", -1_180, 8, months=_from((2023, 1), (2024, 10)))
    b.standing("giro", "TELEKOM DEUTSCHLAND FESTNETZ #", -3_495, 20, missed=[(2024, 9)])
    b.standing("giro", "KONTOFUEHRUNG GEBUEHR", -490, 30, fee=True)
    b.weekly("giro", "ESSEN AUF RAEDERN DRK @ #", -5_950, date(2024, 3, 4), LAST)
    b.saving("giro", "tagesgeld", 5, 15_000, "UEBERTRAG TAGESGELDKONTO #", "EINGANG VON GIROKONTO #")
    for _ in range(5):
        day = FIRST + timedelta(days=b.dice.randint(10, 1070))
        b.transfer("tagesgeld", "giro", day, b.dice.randint(21, 99) * 1_000, "UMBUCHUNG AUF GIRO #", "UMBUCHUNG VOM TAGESGELD #")
    for year, month in ALL[2::3]:
        row = b.row("tagesgeld", b.day(year, month, 30), 1_900 + b.dice.randint(0, 900), "ZINSGUTSCHRIFT QUARTAL")
        b.facts.interest.append(row)
    shop = b.everyday("giro", "EDEKA HOLTENAUER STR @ #", 2_900, 6)
    chemist = b.everyday("giro", "FOERDE APOTHEKE @ #", 1_750, 2.5, spread=0.4)
    b.everyday("giro", "BAECKEREI GUENTHER @ 12", 480, 5, fixed=True)
    b.everyday("giro", "KVG BUSFAHRT @", 320, 4, fixed=True)
    books = b.everyday("giro", "BUCHHANDLUNG HUGENDUBEL @ #", 2_200, 1.4)
    b.outlier(shop, 7)
    b.outlier(chemist, 11)
    b.double(shop)
    b.double(books)
    b.returned(books, "BUCHHANDLUNG HUGENDUBEL @ ERSTATTUNG #")
    b.new("giro", "HOERGERAETE KIND @ #", 89_000)
    b.new("giro", "REISEBUERO FOERDE TOURS #", 41_500)
    return b.close({"giro": [_from((2023, 5), (2023, 5)), _from((2025, 8), (2025, 8))]})


STREET: tuple[Callable[[int], Street], ...] = (
    student_in_graz, family_in_bristol, freelancer_in_lille, pensioner_in_kiel,
)  # fmt: skip
