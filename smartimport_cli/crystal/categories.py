"""What a payment was for: the bank's own category, else the first rule whose word stands in the description.

The table is data: `Rules.from_toml` puts a user's words before ours. A word matches at the beginning of a word
of the description, without regard to case and accents ('café' finds 'CAFE NERO', not 'DECAFE').
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from smartimport_cli.core.errors import UsageError

TRANSFERS, INCOME, FEES, INTEREST, OTHER = "Transfers", "Income", "Fees", "Interest", "Other"

# Category -> words, in the languages of the statements we know. Earlier lines win over later ones.
_TABLE: dict[str, str] = {
    INTEREST: "interest; zinsen; habenzins; sollzins; interets; intereses; interessi; juros; rente; odsetki; 利息; 结息",
    FEES: (
        "fee; fees; service charge; monthly maintenance; overdraft; atm surcharge; foreign transaction; "
        "kontoführung; entgelt; gebühr; cotisation; frais; commission; comision; commissione; canone; imposta di bollo; "
        "tarifa; taxa; anuidade; kosten; bankkosten; opłata; prowizja; poplatek; avgift; gebyr; 手续费; 手数料"
    ),
    TRANSFERS: (
        "transfer to; transfer from; account transfer; online transfer; internal transfer; to savings; from savings; "
        "umbuchung; übertrag; virement interne; traspaso; giroconto; overboeking; przelew własny; "
        "credit card payment; payment received thank you; payment thank you; venmo cashout; 转账; 振替"
    ),
    INCOME: (
        "salary; payroll; wages; direct deposit; pension; dividend; gehalt; lohn; rente dt; bezüge; salaire; paie; "
        "nomina; stipendio; salario; salaris; loon; wynagrodzenie; mzda; lön; løn; 工资; 給与; 給料"
    ),
    "Housing": (
        "rent; mortgage; apartment; apartments; landlord; miete; hausverwaltung; loyer; hypotheque; alquiler; hipoteca; "
        "affitto; mutuo; aluguel; huur; hypotheek; czynsz; najem; hyra; husleje; 家賃"
    ),
    "Utilities": (
        "power; electric; electricity; energy; gas bill; water; sewer; utility; utilities; stadtwerke; strom; gaswerk; "
        "edf; engie; electricite; eau; luz; agua; enel; iberdrola; endesa; bolletta; energia; vattenfall; eneco; prad; "
        "elektrina; 电力; 電気; ガス; 水道"
    ),
    "Phone & internet": (
        "mobile; wireless; telecom; telekom; telekommunikation; vodafone; verizon; t-mobile; at&t; comcast; xfinity; "
        "internet; fiber; fibre; broadband; orange; sfr; bouygues; movistar; tim; o2; kpn; telia; telenor; fiberline; "
        "handy; mobilfunk; 通信; 携帯"
    ),
    "Groceries": (
        "grocery; groceries; supermarket; supermercado; supermarche; supermarkt; market; markt; whole foods; trader joe; "
        "kroger; safeway; aldi; lidl; rewe; edeka; kaufland; netto; penny; carrefour; auchan; leclerc; intermarche; "
        "mercadona; dia; conad; coop; esselunga; albert heijn; jumbo; tesco; sainsbury; asda; morrisons; waitrose; "
        "biedronka; billa; spar; migros; ica; rema; woolworths; coles; loblaws; walmart; costco; スーパー; 超市"
    ),
    "Dining": (
        "restaurant; cafe; coffee; bakery; bäckerei; boulangerie; pizza; pizzeria; burger; mcdonald; starbucks; subway; "
        "chipotle; kfc; sushi; taco; noodle; bar; pub; grill; diner; bistro; trattoria; ristorante; panaderia; "
        "uber eats; doordash; deliveroo; lieferando; just eat; grubhub; wolt; 餐; 食堂"
    ),
    "Transport": (
        "uber; lyft; taxi; bolt; metro; transit; train; railway; rail; bus; parking; fuel; petrol; gas station; shell; "
        "esso; bp; exxon; chevron; aral; total; repsol; tankstelle; deutsche bahn; db vertrieb; sncf; ratp; renfe; "
        "trenitalia; ns reizigers; toll; autoroute; tfl; 地铁; 鉄道; ガソリン"
    ),
    "Travel": (
        "airline; airlines; airways; lufthansa; ryanair; easyjet; klm; hotel; hostel; airbnb; booking.com; expedia; "
        "travel; flight; 旅行; ホテル"
    ),
    "Health": (
        "pharmacy; drugstore; doctor; dentist; dental; hospital; clinic; medical; apotheke; pharmacie; farmacia; "
        "apteka; lekarna; apotek; optician; gym; fitness; 病院; 薬"
    ),
    "Insurance": (
        "insurance; versicherung; assurance; seguro; assicurazione; verzekering; ubezpieczenie; allianz; axa; 保险; 保険"
    ),
    "Subscriptions": (
        "subscription; netflix; spotify; hulu; disney plus; disney+; youtube premium; apple.com/bill; itunes; audible; "
        "prime video; patreon; github; dropbox; icloud; adobe; abonnement; abo; suscripcion; abbonamento"
    ),
    "Shopping": (
        "amazon; amzn; ebay; ikea; zalando; target; best buy; home depot; depot; bookshop; bookstore; books; fnac; "
        "mediamarkt; saturn; h&m; zara; decathlon; etsy; aliexpress; taobao; jd.com; rakuten; store; shop"
    ),
    "Taxes": "tax; taxes; irs; hmrc; finanzamt; impots; dgfip; hacienda; agenzia entrate; belastingdienst; 税",
    "Cash": (
        "atm; cash withdrawal; withdrawal; geldautomat; bargeld; retrait dab; cajero; prelievo; geldopname; "
        "bankomat; 取款; 引出"
    ),
}  # fmt: skip


class Rules:
    """Which words make which category."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        self._categories = list(table)
        groups = []
        for number, words in enumerate(table.values()):
            choices = "|".join(
                re.escape(_folded(word)) for word in sorted(words, key=len, reverse=True) if word
            )
            if choices:
                groups.append((number, re.compile(rf"(?<![^\W_])(?:{choices})")))
        self._groups = groups

    @classmethod
    def standard(cls) -> "Rules":
        """The words that ship with the package."""
        return cls(_standard())

    @classmethod
    def from_toml(cls, text: str) -> "Rules":
        """A user's table before ours: `[categories]` with `Pets = ["petco", "vet"]`. A category of the same
        name gets more words. Raises UsageError `bad-rules`."""
        import tomllib

        try:
            table = tomllib.loads(text).get("categories", {})
            own = {str(name): [str(word) for word in words] for name, words in table.items()}
        except (tomllib.TOMLDecodeError, AttributeError, TypeError) as error:
            raise UsageError(
                "bad-rules", f"The table of categories cannot be read: {error}.",
                hint='Write [categories] and lines such as Pets = ["petco", "vet"].',
            ) from None  # fmt: skip
        ours = _standard()
        return cls(
            {**own, **{name: words for name, words in ours.items() if name not in own}, **_more(own, ours)}
        )

    def category(self, text: str, *, given: str | None = None, money_in: bool = False) -> str:
        """The category of a payment with this description; `given` is the bank's own and wins."""
        if given:
            return given
        folded = _folded(text)
        for number, pattern in self._groups:
            if pattern.search(folded):
                return self._categories[number]
        return INCOME if money_in else OTHER


def _more(own: Mapping[str, list[str]], ours: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: [*words, *ours[name]] for name, words in own.items() if name in ours}


def _standard() -> dict[str, Sequence[str]]:
    return {name: [word.strip() for word in words.split(";")] for name, words in _TABLE.items()}


def _folded(text: str) -> str:
    text = text.casefold()
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
