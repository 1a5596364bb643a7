"""Ledgers of three years for six kinds of households, told in four languages, with everything that is true of them.

A second opinion beside `households`: written without a look at how anything is found, from how banks write and
how people pay. Descriptions carry references, mandates, towns, dates and branch numbers that differ from row to
row; direct debits wait for the next working day, are returned and come again; salaries bring a thirteenth month;
subscriptions begin with a trial, become dearer, pause and come back; statements are missing or overlap.

What is true is written down by the line of the row, in the words of `households.Facts`. What can be seen either
way (a series of two payments, a large purchase at a new shop) is in `Facts.either`. The same seed gives the same
ledger.
"""

import random
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from smartimport_cli.core.merchant import merchant
from smartimport_cli.core.model import Transaction
from smartimport_cli.crystal.coverage import StatementPeriod
from tests.crystal.households import IMPORT, Facts, Row, Series

FIRST, LAST = date(2022, 7, 1), date(2025, 6, 30)
_EASTER = {date(2023, 4, 9), date(2024, 3, 31), date(2025, 4, 20)}
_CLOSED = {day + timedelta(n) for day in _EASTER for n in (-2, 1)}
_CLOSED_EACH_YEAR = {(1, 1), (5, 1), (12, 25), (12, 26)}


@dataclass(eq=False)
class Entry(Row):
    """A row, and whom the money truly went to or came from."""

    who: str = ""


@dataclass
class Life:
    """A household's three years: rows, statements, truth."""

    kind: str
    rows: list[Entry]
    facts: Facts
    currencies: dict[str, str]  # by account
    statements: list[StatementPeriod]

    @property
    def transactions(self) -> list[Transaction]:
        return [
            Transaction(
                f"{row.line:032x}", IMPORT, row.account, row.day, row.cents * 100, self.currencies[row.account],
                row.text, merchant(row.text), None, None, None, row.line,
            )
            for row in self.rows
        ]  # fmt: skip


@dataclass(frozen=True)
class Language:
    """How banks of a country write, and who is there to be paid. `{who}` is the other side, `{ref}` a number,
    `{town}`, `{day}`: the rest of what stands in a description."""

    towns: tuple[str, ...]
    card: tuple[str, ...]
    debit: tuple[str, ...]
    order: tuple[str, ...]
    credit: tuple[str, ...]
    returned: str
    returned_fee: str
    refund: tuple[str, ...]
    own_out: tuple[str, ...]
    own_in: tuple[str, ...]
    cash: str
    account_fee: str
    abroad_fee: str
    card_fee: str
    interest_in: str
    interest_out: str
    salary: str
    pension: str
    grant: str
    months: tuple[str, ...]
    people: tuple[str, ...]
    groceries: tuple[str, ...]
    eating: tuple[str, ...]
    shops: tuple[str, ...]
    fuel: str
    pharmacy: str
    hairdresser: str
    power: str
    water: str
    phone: str
    internet: str
    insurer: str
    car_insurer: str
    landlord: str
    lender: str
    tax: str
    gym: str
    paper: str
    charity: str
    employers: tuple[str, ...]
    wholesalers: tuple[str, ...]


_STREAMS = (
    "NETFLIX.COM",
    "SPOTIFY",
    "DISNEY PLUS",
    "AUDIBLE",
    "ICLOUD APPLE.COM/BILL",
    "DEEZER",
    "DAZN",
    "CANVA",
)

GERMAN = Language(
    towns=("MUENSTER", "KOELN", "HAMBURG", "LEIPZIG"),
    card=(
        "KARTENZAHLUNG {who} {branch} {town} {day}",
        "{who} SAGT DANKE {branch}//{town}/DE {iso}T{clock}",
        "VISA DEBITKARTENUMSATZ {who} {town} {ref}",
    ),
    debit=(
        "SEPA-LASTSCHRIFT {who} EREF+{ref} MREF+{mandate}",
        "LASTSCHRIFT {who} MANDAT {mandate} RECHNUNG {ref}",
        "{who} {ref} {mandate} FOLGELASTSCHRIFT",
    ),
    order=("DAUERAUFTRAG {who}", "DAUERAUFTRAG {who} {purpose}"),
    credit=("GUTSCHRIFT {who} {purpose}", "SEPA-UEBERWEISUNG {who} {purpose} {ref}"),
    returned="RUECKLASTSCHRIFT {who} {ref}",
    returned_fee="ENTGELT RUECKLASTSCHRIFT",
    refund=("GUTSCHRIFT {who} ERSTATTUNG {ref}", "KARTENZAHLUNG GUTSCHRIFT {who} {town}"),
    own_out=("UMBUCHUNG AUF TAGESGELD", "UEBERTRAG EIGENES KONTO {ref}"),
    own_in=("UMBUCHUNG VOM GIROKONTO", "UEBERTRAG EIGENES KONTO {ref}"),
    cash="BARGELDAUSZAHLUNG {town} GA NR{ref}",
    account_fee="KONTOFUEHRUNGSENTGELT",
    card_fee="JAHRESENTGELT KREDITKARTE",
    abroad_fee="AUSLANDSEINSATZENTGELT",
    interest_in="HABENZINSEN",
    interest_out="SOLLZINSEN UEBERZIEHUNG",
    salary="LOHN/GEHALT",
    pension="DEUTSCHE RENTENVERSICHERUNG RENTE",
    grant="BUNDESKASSE BAFOEG",
    months=(
        "JANUAR",
        "FEBRUAR",
        "MAERZ",
        "APRIL",
        "MAI",
        "JUNI",
        "JULI",
        "AUGUST",
        "SEPTEMBER",
        "OKTOBER",
        "NOVEMBER",
        "DEZEMBER",
    ),
    people=("ANNA KELLER", "JONAS WEBER", "LENA HOFMANN", "PAUL SCHMITZ"),
    groceries=("REWE", "ALDI SUED", "EDEKA"),
    eating=("BACKWERK", "PIZZERIA ROMA", "CAFE EXTRABLATT", "DOENER KING"),
    shops=("MEDIA MARKT", "THALIA", "ZALANDO", "DM DROGERIE", "OBI BAUMARKT", "DECATHLON"),
    fuel="ARAL",
    pharmacy="ADLER APOTHEKE",
    hairdresser="FRISEUR SCHNITTPUNKT",
    power="STADTWERKE STROM",
    water="WASSERVERBAND NORD",
    phone="TELEKOM MOBILFUNK",
    internet="VODAFONE KABEL",
    insurer="ALLIANZ VERSICHERUNG",
    car_insurer="HUK24",
    landlord="WOHNBAU GENOSSENSCHAFT",
    lender="SPARDA BAUFINANZIERUNG",
    tax="FINANZAMT",
    gym="FITX",
    paper="WESTFAELISCHE NACHRICHTEN",
    charity="AERZTE OHNE GRENZEN",
    employers=("NORDWIND LOGISTIK GMBH", "STADT MUENSTER", "KRAFTWERK SOFTWARE AG"),
    wholesalers=("METRO GROSSHANDEL", "GETRAENKE HOFFMANN", "BAECKEREI EINKAUF EG"),
)

