"""What the lines of a paper statement say: balances, totals, headings of sections, cards.

Everything is matched against `words.normal` text. Columns, months and marks are in `delimited.words`.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from smartimport_cli.statements.delimited.words import MARKS, MONTHS, balance_words, normal, pays, total_row

_BALANCE = (
    r"(?:bal(?:ance)?s?|saldo\w*|solde|kontostand|sald|zustatek|egyenleg|bakiye|stan konta|anfangsbestand|schlussbestand"
    r"|endbestand|(?:new|neuer?) (?:balance|saldo|kontostand)|balans|saldi|餘額|余额|残高)"
)
_HERE = re.compile(
    r"\b(?:(?:brought|carried) (?:forward|fwd|over|down)|b f|c f|b fwd|c fwd|forwarded|balance forward|ubertrag"
    r"|uebertrag|report a nouveau|a reporter|suma y sigue|suma anterior|saldo anterior pagina|riporto|a riportare"
    r"|transporteren|overgebracht|over te brengen|page total)\b"
    r"|^(?:transport|transporte|report|reporter)(?: \w+)?$"  # carried over, where a shop's name says nothing else
)
_OPENING = re.compile(
    rf"\b(?:open\w*|begin\w*|start\w*|previous|prior|last statement|initial|inicial|iniziale|anterior|precedente?|alter|alte"
    rf"|anfangs\w*|vorig\w*|oud|ancien|brought forward|vortrag|letzte[rns]?|ingaende|inngaende|forrige)\b.{{0,28}}\b{_BALANCE}\b"
    rf"|\b{_BALANCE}\b.{{0,24}}\b(?:open\w*|brought forward|b f|initial|inicial|iniziale|anterior|precedente?|previous"
    rf"|last statement|start|begin\w*|vortrag|debut|al inicio)\b"
    r"|\b(?:saldovortrag|anfangssaldo|anfangsbestand|beginsaldo|startsaldo|eroffnungssaldo|opening|last bill amount"
    r"|previous statement|fatura anterior|saldo da fatura anterior|solde precedent"
    r"|alkusaldo|primo saldo|onceki donem borcu|ingaende skuld)\b"
)
_CLOSING = re.compile(
    rf"\b(?:clos\w*|end|ending|final|new|neuer?|nieuw|nuevo|nuovo|novo|nouveau|current|actual|atual|attuale|finale|schluss\w*"
    rf"|eind\w*|utgaende|ultimo|aktuelle[rns]?|carried forward)\b.{{0,28}}\b{_BALANCE}\b"
    rf"|\b{_BALANCE}\b.{{0,24}}\b(?:clos\w*|final|finale|actual|atual|aktuell\w*|new|carried forward|c f|at end|end|fin)\b"
    r"|\b(?:endsaldo|schlusssaldo|schlussbestand|eindsaldo|endbestand|new balance|statement balance|total due"
    r"|total amount due|amount due"
    r"|neuer saldo|total da fatura|total a pagar|total dues|montant du|rechnungsbetrag"
    r"|loppusaldo|slutsaldo|donem borcu|utgaende skuld|monto facturado|total facturado)\b"
)
_PLAIN = re.compile(
    rf"^(?:(?:your|ihr|votre|su|il|account|total|accounting|ledger|daily|cleared|available|konto|contabile|contable"
    rf"|disponible)\W*){{0,3}}{_BALANCE}\b"
)
_NOT_THE_BALANCE = re.compile(
    r"\b(?:average|minimum|available|avail|durchschnitt\w*|limit|credit line|interest|apr|subject to"
    r"|points?|punkte|puntos|punti|pontos|puan|rewards|miles|transfer|transfers"
    r"|overdraft|verfugbar\w*|payment due|disponible|purchases? balance|rate)\b"
)
_WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonnabend"
    " sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo"
    " lunedi martedi mercoledi giovedi venerdi sabato domenica segunda terca quarta quinta sexta maandag dinsdag woensdag"
    " donderdag vrijdag zaterdag zondag poniedzialek wtorek sroda czwartek piatek sobota niedziela pondeli utery streda"
    " ctvrtek patek nedele mandag tirsdag onsdag torsdag fredag lordag sondag tisdag maanantai tiistai keskiviikko"
    " torstai perjantai lauantai sunnuntai pazartesi carsamba persembe cumartesi pazar".split()
)
_PAGES = frozenset(
    "auf von aus vom zum seite blatt page pages pagina pag side sida from to previous next balance de la da a al hoja folha"
    " nr no vorherige nachste eur".split()
)  # beside a sum that is carried over
_LONGEST = 12  # words of a label; longer lines are sentences

_FILLERS = (
    "and additions other the your of all y et und e de del der die das les des du & transactions transaction operations"
    " operaciones umsatze buchungen movimientos posted this period since last statement continued electronic account"
    " card cards atm paid to from total items activity detail details new adjustments standard bank in on en al el la"
    " les op cont current month foreign daily debit credit for"
).split()
_IN_HEADINGS = (
    "deposit deposits credits credit additions received receipts incoming income gutschrift gutschriften eingang eingange"
    " haben zahlungseingange versements entrees encaissements recettes abonos ingresos entradas entrada creditos"
    " panot uznania insattningar innskudd πιστωσεις prijmy accrediti entrate"
    " bijschrijvingen bijgeschreven bij inkomsten refunds interest_earned interest_paid money_in paid_in depositos"
)
_OUT_HEADINGS = (
    "withdrawal withdrawals debits checks cheques purchases purchase charges fees fee expenses spending outgoing disbursements"
    " belastungen belastung ausgange lastschriften lastschrift soll zahlungsausgange abbuchungen retraits sorties achats"
    " prelevements depenses cargos adeudos salidas gastos debitos compras addebiti uscite spese acquisti afschrijvingen"
    " afgeschreven af uitgaven"
    " saidas saida otot obciazenia uttag uttak χρεωσεις vydaje harcamalar"
    " advances subtractions money_out paid_out despesas saques pagamentos_efetuados interest_charged"
)  # fmt: skip
_HEADINGS = {**dict.fromkeys(_IN_HEADINGS.split(), True), **dict.fromkeys(_OUT_HEADINGS.split(), False)}
_PAIRS = re.compile(r"\b(interest (?:earned|paid|charged)|(?:money|paid) (?:in|out)|pagamentos efetuados)\b")

_EMPTY = re.compile(
    r"\b(?:no (?:account )?(?:transactions|activity|movements|entries)\b|keine (?:umsatze|buchungen|bewegungen)"
    r"|aucune? (?:operation|mouvement)"
    r"|sin movimientos|no (?:hay|se registran|presenta) movimientos|nessun (?:movimento|operazione)"
    r"|geen (?:transacties|mutaties|bewegingen)"
    r"|brak (?:operacji|transakcji)|(?:zadne|nebyly .{0,20}) pohyby|inga (?:transaktioner|handelser)"
    r"|ingen (?:transaksjoner|bevegelser|posteringer"
    r"|bevaegelser)|ei tapahtumia|sem (?:movimentos|movimentacao|lancamentos)|hareket bulunma)"
)
_COVERED = re.compile(r"(?:\d{4}[ -]?(?:\d\d)?[Xx*•]{2,4}|[Xx*•]{4}[ -]?[Xx*•]{4})[ -]?[Xx*•]{4}[ -]?\d{4}\b")
_NAMED_CARD = re.compile(
    r"\b(?:visa|master ?card|amex|american express|diners|tarjeta|carta|cartao|carte|karte|kart|kort|card)\b"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d\d ?[A-Z0-9]{4} ?[A-Z0-9]{4}")
_CARD = re.compile(
    r"credit card|card services|minimum (?:payment|amount) due|minimum payment|credit limit|kreditkarten?(?:abrechnung|konto)?\b"
    r"|carte de credit|tarjeta de credito|carta di credito|cartao de credito|\bfatura\b|payment due date|total amount due"
    r"|cardmember|card member|cardholder|creditcard|kredi karti|extracto de tarjeta|estratto conto carta"
)

_LOAN = re.compile(
    r"\b(?:mortgage|loan) (?:account|number|no|statement|servicing|balance|details)\b|\b(?:amount owed|principal balance)\b"
    r"|\b(?:outstanding|remaining|unpaid) principal\b"
)


@lru_cache(maxsize=8192)
def balance_kind(label: str) -> str | None:
    """What a label with one amount behind it speaks of: `opening`, `closing`, `here` (the balance at this
    place: carried over, or of a day), or None where it is no balance of the account."""
    text = re.sub(r"\d+", " ", normal(label))
    text = " ".join(text.split())
    if not text or len(text.split()) > _LONGEST or _NOT_THE_BALANCE.search(text):
        return None
    if _HERE.search(text) and (re.search(_BALANCE, text) or len(text.split()) <= 6):
        return "here"
    if _OPENING.search(text):
        return "opening"
    if _CLOSING.search(text):
        return "closing"
    if _PLAIN.search(text):
        return "here"
    return balance_words(text)


@lru_cache(maxsize=4096)
def bare_balance(label: str) -> bool:
    """Whether a label is the name of a balance, and nothing else but a code of digits: `000 Saldo Anterior`."""
    text = re.sub(r"\d+", " ", normal(label)).strip()
    return (len(text.split()) <= 2 and balance_words(text) is not None) or text == "s a l d o"


@lru_cache(maxsize=4096)
def moves_money(label: str) -> bool:
    """Whether the words of a balance are those of a row: `Übertrag` to another account, a balance that is paid."""
    text = re.sub(r"\d+", " ", normal(label))
    if pays(text):
        return True
    here = _HERE.search(text)
    rest = _HERE.sub(" ", text).split() if here and not re.search(_BALANCE, text) else []
    return any(word not in _PAGES for word in rest)


@lru_cache(maxsize=8192)
def total_kind(label: str) -> bool | None:
    """Whether a label names the sum of money in (True) or out (False); None for others."""
    text = normal(label)
    if not text or len(text.split()) > 8 or balance_kind(label):
        return None
    return heading_sign(label)


_NOT_BOOKED = re.compile(
    r"(?:your )?(?:pending|reverted|declined|unposted|upcoming|scheduled)\b"
    r"(?: (?:transactions|payments|items|activity|debits|credits|charges|holds|from)\b|$)"
)


_BOOKED = re.compile(
    r"(?:(?:your|all|account|recent|posted|completed|booked|settled|cleared) )*(?:transactions?|activity)\b"
    r"|(?:posted|completed|booked|settled)\b"
)


def booked(heading: str) -> bool | None:
    """Whether the rows below a heading of these words are booked (True), or pending or taken back (False)."""
    text = normal(heading)
    if len(text.split()) > 9:
        return None
    if _NOT_BOOKED.match(text):
        return False
    return True if _BOOKED.match(text) or heading_sign(heading) is not None else None


def is_due(label: str) -> bool:
    """Whether a label is that of the day by which a card's bill is to be paid."""
    return bool(re.search(r"\b(?:due date|payment due|pay by)\b", normal(label)))


_RATES = re.compile(
    r"\b(?:AER|APR|EAR|APY)\b|(?:[Gg]ross|[Nn]et|[Rr]ate|[Ii]nterest)\W*%|[Rr]ates?\b.*(?:p\.?a\b|year)|[Bb]alance tier"
)


def is_rate(label: str) -> bool:
    """Whether a column of this name holds rates of interest."""
    return bool(_RATES.search(label))


def overdrawn(label: str) -> bool:
    """Whether a balance's label says that it is below zero."""
    return bool(
        re.search(
            r"\b(debiteur|debitore|deudor|devedor|overdrawn|sollsaldo|saldo zu ihren lasten|skuld|gald|borcu|debt|divida|deuda"
            r"|adeudad[oa]|adeudo|openstaande schuld)\b",
            normal(label),
        )
    )


def is_total(label: str) -> bool:
    """Whether a line says that it is a sum of others."""
    text = normal(label)
    return total_row(text) or bool(re.match(r"(sub ?)?total\w*\b|net (change|movement)|gesamt|somme|.*\btoplami?$", text))


@lru_cache(maxsize=8192)
def heading_sign(line: str) -> bool | None:
    """Whether the rows below a heading of these words are money in (True) or out (False)."""
    text = _PAIRS.sub(lambda m: m[0].replace(" ", "_"), normal(line))
    found = text.split()
    if not found or len(found) > 7:
        return None
    signs = [_HEADINGS[word] for word in found if word in _HEADINGS]
    if found[-1] == "payments" and found[0] in ("electronic", "bill", "ach", "online") and len(found) < 4:
        return False
    if found[0] in ("payment", "payments", "zahlungen", "paiements", "pagos", "pagamenti", "pagamentos"):
        if True in signs or len(found) == 1 or "received" in found:
            return None if False in signs else True
        return False if False in signs else None
    others = [word for word in found if word not in _HEADINGS and word not in _FILLERS]
    if not signs or len(others) > 1 or len(set(signs)) > 1:
        return None
    return signs[0]