ENGLISH = Language(
    towns=("LEEDS", "BRISTOL", "YORK", "LONDON"),
    card=(
        "CARD PAYMENT TO {who} {branch} {town} ON {day}",
        "{who} {branch} {town} GB",
        "VIS {who} {town} CD {ref}",
    ),
    debit=("DIRECT DEBIT {who} REF {ref}", "DD {who} {mandate}", "{who} {mandate} DDR"),
    order=("STANDING ORDER {who} {purpose}", "STO {who}"),
    credit=("FASTER PAYMENT FROM {who} {purpose}", "BGC {who} {ref}"),
    returned="UNPAID DIRECT DEBIT {who} {ref}",
    returned_fee="UNPAID ITEM FEE",
    refund=("REFUND {who} {town} {ref}", "CARD REFUND FROM {who} {branch}"),
    own_out=("TRANSFER TO SAVINGS", "INTERNET TRANSFER TO OWN ACCOUNT {ref}"),
    own_in=("TRANSFER FROM CURRENT ACCOUNT", "INTERNET TRANSFER FROM OWN ACCOUNT {ref}"),
    cash="CASH WITHDRAWAL {town} ATM {ref}",
    account_fee="MONTHLY ACCOUNT FEE",
    card_fee="ANNUAL CARD FEE",
    abroad_fee="NON-STERLING TRANSACTION FEE",
    interest_in="GROSS INTEREST",
    interest_out="OVERDRAFT INTEREST",
    salary="SALARY",
    pension="DWP STATE PENSION",
    grant="STUDENT LOANS COMPANY GRANT",
    months=("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
    people=("EMILY CARTER", "TOM BARNES", "SARAH WHITE", "OLIVER READ"),
    groceries=("TESCO STORES", "SAINSBURYS", "LIDL"),
    eating=("GREGGS", "NANDOS", "COSTA COFFEE", "THE RED LION"),
    shops=("CURRYS", "WATERSTONES", "ASOS", "BOOTS", "B&Q", "ARGOS"),
    fuel="SHELL",
    pharmacy="WELL PHARMACY",
    hairdresser="THE CUTTING ROOM",
    power="BRITISH GAS",
    water="YORKSHIRE WATER",
    phone="O2",
    internet="VIRGIN MEDIA",
    insurer="AVIVA INSURANCE",
    car_insurer="ADMIRAL INSURANCE",
    landlord="MOORSIDE LETTINGS",
    lender="NATIONWIDE MORTGAGE",
    tax="HMRC",
    gym="PUREGYM",
    paper="GUARDIAN NEWS",
    charity="OXFAM",
    employers=("BRIGHTSIDE CARE LTD", "NORTHERN RAIL", "HALLAM UNIVERSITY"),
    wholesalers=("BOOKER WHOLESALE", "BRAKES FOODS", "BIDFOOD"),
)

FRENCH = Language(
    towns=("LYON", "NANTES", "LILLE", "GRENOBLE"),
    card=(
        "CB {who} {branch} {town} {day}",
        "PAIEMENT CARTE {day} {who} {town}",
        "ACHAT CB {who} {town} CARTE {ref}",
    ),
    debit=("PRLV SEPA {who} {ref} {mandate}", "PRELEVEMENT {who} REF {ref}", "PRLV {who} MDT {mandate}"),
    order=("VIR PERMANENT {who} {purpose}", "VIREMENT PERMANENT A {who}"),
    credit=("VIR SEPA RECU DE {who} {purpose}", "VIREMENT {who} {ref}"),
    returned="REJET PRLV {who} {ref}",
    returned_fee="FRAIS REJET PRELEVEMENT",
    refund=("REMBOURSEMENT {who} {ref}", "CREDIT CARTE {day} {who} {town}"),
    own_out=("VIR VERS LIVRET A", "VIREMENT INTERNE {ref}"),
    own_in=("VIR DEPUIS COMPTE COURANT", "VIREMENT INTERNE {ref}"),
    cash="RETRAIT DAB {town} {ref}",
    account_fee="FRAIS DE TENUE DE COMPTE",
    card_fee="COTISATION CARTE BANCAIRE",
    abroad_fee="COMMISSION PAIEMENT HORS ZONE EURO",
    interest_in="INTERETS CREDITEURS",
    interest_out="INTERETS DEBITEURS",
    salary="SALAIRE",
    pension="CARSAT PENSION RETRAITE",
    grant="CROUS BOURSE",
    months=(
        "JANVIER",
        "FEVRIER",
        "MARS",
        "AVRIL",
        "MAI",
        "JUIN",
        "JUILLET",
        "AOUT",
        "SEPTEMBRE",
        "OCTOBRE",
        "NOVEMBRE",
        "DECEMBRE",
    ),
    people=("CLAIRE DUBOIS", "MATHIEU ROUX", "JULIE MOREAU", "PIERRE LEFEVRE"),
    groceries=("CARREFOUR MARKET", "MONOPRIX", "AUCHAN"),
    eating=("BOULANGERIE PAUL", "BRASSERIE DU PARC", "LE PETIT BISTROT", "SUSHI SHOP"),
    shops=("FNAC", "DARTY", "LA REDOUTE", "SEPHORA", "LEROY MERLIN", "DECATHLON"),
    fuel="TOTALENERGIES",
    pharmacy="PHARMACIE DES ALPES",
    hairdresser="COIFFURE MARION",
    power="EDF CLIENTS PARTICULIERS",
    water="VEOLIA EAU",
    phone="FREE MOBILE",
    internet="ORANGE INTERNET",
    insurer="MAIF ASSURANCE",
    car_insurer="MATMUT",
    landlord="AGENCE FONCIA",
    lender="CREDIT FONCIER PRET IMMOBILIER",
    tax="DGFIP IMPOT",
    gym="BASIC FIT",
    paper="LE MONDE ABONNEMENT",
    charity="MEDECINS SANS FRONTIERES",
    employers=("MAIRIE DE LYON", "DASSAULT SYSTEMES", "CLINIQUE DU PARC"),
    wholesalers=("METRO FRANCE", "PROMOCASH", "TRANSGOURMET"),
)

SPANISH = Language(
    towns=("VALENCIA", "SEVILLA", "BILBAO", "MADRID"),
    card=(
        "COMPRA TARJ. 5402XXXXXXXX1181 {who} {town}",
        "PAGO CON TARJETA {who} {branch} {town} {day}",
        "COMPRA {who} {town} {ref}",
    ),
    debit=(
        "RECIBO {who} REF. {ref} MANDATO {mandate}",
        "ADEUDO RECIBO {who} N {ref}",
        "RECIBO {who} {mandate}",
    ),
    order=("TRANSFERENCIA PERIODICA A {who}", "ORDEN PERMANENTE {who} {purpose}"),
    credit=("TRANSFERENCIA DE {who} {purpose}", "ABONO {who} {ref}"),
    returned="DEVOLUCION RECIBO {who} {ref}",
    returned_fee="COMISION DEVOLUCION RECIBO",
    refund=("DEVOLUCION COMPRA {who} {town}", "ABONO DEVOLUCION {who} {ref}"),
    own_out=("TRASPASO A CUENTA AHORRO", "TRASPASO ENTRE CUENTAS PROPIAS {ref}"),
    own_in=("TRASPASO DESDE CUENTA CORRIENTE", "TRASPASO ENTRE CUENTAS PROPIAS {ref}"),
    cash="REINTEGRO CAJERO {town} {ref}",
    account_fee="COMISION MANTENIMIENTO CUENTA",
    card_fee="CUOTA ANUAL TARJETA",
    abroad_fee="COMISION CAMBIO DIVISA",
    interest_in="INTERESES A SU FAVOR",
    interest_out="INTERESES DESCUBIERTO",
    salary="NOMINA",
    pension="SEGURIDAD SOCIAL PENSION",
    grant="BECA MINISTERIO EDUCACION",
    months=(
        "ENERO",
        "FEBRERO",
        "MARZO",
        "ABRIL",
        "MAYO",
        "JUNIO",
        "JULIO",
        "AGOSTO",
        "SEPTIEMBRE",
        "OCTUBRE",
        "NOVIEMBRE",
        "DICIEMBRE",
    ),
    people=("LUCIA ORTEGA", "JAVIER MOLINA", "CARMEN RUIZ", "DIEGO SERRANO"),
    groceries=("MERCADONA", "CONSUM", "CARREFOUR EXPRESS"),
    eating=("BAR MANOLO", "100 MONTADITOS", "CAFETERIA SOL", "TELEPIZZA"),
    shops=("EL CORTE INGLES", "CASA DEL LIBRO", "ZARA", "DRUNI", "LEROY MERLIN", "DECATHLON"),
    fuel="REPSOL",
    pharmacy="FARMACIA CENTRAL",
    hairdresser="PELUQUERIA ESTILO",
    power="IBERDROLA CLIENTES SAU",
    water="AGUAS DE VALENCIA",
    phone="MOVISTAR",
    internet="ORANGE ESPAGNE",
    insurer="MAPFRE SEGUROS",
    car_insurer="LINEA DIRECTA",
    landlord="ALQUILERES TURIA SL",
    lender="HIPOTECA CAIXABANK",
    tax="AEAT AGENCIA TRIBUTARIA",
    gym="ALTAFIT",
    paper="EL PAIS SUSCRIPCION",
    charity="CRUZ ROJA",
    employers=("INDITEX SA", "AYUNTAMIENTO DE VALENCIA", "TELEFONICA TECH SL"),
    wholesalers=("MAKRO", "COVIRAN", "GM CASH"),
)

LANGUAGES = (GERMAN, ENGLISH, FRENCH, SPANISH)


def working(day: date) -> date:
    """The day, or the next one on which banks work."""
    while day.weekday() > 4 or day in _CLOSED or (day.month, day.day) in _CLOSED_EACH_YEAR:
        day += timedelta(1)
    return day


def monthly(day: int, *, every: int = 1, begin: int = 0) -> Iterator[date]:
    """That day of each month (its last one where it has less), `every` so many months from the `begin`-th on."""
    for number in range(begin, 36, every):
        year, month = divmod(FIRST.month - 1 + number, 12)
        yield date(FIRST.year + year, month + 1, min(day, monthrange(FIRST.year + year, month + 1)[1]))


def weekly(weekday: int, *, every: int = 1) -> Iterator[date]:
    day = FIRST + timedelta((weekday - FIRST.weekday()) % 7)
    while day <= LAST:
        yield day
        day += timedelta(7 * every)


@dataclass
class Diary:
    """Writes one life, row by row."""

    kind: str
    language: Language
    seed: int
    rows: list[Entry] = field(default_factory=list)
    facts: Facts = field(default_factory=lambda: Facts(first_time=[], gaps=[], overlaps=[]))
    currencies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(f"life {self.kind} {self.seed}")
        # one bank, one way to write; the mandate stays the same as long as the contract does
        self._style = {
            name: self.random.choice(getattr(self.language, name))
            for name in ("card", "debit", "order", "credit")
        }
        self._town = self.random.choice(self.language.towns)
        self._mandates: dict[str, str] = {}
        self._touched: set[int] = set()

    def row(self, account: str, day: date, cents: int, style: str, who: str, purpose: str = "") -> Entry:
        r = self.random
        template = self._style.get(style) or style
        text = template.format(
            who=who, purpose=purpose, ref=r.randint(10_000, 99_999_999), branch=r.randint(100, 9999),
            mandate=self._mandates.setdefault(who, f"M{r.randint(100000, 999999)}"), day=f"{day.day:02}.{day.month:02}",
            iso=day.isoformat(), clock=f"{r.randint(8, 21):02}:{r.randint(0, 59):02}",
            town=self._town if r.random() < 0.85 else r.choice(self.language.towns),
        )  # fmt: skip
        entry = Entry(account, day, cents, " ".join(text.split()), "", who=who)
        self.rows.append(entry)
        return entry

    # -- what comes again

    def regular(
        self, account: str, style: str, who: str, cents: int, days: Iterator[date], rhythm: str, *,
        varies: float = 0.0, rises: dict[date, int] | None = None, start: date = FIRST, end: date = LAST,
        missed: int = 0, lag: int = 0, trial: int | None = None, pause: tuple[date, date] | None = None,
        salary: bool | None = False, purpose: Callable[[date], str] = lambda day: "", cancelled: bool = False,
    ) -> Series:  # fmt: skip
        """`cents` on each of `days`: up to `lag` days later (a card) or on the next working day. `varies`: a
        share of the amount; `rises`: new prices from a day on; `pause`: nothing between these days."""
        series = Series(rhythm, [], salary=salary, stopped=cancelled)
        due = [day for day in days if start <= day <= end]
        left_out = set(self.random.sample(due[4:-4], missed)) if missed else set()
        price, steps = cents, sorted((rises or {}).items())
        for number, day in enumerate(due):
            new = bool(steps) and day >= steps[0][0]
            if new:
                price = steps.pop(0)[1]
            if day in left_out:
                series.missed.append(day)
                continue
            if pause and pause[0] <= day <= pause[1]:
                continue
            amount = trial if trial is not None and number == 0 else price
            amount = round(amount * (1 + self.random.uniform(-varies, varies)))
            posted = day + timedelta(self.random.randint(0, lag)) if lag else working(day)
            entry = self.row(account, posted, amount, style, who, purpose(day))
            if pause and day < pause[0]:
                series.before.append(entry)
                continue
            series.rows.append(entry)
            if trial is not None and number == 0:
                series.trial = entry
            if new:
                series.rises.append(entry)
        self._touched.update(id(entry) for entry in series.rows + series.before)
        series.paused = pause
        self.facts.series.append(series)
        return series

    def stream(self, account: str, who: str, cents: int, **more: object) -> Series:
        """A subscription by card."""
        return self.regular(
            account,
            "card",
            who,
            -cents,
            monthly(self.random.randint(2, 27)),
            "monthly",
            lag=2,
            **more,  # type: ignore[arg-type]
        )

    def wage(
        self, account: str, who: str, cents: int, *, day: int, thirteenth: bool, raises: dict[date, int]
    ) -> Series:
        """A salary at the end of the month; the thirteenth comes in one row with the one of November or as a
        row of its own in December, a bonus beside the one of March."""
        told = self.language

        def purpose(when: date) -> str:
            return f"{told.salary} {told.months[when.month - 1]} {when.year}"

        series = self.regular(
            account, "credit", who, cents, monthly(day), "monthly", rises=raises, salary=True, purpose=purpose
        )
        series.asked = False  # gross to net, the thirteenth: no prices
        for entry in series.rows:
            if thirteenth and entry.day.month == 11:
                entry.cents = entry.cents * 19 // 10
            if thirteenth and entry.day.month == 3 and self.random.random() < 0.5:
                extra = self.row(
                    account,
                    entry.day + timedelta(self.random.randint(0, 9)),
                    entry.cents // 2,
                    "credit",
                    who,
                    "BONUS",
                )
                self.facts.either.append(extra)
        return series

    # -- what does not

    def everyday(
        self, account: str, who: str, typical: int, a_week: float, *, spread: float = 0.4
    ) -> list[Entry]:
        made, day = [], FIRST
        while (day := day + timedelta(max(1, round(self.random.expovariate(a_week / 7))))) <= LAST:
            made.append(
                self.row(
                    account,
                    day,
                    -max(110, round(typical * self.random.lognormvariate(0, spread))),
                    "card",
                    who,
                )
            )
        return made

    def same_price(self, account: str, style: str, who: str, cents: int, shortest: int, longest: int) -> None:
        """Again and again, but by no calendar."""
        day = FIRST
        while (day := day + timedelta(self.random.randint(shortest, longest))) <= LAST:
            self.row(account, day, -cents, style, who)

    def large(self, account: str, who: str, low: int, high: int) -> None:
        entry = self.row(account, self.day(), -self.random.randint(low, high), "card", who)
        self.facts.either.append(entry)

    def day(self) -> date:
        return FIRST + timedelta(self.random.randint(120, (LAST - FIRST).days - 120))

    def _some(self, among: list[Entry], count: int) -> list[Entry]:
        free = [
            e
            for e in among
            if id(e) not in self._touched and FIRST + timedelta(150) < e.day < LAST - timedelta(60)
        ]
        chosen = self.random.sample(free, count)
        self._touched.update(map(id, chosen))
        return chosen

    # -- what goes wrong, and what goes back

    def doubled(self, among: list[Entry], count: int) -> None:
        for entry in self._some([e for e in among if e.cents < -1500], count):
            again = Entry(
                entry.account,
                entry.day + timedelta(self.random.randint(0, 2)),
                entry.cents,
                entry.text,
                "",
                who=entry.who,
            )
            self.rows.append(again)
            self.facts.doubles.append((entry, again))

    def outliers(self, among: list[Entry], count: int) -> None:
        usual = sorted(entry.cents for entry in among)[len(among) // 2]
        for entry in self._some(among, count):
            entry.cents = round(usual * self.random.uniform(6, 14))
            self.facts.unusual.append(entry)

    def refunded(self, among: list[Entry], count: int) -> None:
        style = self.random.choice(self.language.refund)
        for entry in self._some(among, count):
            back = round(-entry.cents * self.random.choice((1.0, 1.0, 0.6, 0.25)))
            self.facts.refunds.append(
                self.row(
                    entry.account, entry.day + timedelta(self.random.randint(2, 24)), back, style, entry.who
                )
            )

    def bounced(self, series: Series) -> None:
        """A direct debit that comes back for want of money, with a fee, and is tried again."""
        entry = self.random.choice(series.rows[6:-4])
        back = working(entry.day + timedelta(self.random.randint(1, 3)))
        self.facts.refunds.append(
            self.row(entry.account, back, -entry.cents, self.language.returned, entry.who)
        )
        self.facts.fees.append(
            self.row(
                entry.account, back, -self.random.choice((300, 450, 800)), self.language.returned_fee, "bank"
            )
        )
        again = self.row(
            entry.account,
            working(back + timedelta(self.random.randint(4, 9))),
            entry.cents,
            "debit",
            entry.who,
        )
        self.facts.either.append(again)

    def fees(self, account: str, text: str, cents: int, days: Iterator[date], rhythm: str) -> None:
        series = self.regular(account, text, "bank", -cents, days, rhythm)
        self.facts.fees += series.rows

    def abroad(self, account: str, count: int) -> None:
        for _ in range(count):
            day = self.day()
            self.row(
                account,
                day,
                -self.random.randint(1500, 9000),
                "card",
                self.random.choice(("HOTEL ADRIA", "TAVERNA ZORBAS", "KIOSK LUZERN")),
            )
            self.facts.fees.append(
                self.row(account, day, -self.random.randint(35, 190), self.language.abroad_fee, "bank")
            )

    def interest(
        self, account: str, days: Iterator[date], *, low: int, high: int, paid: bool = False
    ) -> None:
        text = self.language.interest_out if paid else self.language.interest_in
        for day in days:
            cents = self.random.randint(low, high)
            self.facts.interest.append(self.row(account, day, -cents if paid else cents, text, "bank"))

    def moved(self, source: str, target: str, day: date, cents: int, number: int = 0) -> tuple[Entry, Entry]:
        """Money to oneself, which takes up to three days."""
        pair = (
            self.row(source, day, -cents, self.language.own_out[number], "self"),
            self.row(
                target,
                day + timedelta(self.random.choice((0, 0, 1, 1, 2, 3))),
                cents,
                self.language.own_in[number],
                "self",
            ),
        )
        self.facts.transfers.append(pair)
        return pair

    def saving(self, source: str, target: str, cents: int, day: int) -> None:
        """A standing order to one's savings, and now and then something beside it, also back."""
        pairs = [self.moved(source, target, working(when), cents) for when in monthly(day)]
        self.facts.series += [Series("monthly", [pair[side] for pair in pairs]) for side in (0, 1)]
        for _ in range(9):
            self.moved(source, target, self.day(), self.random.randint(40, 900) * 100 + 17, 1)
        for _ in range(5):
            self.moved(target, source, self.day(), self.random.randint(40, 900) * 100 + 31, 1)

    def coincidences(self, source: str, target: str, count: int) -> None:
        """The same sum, out of one account and into another, between strangers."""
        for _ in range(count):
            day, cents = self.day(), self.random.choice((5_000, 10_000, 12_500, 20_000))
            self.row(source, day, -cents, "card", self.random.choice(self.language.shops))
            self.row(
                target,
                day + timedelta(self.random.randint(0, 3)),
                cents,
                "credit",
                self.random.choice(self.language.people),
            )

    def new_places(self, account: str, count: int) -> None:
        names = [
            "KLETTERWALD",
            "ATELIER BLUM",
            "VELO CORNER",
            "TEAHOUSE MING",
            "OPTIK STERN",
            "GAME PALACE",
            "BODEGA LUNA",
            "GARDEN HUB",
        ]
        for who in self.random.sample(names, count):
            self.row(
                account,
                LAST - timedelta(self.random.randint(2, 25)),
                -self.random.randint(900, 6000),
                "card",
                who,
            )

    # -- the end

    def done(self, *, missing: dict[str, int] | None = None, overlapping: tuple[str, ...] = ()) -> Life:
        """Statements of each account, by month where there is much on it, else by quarter. `missing`: how many
        months of which accounts were never imported; `overlapping`: accounts some of whose statements reach
        into the next month."""
        lost: set[tuple[str, int, int]] = set()
        for account, count in (missing or {}).items():
            for number in range(count):
                at = 9 + 13 * number + self.random.randint(0, 4)
                year, month = divmod(FIRST.month - 1 + at, 12)
                lost.add((account, FIRST.year + year, month + 1))
        there = [e for e in self.rows if FIRST <= e.day <= LAST]
        statements = self._statements(there, lost, overlapping)
        kept = [e for e in there if (e.account, e.day.year, e.day.month) not in lost]
        kept.sort(key=lambda e: (e.day, e.account, e.text, e.cents))
        for line, entry in enumerate(kept, 2):
            entry.line = line
        self._settle({id(entry) for entry in kept}, lost)
        self._first_times(kept)
        return Life(self.kind, kept, self.facts, self.currencies, statements)

    def _settle(self, kept: set[int], lost: set[tuple[str, int, int]]) -> None:
        facts = self.facts
        for series in facts.series:
            account = series.rows[0].account
            for name in ("rows", "rises", "before"):
                setattr(series, name, [e for e in getattr(series, name) if id(e) in kept])
            series.missed = [day for day in series.missed if (account, day.year, day.month) not in lost]
            if series.trial and id(series.trial) not in kept:
                series.trial = None
        few = [series for series in facts.series if len(series.rows) < 3]
        facts.either += [e for series in few for e in series.rows]
        facts.series = [series for series in facts.series if len(series.rows) > 2]
        facts.either = [e for e in facts.either if id(e) in kept]
        for name in ("transfers", "doubles"):
            setattr(facts, name, [pair for pair in getattr(facts, name) if all(id(e) in kept for e in pair)])
        for name in ("unusual", "refunds", "fees", "interest"):
            setattr(facts, name, [e for e in getattr(facts, name) if id(e) in kept])

    def _first_times(self, kept: list[Entry]) -> None:
        """Whom money went to for the first time in the last 31 days."""
        assert self.facts.first_time is not None
        seen: set[tuple[str, str]] = set()
        for entry in kept:
            key = entry.who, self.currencies[entry.account]
            if entry.cents < 0 and key not in seen:
                seen.add(key)
                if entry.day >= LAST - timedelta(31) and entry.who not in ("bank", "self"):
                    self.facts.first_time.append(entry)

    def _statements(
        self, rows: list[Entry], lost: set[tuple[str, int, int]], overlapping: tuple[str, ...]
    ) -> list[StatementPeriod]:
        by_account: dict[str, list[Entry]] = defaultdict(list)
        for entry in rows:
            by_account[entry.account].append(entry)
        made = []
        for account, mine in by_account.items():
            months = 1 if len(mine) > 36 * 8 else 3
            starts = [*monthly(1, every=months), LAST + timedelta(1)]
            number = 0
            for first, after in pairwise(starts):
                number += 1
                if (account, first.year, first.month) in lost:
                    span = (account, first.toordinal(), after.toordinal() - 1)
                    if (
                        self.facts.gaps
                        and self.facts.gaps[-1][0] == account
                        and self.facts.gaps[-1][2] + 1 == span[1]
                    ):
                        span = (account, self.facts.gaps.pop()[1], span[2])
                    self.facts.gaps.append(span)
                    continue
                last = after - timedelta(1)
                reaches = (
                    account in overlapping
                    and number % 9 == 5
                    and (account, after.year, after.month) not in lost
                )
                if reaches and after <= LAST:
                    last = after + timedelta(11)
                    self.facts.overlaps.append((account, after.toordinal(), last.toordinal()))
                # a file's days are those of its rows
                days = [e.day for e in mine if first <= e.day <= last]
                if not days:
                    continue
                opening = sum(e.cents for e in mine if e.day < min(days)) + 250_000
                closing = sum(e.cents for e in mine if e.day <= max(days)) + 250_000
                made.append(StatementPeriod(
                    account, account, self.currencies[account], f"{account}-{number}.csv", min(days).toordinal(),
                    max(days).toordinal(), opening * 100, closing * 100, "proved",
                ))  # fmt: skip
        return made


def student(language: Language, seed: int) -> Life:
    d = Diary("student", language, seed, currencies={"main": "EUR"})
    r, t = d.random, language
    d.regular("main", "order", t.landlord, -r.randint(320, 480) * 100, monthly(1), "monthly")
    d.regular("main", "credit", t.grant, r.randint(430, 720) * 100, monthly(28), "monthly", salary=True,
              purpose=lambda day: f"{day.month:02}/{day.year}")  # fmt: skip
    d.regular("main", "credit", t.people[0], 25_000, monthly(3), "monthly", salary=None)
    d.regular("main", "debit", t.phone, -999, monthly(12), "monthly", rises={date(2024, 2, 1): -1199})
    d.regular("main", "debit", t.gym, -2490, monthly(1), "monthly", end=date(2024, 9, 20), cancelled=True)
    d.stream("main", _STREAMS[1], 599, rises={date(2023, 10, 1): -699})
    d.stream("main", _STREAMS[0], 799, start=date(2023, 5, 1), trial=-100)
    d.stream("main", _STREAMS[2], 899, pause=(date(2023, 11, 28), date(2024, 6, 27)))
    market = d.everyday("main", t.groceries[1], 1850, 2)
    food = d.everyday("main", t.eating[0], 640, 1.8)
    d.everyday("main", t.eating[3], 1250, 0.7)
    clothes = d.everyday("main", t.shops[2], 4200, 0.35)
    d.same_price("main", "card", "COPY SHOP CAMPUS", 500, 9, 40)
    d.same_price("main", t.cash, "cash", 5000, 6, 25)
    d.doubled(market, 2)
    d.outliers(food, 2)
    d.refunded(clothes, 4)
    d.abroad("main", 3)
    d.large("main", "ROSSMOOR LAPTOPS", 70_000, 120_000)
    d.new_places("main", 2)
    return d.done()


def family(language: Language, seed: int) -> Life:
    d = Diary("family", language, seed, currencies={"joint": "EUR", "savings": "EUR"})
    r, t = d.random, language
    d.wage("joint", t.employers[0], r.randint(2500, 3600) * 100, day=28, thirteenth=True,
           raises={date(2023, 4, 1): 341_000, date(2024, 4, 1): 352_500})  # fmt: skip
    d.wage(
        "joint",
        t.employers[1],
        r.randint(1200, 1900) * 100,
        day=15,
        thirteenth=False,
        raises={date(2024, 1, 1): 175_300},
    )
    d.regular("joint", "debit", t.lender, -118_450, monthly(5), "monthly")
    power = d.regular(
        "joint", "debit", t.power, -14_200, monthly(10), "monthly", rises={date(2023, 9, 1): -16_900}
    )
    d.regular("joint", "debit", t.water, -6_300, monthly(20, every=3, begin=1), "quarterly", varies=0.12)
    d.regular("joint", "debit", t.internet, -3_999, monthly(17), "monthly", missed=1)
    d.regular("joint", "debit", t.phone, -2_500, monthly(8), "monthly", varies=0.18)
    d.regular("joint", "debit", t.insurer, -34_860, monthly(2, every=12, begin=6), "yearly")
    d.regular("joint", "debit", t.car_insurer, -19_230, monthly(4, every=6), "every six months")
    d.regular(
        "joint",
        "order",
        "KITA SONNENKAEFER",
        -21_000,
        monthly(1),
        "monthly",
        end=date(2024, 8, 1),
        cancelled=True,
    )
    d.regular("joint", "order", "MUSIC SCHOOL ALLEGRO", -8_500, monthly(6), "monthly", start=date(2023, 9, 1))
    d.stream("joint", _STREAMS[0], 1299, rises={date(2023, 3, 1): -1349, date(2024, 8, 1): -1399})
    d.stream("joint", _STREAMS[3], 995, start=date(2023, 11, 1), trial=-99, missed=0)
    d.stream("joint", _STREAMS[2], 899, missed=1)
    d.bounced(power)
    big = d.everyday("joint", t.groceries[0], 8_400, 1.4)
    d.everyday("joint", t.groceries[2], 3_100, 1.2)
    d.everyday("joint", t.fuel, 6_500, 0.8, spread=0.2)
    drug = d.everyday("joint", t.shops[3], 2_400, 0.8)
    online = d.everyday("joint", t.shops[2], 5_200, 0.7)
    d.everyday("joint", t.eating[1], 4_300, 0.4)
    d.same_price("joint", "card", t.hairdresser, 3_800, 24, 66)
    d.same_price("joint", t.cash, "cash", 10_000, 8, 30)
    d.doubled(big, 2)
    d.doubled(online, 1)
    d.outliers(drug, 2)
    d.refunded(online, 6)
    d.saving("joint", "savings", 30_000, 3)
    d.coincidences("joint", "savings", 2)
    d.fees("joint", t.card_fee, 4_500, monthly(11, every=12, begin=4), "yearly")
    d.fees("joint", t.account_fee, 490, monthly(31), "monthly")
    d.interest("savings", monthly(31, every=3, begin=2), low=800, high=2600)
    d.large("joint", "MOEBELHAUS HORST", 90_000, 220_000)
    d.new_places("joint", 3)
    return d.done(missing={"joint": 2}, overlapping=("joint",))


def freelancer(language: Language, seed: int) -> Life:
    d = Diary("freelancer", language, seed, currencies={"business": "EUR", "private": "EUR"})
    r, t = d.random, language
    for client in ("ACME MEDIA", "BLUE OCEAN STUDIO", "ORBIT LABS", "FABRIKA DESIGN", "LUMEN PRESS"):
        day = FIRST
        while (day := day + timedelta(r.randint(18, 110))) <= LAST:
            d.row(
                "business",
                working(day),
                r.randint(300, 4200) * 100 + r.randint(0, 99),
                "credit",
                client,
                f"INV {r.randint(100, 999)}",
            )
    d.regular("business", "debit", t.tax, -98_000, monthly(10, every=3, begin=0), "quarterly", varies=0.4)
    d.regular(
        "business", "order", "COWORK LOFT", -18_900, monthly(1), "monthly", rises={date(2024, 7, 1): -20_900}
    )
    d.regular("business", "debit", "HETZNER ONLINE", -2_380, monthly(14), "monthly", varies=0.1)
    d.stream("business", "ADOBE CREATIVE CLOUD", 6_049, rises={date(2023, 11, 1): -6_639})
    d.stream("business", "NOTION LABS", 960, start=date(2023, 2, 1), end=date(2024, 10, 1), cancelled=True)
    d.stream("business", _STREAMS[7], 1_199, start=date(2024, 3, 1), trial=-100)
    d.regular("business", "card", "DOMAINFACTORY", -7_140, monthly(22, every=12, begin=2), "yearly", lag=1)
    d.regular(
        "private",
        "debit",
        "KUENSTLERSOZIALKASSE",
        -31_200,
        monthly(5),
        "monthly",
        rises={date(2024, 1, 1): -33_870},
    )
    d.regular("private", "order", t.landlord, -89_000, monthly(3), "monthly")
    d.regular(
        "private",
        "debit",
        t.power,
        -7_200,
        monthly(15),
        "monthly",
        rises={date(2023, 2, 1): -9_800, date(2024, 2, 1): -8_500},
    )
    d.bounced(d.regular("private", "debit", t.internet, -3_495, monthly(19), "monthly"))
    d.stream("private", _STREAMS[1], 1_099, pause=(date(2023, 6, 28), date(2024, 3, 1)))
    d.regular(
        "private",
        "card",
        "GEMUESEKISTE",
        -2_650,
        weekly(3, every=2),
        "every two weeks",
        lag=1,
        start=date(2023, 3, 1),
    )
    for _ in range(30):
        d.moved("business", "private", d.day(), r.randint(500, 2400) * 100 + r.randint(1, 99), 1)
    eat = d.everyday("private", t.groceries[0], 3_300, 1.7)
    d.everyday("private", t.eating[2], 920, 2.2)
    office = d.everyday("business", t.shops[0], 8_800, 0.35)
    travel = d.everyday("business", "DB FERNVERKEHR" if language is GERMAN else "TRAINLINE", 5_900, 0.5)
    d.same_price("private", "card", t.hairdresser, 4_200, 30, 90)
    d.doubled(travel, 2)
    d.outliers(eat, 2)
    d.refunded(office, 3)
    d.refunded(travel, 3)
    d.coincidences("private", "business", 2)
    d.fees("business", t.account_fee, 1_290, monthly(30), "monthly")
    d.interest("business", monthly(31, every=3, begin=2), low=150, high=2_400, paid=True)
    d.abroad("business", 4)
    d.new_places("private", 2)
    return d.done(missing={"private": 1})


def pensioner(language: Language, seed: int) -> Life:
    d = Diary("pensioner", language, seed, currencies={"main": "EUR", "deposit": "EUR"})
    r, t = d.random, language
    d.regular("main", "{who} {purpose} {ref}", t.pension, r.randint(1250, 1900) * 100, monthly(30), "monthly",
              salary=True, rises={date(2023, 7, 1): 168_400, date(2024, 7, 1): 176_100},
              purpose=lambda day: t.months[day.month - 1])  # fmt: skip
    d.facts.series[-1].asked = False
    d.regular("main", "order", t.landlord, -64_000, monthly(2), "monthly", rises={date(2024, 4, 1): -66_500})
    d.regular("main", "debit", t.power, -5_900, monthly(12), "monthly", varies=0.25)
    d.regular("main", "debit", t.water, -4_800, monthly(15, every=2, begin=1), "every two months", varies=0.1)
    d.regular(
        "main",
        "debit",
        t.paper,
        -4_290,
        monthly(4),
        "monthly",
        rises={date(2023, 1, 1): -4_490, date(2024, 1, 1): -4_790, date(2025, 1, 1): -4_990},
    )
    d.regular(
        "main", "debit", t.insurer, -8_745, monthly(1, every=3), "quarterly", rises={date(2024, 1, 1): -9_380}
    )
    d.regular("main", "debit", t.charity, -6_000, monthly(1, every=12, begin=5), "yearly")
    d.regular("main", "order", t.people[1], -5_000, monthly(1), "monthly", start=date(2022, 10, 1))
    d.regular("main", "debit", t.phone, -1_995, monthly(21), "monthly", missed=1)
    market = d.everyday("main", t.groceries[1], 2_700, 2.1)
    drugs = d.everyday("main", t.pharmacy, 1_750, 0.7)
    d.everyday("main", t.eating[2], 850, 1.3)
    home = d.everyday("main", t.shops[4], 3_600, 0.4)
    d.same_price("main", t.cash, "cash", 20_000, 9, 19)
    d.same_price("main", "card", t.hairdresser, 2_600, 30, 70)
    d.doubled(drugs, 1)
    d.doubled(market, 1)
    d.outliers(drugs, 2)
    d.refunded(home, 4)
    d.saving("main", "deposit", 15_000, 5)
    d.fees("main", t.account_fee, 1_470, monthly(31, every=3, begin=2), "quarterly")
    d.interest("deposit", monthly(31, every=12, begin=5), low=9_000, high=22_000)
    d.new_places("main", 2)
    return d.done(overlapping=("main",))


def couple(language: Language, seed: int) -> Life:
    d = Diary(
        "couple in two currencies",
        language,
        seed,
        currencies={"pounds": "GBP", "pot": "GBP", "euros": "EUR", "card": "EUR"},
    )
    r, t = d.random, language
    d.wage(
        "pounds",
        "BRIGHTON COLLEGE",
        r.randint(2300, 3100) * 100,
        day=25,
        thirteenth=False,
        raises={date(2023, 9, 1): 291_400},
    )
    d.wage(
        "euros",
        t.employers[2],
        r.randint(2000, 2900) * 100,
        day=27,
        thirteenth=True,
        raises={date(2024, 1, 1): 274_800},
    )
    d.regular("pounds", "STANDING ORDER {who}", "SEAVIEW PROPERTIES", -98_000, monthly(1), "monthly")
    d.regular(
        "pounds",
        "DIRECT DEBIT {who} REF {ref}",
        "OCTOPUS ENERGY",
        -13_600,
        monthly(7),
        "monthly",
        rises={date(2023, 10, 1): -15_200},
    )
    d.regular(
        "pounds",
        "DIRECT DEBIT {who} REF {ref}",
        "COUNCIL TAX BHCC",
        -18_700,
        monthly(1),
        "monthly",
        varies=0.02,
    )
    d.regular("euros", "debit", t.phone, -1_999, monthly(9), "monthly", rises={date(2024, 5, 1): -2_299})
    d.regular("euros", "debit", t.car_insurer, -41_250, monthly(3, every=12, begin=3), "yearly")
    d.regular("euros", "debit", t.gym, -2_999, monthly(2), "monthly", end=date(2024, 12, 5), cancelled=True)
    d.stream("card", _STREAMS[0], 1_349, rises={date(2024, 10, 1): -1_499})
    d.stream(
        "card", _STREAMS[6], 2_999, start=date(2023, 8, 1), trial=-199, end=date(2024, 11, 1), cancelled=True
    )
    d.stream("card", _STREAMS[4], 299)
    shop = d.everyday("card", t.groceries[0], 4_700, 1.2)
    tesco = d.everyday("pounds", "TESCO EXPRESS", 2_900, 1.6)
    d.everyday("card", t.eating[1], 3_900, 0.8)
    wear = d.everyday("card", t.shops[2], 6_400, 0.5)
    d.same_price("pounds", "CARD PAYMENT TO {who} {town}", "SOUTHERN RAIL", 1_840, 4, 20)
    for when in monthly(18):  # the card is paid from the account, each time what is owed
        d.moved("euros", "card", working(when), r.randint(18_000, 74_000), 1)
    saved = [d.moved("pounds", "pot", working(when), 20_000) for when in monthly(26)]
    d.facts.series += [Series("monthly", [pair[side] for pair in saved]) for side in (0, 1)]
    for pair in d.facts.transfers:
        if pair[0].account == "euros":
            d.facts.either += list(pair)
    d.doubled(wear, 2)
    d.doubled(tesco, 1)
    d.outliers(shop, 2)
    d.outliers(tesco, 1)
    d.refunded(wear, 4)
    d.fees("card", t.card_fee, 3_900, monthly(16, every=12, begin=1), "yearly")
    d.interest("pot", monthly(30), low=150, high=700)
    d.abroad("card", 3)
    d.new_places("card", 2)
    return d.done(missing={"card": 1})


def shop(language: Language, seed: int) -> Life:
    d = Diary("small shop", language, seed, currencies={"till": "EUR", "reserve": "EUR"})
    r, t = d.random, language
    day = FIRST
    while (day := day + timedelta(1)) <= LAST:  # what the card terminal pays out
        if day == working(day):
            d.row(
                "till",
                day,
                r.randint(180, 1400) * 100 + r.randint(0, 99),
                "credit",
                "SUMUP PAYMENTS",
                f"PAYOUT {day.isoformat()}",
            )
    d.regular(
        "till", "order", t.landlord, -165_000, monthly(1), "monthly", rises={date(2024, 1, 1): -171_600}
    )
    for name, cents in zip(t.people[:2], (164_000, 98_000), strict=True):
        d.regular(
            "till",
            "order",
            name,
            -cents,
            monthly(28),
            "monthly",
            varies=0.05,
            purpose=lambda day: f"{t.salary} {day.month}/{day.year}",
        )
    d.regular("till", "debit", t.tax, -152_000, monthly(10), "monthly", varies=0.3)
    d.regular("till", "debit", t.power, -28_800, monthly(15), "monthly", varies=0.2)
    d.regular("till", "debit", t.internet, -4_990, monthly(19), "monthly")
    d.regular(
        "till",
        "debit",
        t.insurer,
        -61_400,
        monthly(2, every=6),
        "every six months",
        rises={date(2024, 7, 1): -64_900},
    )
    d.regular("till", "debit", "CLEANCO SERVICES", -9_520, weekly(4), "weekly")
    d.stream("till", "LIGHTSPEED POS", 6_900, rises={date(2024, 3, 1): -7_900})
    d.stream("till", "MAILCHIMP", 1_350, start=date(2023, 4, 1), end=date(2024, 8, 20), cancelled=True)
    d.regular(
        "till",
        "debit",
        "FUNDING CIRCLE LOAN",
        -42_310,
        monthly(20),
        "monthly",
        end=date(2024, 10, 25),
        cancelled=True,
    )
    wholesale = d.everyday("till", t.wholesalers[0], 38_000, 1.6, spread=0.5)
    d.everyday("till", t.wholesalers[1], 21_000, 0.8, spread=0.5)
    post = d.everyday("till", "DHL PAKET" if language is GERMAN else "UPS", 1_900, 1.0)
    d.everyday("till", t.fuel, 7_000, 0.7, spread=0.2)
    d.doubled(wholesale, 2)
    d.outliers(post, 2)
    d.refunded(wholesale, 5)
    for _ in range(14):
        d.moved("till", "reserve", d.day(), r.randint(10, 60) * 10_000 + r.randint(1, 99), 1)
    d.coincidences("till", "reserve", 1)
    d.fees("till", t.account_fee, 2_200, monthly(31), "monthly")
    d.interest("till", monthly(31, every=3, begin=2), low=300, high=4_000, paid=True)
    d.new_places("till", 2)
    return d.done(missing={"till": 1}, overlapping=("till",))


KINDS = (student, family, freelancer, pensioner, couple, shop)


def lives(seeds: range) -> Iterator[Life]:
    """Each kind of household in one language a seed; four seeds tell all of them in all."""
    for seed in seeds:
        for number, kind in enumerate(KINDS):
            yield kind(LANGUAGES[(seed + number) % len(LANGUAGES)], seed)