def says_empty(line: str) -> bool:
    """Whether a line says that the statement has no transactions."""
    return bool(_EMPTY.search(normal(line)))


def is_heading(line: str) -> bool:
    """Whether a line could be a heading: a few words in capitals or with a heading's words."""
    return heading_sign(line) is not None


@lru_cache(maxsize=4096)
def names_day(word: str) -> bool:
    """Whether a word is the name of a month or of a day of the week."""
    text = normal(word)
    return text in MONTHS or text in _WEEKDAYS or any(part in MONTHS for part in text.split())


@lru_cache(maxsize=4096)
def direction(word: str) -> bool | None:
    """True where a short mark beside an amount says money in (CR, H, Bij, +), False for money out."""
    if word in ("+", "-", "−", "–", "—"):
        return word == "+"
    if word in ("(A)", "(B)"):  # alacak and borç
        return word == "(A)"
    text = normal(word)
    if text in ("od", "o d"):  # overdrawn
        return False
    return MARKS.get(text) if len(text) <= 6 else None


def speaks_of_cards(text: str) -> bool:
    """Whether a statement's words are those of a credit card."""
    return bool(_CARD.search(normal(text)))


def of_a_card(lead: Sequence[str]) -> bool:
    """Whether the lines above the rows name a card by its covered number (`Visa 4581 XXXX XXXX 1234`), and no
    account that it belongs to."""
    if any(_IBAN.search(line) for line in lead):
        return False
    return any(_COVERED.search(line) and _NAMED_CARD.search(normal(line)) for line in lead)


def speaks_of_a_loan(text: str) -> bool:
    """Whether what stands around the rows is of a loan: its balance is what is owed."""
    return bool(_LOAN.search(normal(text)))
