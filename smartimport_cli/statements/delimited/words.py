"""What banks call things, in their languages: columns, marks of direction, totals, states, months.

Everything here is matched against `normal` text: lower case, without accents and punctuation.
"""

# ruff: noqa: E501, ISC004 - these are word lists

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_SPECIAL = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_OTHER = re.compile(r"[^\w]+|_+")


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """`text` in lower case without accents, with single blanks for everything that is no letter or digit."""
    if text.isascii():
        return _OTHER.sub(" ", text.lower()).strip()
    text = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return _OTHER.sub(" ", unicodedata.normalize("NFC", text)).strip()


# Roles of columns by their names. The first pattern that is found decides; content has the last word.
# `\b` does not work between two Chinese characters, so those words stand without.
_OWNERS = (
    r"gegen|tegen|counter|contra|benef|payee|recipient|receiver|sender|remitter|对方|相手|proti|partner|destin"
    r"|empf|zahlungspfl|contrepart|ordenante|ordinante|begunst|motpart|modpart|mottak|modtag|odbiorc|nadawc"
    r"|kontrah|other|from|to account|対手|收款|付款人|third party|drugiej|lathatar|ellen|saaja|maksaja|^fra\b|^til\b|^fran\b|^van\b|^naar\b|^von\b"
)
_ACCOUNTS = (
    r"account|accnt|acct|konto|kto|iban|bic|swift|rekening|compte|cuenta|conto|uctu|ucet|szamla|hesap"
    r"|conta\b|rachun|tili|账号|卡号|账户|口座|帐号|賬號|bank|blz|sort code|rib\b"
)
ROLES: tuple[tuple[str, str], ...] = (
    ("debit", r"^amounts? (deducted|taken)\b"),
    ("credit", r"^amounts? added\b"),
    ("other", rf"({_OWNERS}).*({_ACCOUNTS})|({_ACCOUNTS}).*({_OWNERS})(?!.*auftraggeberkonto)"),
    ("other", r"exchange|wechsel|umrechn|\bkurs|\brate\b|taux|cambio|tipo de camb|wisselkoers|kurz|^курс|汇率|after exchange"),
    ("other", r"balance impact|time zone|timezone|zeitzone|^(no|nr|n|序号|#|lp|id|番号)$|^row\b|line number"),
    ("other", r"bank ?leitzahl|^blz|^bic\b|swift|sort code|^country|^land$|mandat|glaubiger|creditor id|kundenref.*|"
              r"customer id|zip|adress|email|phone|quantity|sales tax|\btax\b|\bvat\b|\btva\b|\biva\b|кэшбэк|кешбек|points|cashback"),
    ("other_money", r"original|originalt|foreign|fremd|ursprung|oorspr|instr\w* am|utland|valutabel|importe (en )?divisa|montant (en |d )?(devise|origine)|puvodn|povodn|\borig|\bfx\b|transfer amount|eredeti"
                    r"|local amount|transaction currency amount|billing|source amount|target amount|в валюте операции|w walucie (operacji|transakcji)|v mene transak|原币|交易地金额"),
    ("fee", r"^(total )?(fees?|commissions?|gebuhr\w*|frais|poplat\w*|kosten|oplata|comision\w*|provisi\w*|tarifa"
            r"|(conversion|transaction|service|foreign|fx) ?(charge|fee)s?|fee amount|entgelt\w*|手续费|手数料|комисси\w*|commissione|avgift|gebyr)( \w{3}| amount)?$|fees? amount|手数料$|手续费$|сума комісіи|комісія"),
    ("direction", r"debit (or|/|and)? ?credit$|credit debit|debit credit|soll haben|haben soll|af bij|\bbij af|"
                  r"^(s h|h s|d c|c d|d k|k d|d h|h d|wn ma|ma wn|md d|b d|d p|b a|no co|χ π|д к|дт кт|dc|cd|cr dr|dr cr|sign|signo|znak|sens|debe haber|direction|indicator)$|"
                  r"debet credit|credit debet|debet\w* (or )?kredit|deebet kreedit|cr ?dr|dr ?cr|"
                  r"debit ?credit ?(mark|indicator|flag)|kennzeichen|借贷|收 支|收支$|收入 支出|入出金区分|\bd c\b|in out|segno|cargo abono|abono cargo|προσημο|borc alacak|duguje potrazuje|breme dobro"),
    ("before", r"(start|begin|opening|before|voor|avant|vor ).*(balance|saldo|solde|bal)|(balance|saldo|solde|bal).*"
               r"(before|voor|avant)|beginsaldo|startsaldo"),
    ("balance", r"balance|\bbal\b|\bbaki\b|saldo|solde|kontostand|bakiye|stan (konta|rachun|po)|zustat|zostat|egyenleg|\bsald\b|\bsold\b"
                r"|余额|残高|現在 ?(貸付 ?)?高|差引|餘額|結餘|结余|잔액|saldi|luottoraja|остаток|υπολοιπο|runningbal|jaak\b|likutis|atlikums|залишок|салдо|^disponible$|^stanje|^stada$|יתרה|الرصيد|so du\b|คงเหล อ"),
    ("credit_date", r"^$a"),
    ("date", r"date|datum|data\b|fecha|fetxa|dato\b|dag\b|dzien|(?<!ut)tag\b|day\b|日期|日付|日$|取引日|年月日|時間|时间|tarih|datums"
             r"|kuupaev|paiva\b|valuta\b|valuut|wertstell|valor ?datum|valeur|wert\b|posted$|posting|^booked|^bokford$|^bokfort$|^(ge|ver)bucht am|^geboekt|^bogfort$|"
             r"buchungstag|\bpvm\b|^arvop|completed|started|ημερομηνια|дата|날짜|거래일|거래일시|תאריך|التاريخ|ngay\b|ว นท|tanggal|tarikh|dagsetning|^dateop|^buchung$|timestamp|created|finished|cas transakc|datetime"),
    ("currency", r"currency|\bccy\b|\bcurr\b|wahrung|waehrung|devise\b|divisa|moneda|moeda|valuta|valuuta|waluta|mena\b|menu\b"
                 r"|penznem|doviz|币种|币别|货币|通貨|幣別|munt\b|monn|valiut|waers|wahrg|muntsoort|валюта|devizanem|währ"),
    ("amount", r"入出金(?!区分|内容)|cash ?flow|^geldeingang ausgang"),
    ("debit", r"debit|withdraw|paid out|money out|lastschrift|\bsoll\b|belast|sortie|cargo|\bdebe\b|\bdebet|addebit|uscit"
              r"|\bdare\b|saida|uttag|uttak|\bud\b|ut fra|ut av|^ut$|obciaz|vydaj|vyber|支出|出金|引出|支払|借方|spent|expens"
              r"|ausgang|ausgab|^out$|^out \w{3}$|(funds|amount|payments?|transfers?) out|^dr$|^dr am|списан|depense|kifizet|terhel|giden|\bborc|isplat|\bbreme\b|duguje|дебит|дебет|разход|видат|витрат|списання|חובה|مدين|ghi no|ถอน|찾으신|rashod|\baf\b|afschr(?!iftn)|uitgav|retiro|gasto|egreso"
              r"|deebet|debiet|uttekt|haevet|\botto\b|carrec|pagos?\b|^paid$|转出|付出|кредиторск|расход|χρεωση|출금|charges?$|outflow|outgoing|wyplat|prelev|debited"),
    ("credit", r"credit|deposit|paid in|money in|gutschrift|\bhaben\b|entree|abono|\bhaber\b|accredit|entrat|\bavere"
               r"|entrada|insatt|insatt|\bind\b|inn pa|inn til|^inn$|uznan|prijem|vklad|收入|入金|預入|预入|預り|預か|預け|お預り|贷方|貸方|存入"
               r"|received|eingang|einnahm|^in$|^in \w{3}$|(funds|amount|payments?|transfers?) in$|^cr$|^cr am|داين|зачислен|recette|befizet|jovair|gelen|alacak|uplat|\bdobro\b|potrazuje|кредит$|надход|приход|прихід|зарахув|זכות|دائن|ghi co|ฝาก|맡기신|\bbij\b|bijschr|inkomst|ingreso"
               r"|\bkredit(s|as|i|y)?\b|kreedit|krediet|innborgun|innskudd|indsat|\bpano\b|abonament|income|转入|приход|πιστωση|입금|inflow|incoming|wplyw|wplat|versement|credited|lodg"),
    ("amount", r"amount|\bamt\b|betrag|umsatz(?!art|typ|zeit|text)|montant|importe|importo|\bvalor\b|valore|bedrag|kwota|castka|ciastka"
               r"|suma\b|summa|belop|belob|tutar|osszeg|金额|金額|\bgross\b|\bnet\b|\bvalue\b|\bsum\b|\bbrutto|\bnetto"
               r"|wartosc|сумма|ποσο|금액|cantidad|quantia|objem|miktar|somma|iznos|suma$|сума|סכום|المبلغ|so tien|จ านวนเง น|upphae|jumlah|nominal|transaction value|monto|bedr|\bmaara\b"),
    ("category", r"categor|kategor|rubrik|rubrique|категор|分类|類別|subcategor|cathegor"),
    ("status", r"status|\bstate\b|statut|stato\b|estado|stav\b|статус|交易状态|当前状态|状态|tila$|\bcleared\b|situacao|situacion|\bdurum|allapot"
               r"|busena|\bolek\b|\bstare\b|κατασταση|الحالة|סטטוס|trang thai|状態|상태"),
    ("reference", r"transaction (id|no|number|ref\w*)|trans id|transactionid|\bref(erence)?( (no|number|id|code))?$"
                  r"|referenz$|buchungsreferenz|referencia|referencja|referens|reference numb|bank ref|fit ?id|"
                  r"id transak|id operac|archiv|arkivref|cislo transak|流水号|交易单号|交易订单号|交易号|日志号|日 志 号|transfer ?wise id|"
                  r"transactiereferentie|volgnr|numer transak|identifier|unique|trans(action)?s? ?nummer|\btrn\b|dekont"),
    ("payee", r"name\b|payee|merchant|empfa?e?ng|auftraggeb|begu?e?nst|benef|zahlungspfl|counterpart|partner|partij|naam"
              r"|tegen|destinat|ordin|kontrah|odbiorc|nadawc|protistran|对方|对手|相手|商户|mottak|modtag|saaja|maksaja"
              r"|empresa|tiers|ordenante|proti|counter ?part|receiver|sender|recipient|third party|vendor|store|商家|contrepart"),
    ("description", r"descr|detail|libell|concept|purpose|verwendung|vwz|buchungstext|memo|narrat|particul|text\b|texto"
                    r"|omschr|medede|opis|tytul|popis|zprav|message|meddel|poznam|note|remark|comment|beschr|mitteil"
                    r"|mededel|bezeich|aviser|motif|causale|historico|lancament|movimient|descri|摘要|附言|说明|描述|备注|"
                    r"交易名称|商品|内容|お取引|取引内容|aciklama|kozlem|kozl|megjegyz|selit|viesti|rakstur|communicat|"
                    r"explan|label|tittel|titulo|title\b|ekster|naziv|назначение|описание|деталі|основание|תיאור|פעולה|البيان|الوصف|dien giai|mo ta|รายการ|keterangan|skyring|paaiskin|informacij|selgit|apraks|описание|περιγραφη|적요|거래내용|transaction$|tekst|specific|reason"),
    ("kind", r"type|\btyp\b|art\b|umsatzart|tipo|typ transak|rodzaj|mutatie|交易类型|code|kod\b|channel|渠道|nature|kind|"
             r"取引区分|operation|operacion|operacao|operacja"),
    ("account", rf"({_ACCOUNTS})|card (no|number)|karten|^card$|tarjeta|carte$|first bank card|借记卡"),
)  # fmt: skip
_ROLES = tuple((role, re.compile(pattern)) for role, pattern in ROLES)
_CREDIT = [pattern for role, pattern in _ROLES if role == "credit"]
# Which of several columns of one role is the one of the booking.
_BOOKED = re.compile(
    r"book|boek|buch|post|entered|account(ed|ing)|clear|settl|konto|compt|contab|zauct|zauct|uctov|ksieg|bokfor|记账|入账|invoerd"
    r"|^run date|kirj|\blanc|registr|konyvel|completed|обработ|платеж|^дата списан|провод|картки|bogf|regist|processing|process"
)
_SECOND = re.compile(
    r"value|valu|walut|valeur|wert|valor|起息|effective|created|started|interest|rente|zinsd|purchase|due\b|auth|original"
    r"|presentment|customer facing|verfall|falligk|rentedat|execut|валютир|валютув|вальор|nilai|hieu luc|efektif|ערך|القيمة|مفعول|มีผล|起算|기산|vaxta|arvop|waarde|vertes|валюті операц|совершен"
)
_MAIN_AMOUNT = re.compile(
    r"^(amount|betrag|montant|importe|importo|bedrag|kwota|castka|belopp|belop|tutar)\b|\bnet\b|netto|חיוב|請求額"
)


@lru_cache(maxsize=4096)
def role_of(name: str) -> str | None:
    """What a column with this name holds, or None."""
    text = normal(name)
    if not text:
        return None
    for role, pattern in _ROLES:
        if pattern.search(text):
            return "amount" if role == "debit" and any(credit.search(text) for credit in _CREDIT) else role
    return None


def booked(name: str) -> int:
    """How much a name speaks of the booking: 2 it does, 1 plain, 0 of something else (value date, original)."""
    text = normal(name)
    return 2 if _BOOKED.search(text) else 0 if _SECOND.search(text) else 1


_IN_CENTS = re.compile(r"\b(cents?|pence|centimes|centavos|centimos|centesimi|minor( units?)?|grosze|копе\w+|oere|ore)\b")


def in_cents(name: str) -> bool:
    """Whether the name of a column says that its amounts are hundredths."""
    return bool(_IN_CENTS.search(normal(name)))


def main_amount(name: str) -> bool:
    return bool(_MAIN_AMOUNT.search(normal(name)))


# Marks of direction: True is money in.
_OUT = (
    "d dr db dt deb debit debet debito dbit debited af out s soll lastschrift belastung dare addebito cargo debe adeudo"
    " debe saida withdrawal uscita uit ut 借 支出 支 出 出金 借方 转出 sortie wychodzace obciazenie withdraw spent expense"
    " outgoing outflow withdrawals uttag ud 消费 取现 borc terheles minus 支取 retrait decaissement egreso gasto debits"
    " vydaj odchozi giden χ dbit debets deebet debetas debetinis kiadas rashod расход дебет rashodi isplata breme duguje"
    " дт видаток витрата списание χρεωση αναληψη חובה مدين ถอน wn md odliv"
)
_IN = (
    "c cr ct cre credit credited krediet kredit credito bij in h haben gutschrift avere accredito abono haber"
    " entrada deposit entrata 贷 收入 收 入 入金 貸方 贷方 转入 entree uznanie przychodzace received income incoming inflow"
    " deposits insattning ind 退款 退货 充值 alacak jovairas plus 存入 versement encaissement ingreso cred credits"
    " prijem prichozi gelen π crdt k kredits kreedit kreditas bevetel приход кредит prihod uplata dobro potrazuje"
    " кт надходження поступление зачисление πιστωση זכות دائن ฝาก priliv"
)
MARKS: dict[str, bool] = {
    **dict.fromkeys(map(normal, _OUT.split()), False), **dict.fromkeys(map(normal, _IN.split()), True),
    "money out": False, "paid out": False, "cash out": False, "money in": True, "paid in": True, "cash in": True,
}  # fmt: skip
# Marks that mean a direction beside each other: money out, money in. A Czech D is dal (in), a Slovene one dobro.
_PAIRS = tuple(
    tuple(pair.split())
    for pair in (
        "d c", "d k", "d h", "s h", "wn ma", "md d", "md dal", "ob uzn", "no co", "д к", "дт кт", "χ π", "ח ז",
        "b d", "d p", "b a", "v p", "w d", "r d", "t j", "д п",
    )
)  # fmt: skip
_ANYWHERE = 13  # of them; letters of the others can be kinds of payments where no heading speaks of direction
NEUTRAL = {"不计收支", "中性交易", "neutral", "memo", "其他", "none", "不計收支", ""}


Directions = tuple[frozenset[str], frozenset[str]]  # marks of money out and of money in, in normal form


@lru_cache(maxsize=4096)
def mark(cell: str, own: Directions | None = None) -> bool | None:
    """True for money in, False for money out, None where the cell is no mark. `+` and `-` are marks too; `own` are
    those of a column that has its own."""
    if len(cell) > 40:
        return None
    text = cell.strip()
    if text in ("+", "-", "−"):
        return text == "+"
    text = normal(text)
    if own and (text in own[0] or text in own[1]):
        return text in own[1]
    if text in MARKS:
        return MARKS[text]
    found = {MARKS.get(word) for word in text.split()}
    return found.pop() if len(found) == 1 else None


def pair_of_marks(heading: str, cells: Iterable[str]) -> Directions | None:
    """The mark of money out and that of money in, in normal form, of a column whose cells are nothing but these two, where only the
    two together, or the heading (`Cargo/Abono` over C and A), say which is which."""
    kinds = {normal(cell) for cell in cells}
    if not kinds or len(kinds) > 2:
        return None
    parts = normal(heading).split()
    for pair in _PAIRS if role_of(heading) == "direction" else _PAIRS[:_ANYWHERE]:
        if kinds == {*pair} or (kinds < {*pair} and {*parts} == {*pair}):
            return frozenset(pair[:1]), frozenset(pair[1:])
    if len(parts) == 2 and {MARKS.get(part) for part in parts} == {True, False}:
        out, into = sorted(parts, key=lambda part: MARKS[part])
        if kinds <= {out[0], into[0]} and out[0] != into[0]:
            return frozenset(out[0]), frozenset(into[0])
    return None


def neutral(cell: str) -> bool:
    """A direction column that says neither in nor out."""
    text = cell.strip()
    return normal(text) in NEUTRAL or text in ("/", "-", "--")


_TOTAL = re.compile(
    r"^(sub|grand |page )?tota(l|ls|le|lt|al|ux)\b|^(summe|gesamt\w*|suma\w*|sum|summa|somme|celkem|spolu|razem|yhteensa|yekun|toplam|"
    r"osszesen|合计|合計|总计|總計|小计|小計|totais|totales|apyvarta|kaive|apgrozijums|i alt|totaal|итого)\b"
)
_OPENING = re.compile(
    r"\b(open|last month s|opening|beginning|begin|previous|starting|start|initial|old|prior|alter|anfangs\w*|start|vortrag|"
    r"brought forward|b f|iniziale|inicial|anterior|initial|precedent|ancien|poczat\w*|pocat\w*|ingaende|alku\w*|"
    r"vorig|begin\w*|pradin\w*|sakum\w*|nyito|eroffnung\w*|anfang\w*|acilis|devreden)\b.{0,20}?\b(bal\w*|saldo\w*|solde|kontostand|sald|zustatek"
    r"|egyenleg|bakiye|likutis|atlikums)\b|"
    r"\b(bal\w*|saldo|solde|kontostand|zustatek)\b.{0,14}?\b(open\w*|brought forward|b f|b fwd|forward from|iniziale|inicial"
    r"|anterior|initial|precedent|am anfang|bf|poczatkow\w*|carried over|previous)\b"
    r"|^(anfangssaldo|anfangsbestand|eroffnungssaldo|beginsaldo|saldovortrag|ubertrag|期首残高|前期繰越|期初余额|上期余额|previous balance"
    r"|balance b f|likutis pradziai|algsaldo|openingbalance|ingaende saldo|balance forward|opening)$"
)
_TURNOVER = re.compile(r"^(apyvarta|apgrozijums|kaive|obroty|mutasi (debet|kredit))$")
_CLOSING = re.compile(
    r"\b(clos\w*|end|ending|final|current|new|neuer|ledger|end\w*|beigu|galutin\w*|schluss\w*|carried forward|c f|finale|finall|final|actual|"
    r"actuel|nouveau|koncow\w*|konecn\w*|utgaende|loppu\w*|eind\w*|zaro|aktueller|kapanis)\b.{0,20}?\b(bal\w*|saldo\w*|solde|"
    r"kontostand|sald|zustatek|egyenleg|bakiye|likutis|atlikums)\b|"
    r"\b(bal\w*|saldo|solde|zustatek)\b.{0,14}?\b(clos\w*|carried forward|c f|finale|final|contabil\w*|atual|koncow\w*|actual|at end)\b"
    r"|^(solde|saldo|kontostand|balance|solde du compte)\b( (au|al|am|a|on|at|as of|vom|per|op))?( \d[\d ]*)?$"
    r"|^(endsaldo|schlusssaldo|eindsaldo|期末残高|期末余额|本期余额|closingbalance|likutis pabaigai|loppsaldo|kontostand.*|solde au.*)$"
)
_STRICT = re.compile(r"^[\w ]{0,60}$")


def total_row(text: str) -> bool:
    """Whether a row says that it is a sum."""
    return bool(_TOTAL.search(normal(text))) or turnover(text)


def turnover(text: str) -> bool:
    """Whether a text is a bank's word for the sum of all rows one way, and nothing else (`Total` can be a shop)."""
    return bool(_TURNOVER.search(normal(text)))


# Somebody pays a balance: that is a row like any other.
_PAYS = re.compile(
    r"\b(payments?|paid|pays|payoff|transfer|collected|geincasseerd|incasso|betaling|betaald|verrekening|einzug|zahlung"
    r"|lastschrift|paiement|prelevement|pago|abono|pagamento|addebito|betalning|betaling|splata|platba)\b"
)


def pays(text: str) -> bool:
    """Whether words are those of a payment, even one of a balance."""
    return bool(_PAYS.search(normal(text)))


def balance_words(text: str) -> str | None:
    """`opening` or `closing` where `text` names such a balance, and little else."""
    words = normal(text)
    if len(words) > 70 or len(words.split()) > 9 or _PAYS.search(words):
        return None
    if _OPENING.search(words):
        return "opening"
    if _CLOSING.search(words) or words == "s a l d o":
        return "closing"
    return None


_OF_A_DAY = re.compile(
    r"^(saldo (do|del|al|em|no|di|diario|parcial|disponivel|per|op|am|pr)\b.{0,20}|daily (ledger )?balance|tagessaldo|dagsaldo"
    r"|solde (du jour|journalier|au .{0,20})|balance (as (of|at)|on) .{0,20}|kontostand (am|per|vom) .{0,20})$"
)


def balance_of_a_day(text: str) -> bool:
    """Whether a text is the name of some day's balance, and nothing else (a balance transfer is a transaction)."""
    return bool(_OF_A_DAY.search(normal(text)))


_SPEAKS_OF_BALANCE = re.compile(r"^(saldo|balance|solde|kontostand|zustatek|stan konta|余额|残高)\b")


def speaks_of_balance(text: str) -> bool:
    """Whether a line is about a balance, whatever the day."""
    return bool(_SPEAKS_OF_BALANCE.search(normal(text)))


_PENDING = re.compile(
    r"pending|^offen$|^venter$|afventer|^vantar|w realizacji|nierozlicz|ausstehend|vorgemerkt|vorlaufig|en attente|en cours|pendiente|pendente|in sospeso|non contabil|reserved"
    r"|reserver|authori[sz]ed|authori[sz]ation|on hold|\bhold\b|cekajic|oczekuj|bekleyen|nicht gebucht|not posted|unposted"
    r"|odottaa|ikke bokfort|voorlopig|in behandeling|函数|待入账|処理中|未確定|blokad|uncleared"
    r"|w trakcie|przetwarza|\bceka\b|zpracov|spracov|beklemede|isleniyor|in (verwerking|bearbeitung|elaborazione)|wird bearbeitet"
    r"|em processamento|processando|procesando|en proceso|\bprocessing|behandlas|kasitel|folyamatban|in (curs|asteptare)|u obradi"
    r"|в обработке|ожида|в обробці|очіку|на чекању|εκκρεμ|대기|처리중|보류|保留|menunggu|diproses|dang xu ly|cho xu ly|معلق|ממתין"
)
_NOT_DONE = re.compile(
    r"revert|not approved|declin|fail|cancel|reject|rejet|abgelehnt|storniert|annul|rechaz|rifiutat|denied|expired|void|odmitn|odrzuc"
    r"|zrusen|iptal|取消|失败|撤销|撤銷|冲正|已全额退款关闭|rueckruf|nicht ausgefuhrt|\brefus|geweigerd|estorn"
    r"|отклон|отмен|неуспеш|не (выполнен|исполнен)|відхилен|скасован|zamitnut|zamietnut|neproveden|nevykonan|reddedil|basarisiz"
    r"|elutasit|sikertelen|visszautas|avvisad|avvist|afvist|hylatty|peruttu|peruutettu|respins|esuat|odbijen|αποτυχ|απορριφ|ακυρω"
    r"|거절|취소|실패|不成立|ditolak|gagal|dibatalkan|that bai|tu choi|مرفوض|ملغ|נדח|בוטל"
)
_CLOSED = re.compile(r"交易关闭|closed")


_DONE = re.compile(r"gebucht|booked|posted|completed|settled|geboekt|bokfort|bogfort|bokford|comptabilise|contabil|zauct")


def tells_state(cell: str) -> bool:
    """Whether a cell says of its row that it is booked, or not yet."""
    return len(cell) < 40 and (bool(_DONE.search(normal(cell))) or state_of(cell) == "pending")


@lru_cache(maxsize=1024)
def state_of(cell: str) -> str:
    """`done`, `pending`, `not-done` or `closed`: what a status cell says of its row."""
    text = normal(cell)
    if _NOT_DONE.search(text):
        return "not-done"
    if _PENDING.search(text):
        return "pending"
    return "closed" if _CLOSED.search(text) else "done"


_STILL_TO_COME = re.compile(
    r"\b(future|scheduled|upcoming|futur\w*|programad[ao]s|agendad[ao]s|proxim[ao]s|geplant\w*|vorgemerkt\w*|kommande|kommende|tulevat"
    r"|toekomstig\w*|a venir|a vencer|in arrivo|nadchodz\w*|planowan\w*|budouci|буду\w*|предстоящ\w*|עתידיות|القادمة)\b"
)


_SPEAKS_OF_NONE = re.compile(
    r"\b(includ\w*|exclud\w*|inkl\w*|exkl\w*|enthalt\w*|inclu\w*|exclu\w*|compres\w*|inbegrepen)\b"
    r"|^(there are no|no|none|kein\w*|aucun\w*|sin|ningun\w*|nessun\w*|geen|inga|ingen|brak|zadn\w*|нет|nenhum\w*)\b"
)


def title_of_waiting(text: str) -> bool | None:
    """Whether a title says that the rows below it are not booked yet; None where a line is no title, or speaks of
    rows that are not there."""
    title = normal(text)
    if len(title) > 50 or len(title.split()) > 6 or not any(map(str.isalpha, title)) or _SPEAKS_OF_NONE.search(title):
        return None
    return bool(_PENDING.search(title) or _STILL_TO_COME.search(title))


# Months. Prefixes of three letters and more are understood where the languages do not disagree.
_MONTHS = """
january february march april may june july august september october november december
januar februar marz april mai juni juli august september oktober november dezember
janner feber maerz april mai juni juli august september oktober november dezember
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro
januari februari maart april mei juni juli augustus september oktober november december
stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia
styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien
ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince
leden unor brezen duben kveten cerven cervenec srpen zari rijen listopad prosinec
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november december
tammikuu helmikuu maaliskuu huhtikuu toukokuu kesakuu heinakuu elokuu syyskuu lokakuu marraskuu joulukuu
januar februar marcius aprilis majus junius julius augusztus szeptember oktober november december
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik
ιανουαριος φεβρουαριος μαρτιος απριλιος μαιος ιουνιος ιουλιος αυγουστος σεπτεμβριος οκτωβριος νοεμβριος δεκεμβριος
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
януари февруари март април май юни юли август септември октомври ноември декември
јануар фебруар март април мај јун јул август септембар октобар новембар децембар
januar februar mart april maj jun jul avgust septembar oktobar novembar decembar
januar februar marec april maj junij julij avgust september oktober november december
januar februar marec april maj jun jul august september oktober november december
jaanuar veebruar marts aprill mai juuni juuli august september oktoober november detsember
janvaris februaris marts aprilis maijs junijs julijs augusts septembris oktobris novembris decembris
sausio vasario kovo balandzio geguzes birzelio liepos rugpjucio rugsejo spalio lapkricio gruodzio
januarie februarie maart april mei junie julie augustus september oktober november desember
januari februari maret april mei juni juli agustus september oktober november desember
januari februari mac april mei jun julai ogos september oktober november disember
gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre
janner februar marz april mai juni juli august september oktober november dezember
ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου οκτωβριου νοεμβριου δεκεμβριου
ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر
"""


def _months() -> dict[str, int]:
    full: dict[str, int] = {
        "sept": 9,
        "mar": 3,
        "jui": 0,
        "mrz": 3,
        "mrt": 3,
        "mag": 5,
        "cze": 6,
        "lip": 7,
        "avr": 4,
    }
    prefixes: dict[str, set[int]] = {}
    for line in _MONTHS.strip().splitlines():
        for number, name in enumerate(line.split(), 1):
            full[normal(name)] = number
            for end in range(3, len(name)):
                prefixes.setdefault(normal(name)[:end], set()).add(number)
    found = {prefix: months.copy().pop() for prefix, months in prefixes.items() if len(months) == 1}
    return {name: number for name, number in {**found, **full}.items() if number}


MONTHS = _months()

# Languages whose people write the day first, told by words that English does not have.
_DAY_FIRST = re.compile(
    r"\b(datum|betrag|buchung\w*|umsatz|wertstell\w*|verwendungszweck|montant|libelle|operation|fecha|importe|concepto|saldo|valor"
    r"|data|datums|kuupaev|importo|descrizione|causale|valuta|bedrag|omschrijving|kwota|opis|castka|popis|dato|belop|belob|tekst|tutar"
    r"|aciklama|tarih|descricao|historico|descripcion|solde|debe|haber|soll|haben|gutschrift|lastschrift|devise|pvm"
    r"|paivamaara|summa|maara|rachun\w*|rekening|naam|tegenrekening|konto|data operacji|dare|avere|uscite|entrate|poznamka"
    r"|ucet|ημερομηνια|дата|сумма|lancamento|sort code|waehrung|belob|datoen)\b"
)
# Scripts, and words, of languages that write the day first, and not always a decimal comma.
_DAY_FIRST_TOO = re.compile(r"\b(tanggal|tarikh|dagsetning|ngay|saldo akhir|narration|chq\w*|postcode)\b|[\u0590-\u05ff\u0600-\u06ff\u0e00-\u0e7f]")
_YEAR_FIRST = re.compile(
    r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]|\b(osszeg|konyveles\w*|kozlemeny|egyenleg)\b"
)


_MONTH_FIRST = re.compile(r"\bzip( code)?\b|city state|\bcheck (or slip|number|no)\b")  # addresses and cheques in the United States


def date_order_of_language(names: list[str]) -> str | None:
    """`dmy`, `mdy` or `ymd` where the words of a header belong to languages or countries that write dates so; None for
    most English."""
    text = " ".join(map(normal, names))
    if _YEAR_FIRST.search(text):
        return "ymd"
    if _DAY_FIRST.search(text) or _DAY_FIRST_TOO.search(text):
        return "dmy"
    return "mdy" if _MONTH_FIRST.search(text) else None


_STATE = re.compile(
    r"[ ,](A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
    r"( USA?)?\s*$"
)


def ends_with_state(text: str) -> bool:
    """Whether a text ends with a state of the United States, as places of purchases do."""
    return bool(_STATE.search(text))


def date_order_of_script(texts: Iterable[str]) -> str | None:
    """`dmy` where some of these texts are in letters whose readers write the day first: Cyrillic, Greek, Hebrew, Arabic,
    Thai; None for all others."""
    day_first = re.compile(r"[\u0370-\u04ff\u0590-\u06ff\u0e00-\u0e7f]{3}")
    return "dmy" if any(day_first.search(text) for text in texts) else None


def decimal_of_language(names: list[str]) -> str | None:
    """`.` or `,` where the words of a header belong to languages of one decimal mark."""
    text = " ".join(map(normal, names))
    if re.search(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]", text):
        return "."
    return "," if _DAY_FIRST.search(text) and "sort code" not in text else None


# What shows the sign of a row by its words alone: True is money in.
_CREDIT_CARD = re.compile(
    r"credit ?card|kredit ?karte|carte de credit|carta di credito|tarjeta de credito|cartao de credito|kreditkort|luottokort"
    r"|karta kredytowa|karty kredytowej|kreditni karta|hitelkartya|кредитн\w* карт|信用卡|クレジット|カード明細|カード利用"
    r"|利用店名|利用金額|card ?member|cardholder|כרטיס אשראי|לכרטיס|סכום חיוב|신용카드|카드이용|이용금액|이용가맹점|kredi karti"
    r"|kreditna kartica|kreditne kartice|πιστωτικ\w* καρτ|บัตรเครดิต|the tin dung|kartu kredit|kad kredit|بطاقة (ال)?ائتمان"
)


def credit_card(texts: Sequence[str]) -> bool:
    """Whether texts around the rows speak of a credit card."""
    return any(_CREDIT_CARD.search(normal(text)) for text in texts)


_SURE_IN = re.compile(
    r"gracias por su pago|bedankt voor (uw|je) betaling|betalning mottagen|tack for (din|er) betalning|\bin[nd]betaling|maksu vastaanotettu"
    r"|splata karty|odemeniz icin tesekkur|pagamento efe(c)?tuado|入金ありかとう|ご入金|platba prijata|"
    r"pagamento (recebido|efetuado|on ?line)|pago recibido|paiement recu|zahlungseingang|betaling ontvangen|pagamento ricevuto|payment[^a-z]{0,3}(received|thank)|thank you|autopay|auto pay|automatic payment|payment received|salary|payroll"
    r"|\bwages?\b|\brefund|gehalt|\blohn\b|salaire|nomina\b|stipendio|salario|direct dep|deposit\b|remise cheque"
    r"|vir(ement)? recu|gutschrift|cash ?back(?! \d)|paiement.*merci|zahlung.*dank|interest paid|bonifico da|\bpix recebid"
    r"|退款|退货|退貨|返现|现金奖励|工资|代发|结息|給与|給料|급여|환불|зарплат|возврат|wynagrodz|zwrot\b|mzda\b|loon\b"
)
_SURE_OUT = re.compile(
    r"\bpurchase\b|\bwithdrawal\b|atm\b|\b(service|annual|late|maintenance|monthly|overdraft|account) fee|interest charge"
    r"|\brent\b|\bmiete\b|\bloyer\b|netflix|spotify|amazon|walmart|starbucks|uber\b|mcdonald|\bshell\b|paypal \*|costco"
    r"|carrefour|lidl|aldi\b|tesco|rewe\b|kartenzahlung|lastschrift|retrait|prlv|achat|compra\b|cargo\b|pagamento|grocer"
    r"|restaurant|coffee|cafe\b|pharmacy|supermarket|insurance|electric|subscription|\bpix enviad|netflix|apple com bill"
    r"|消费|缴费|取现|取款|分期|手续费|年费|電気|水道|покупк|оплата|снятие|zakup\b|wyplata z bankomatu|platba kartou|betaalautomaat|geldautomat"
)


_REPAYS = re.compile(r"还款|還款|返済|repayment|remboursement|ruckzahlung|rimborso carta|amortizacion")


def sign_of_words(description: str, card: bool = False) -> bool | None:
    """Whether these words belong to money in (True), out (False), or to neither for sure. What repays a credit card
    is money in on its own statement (`card`), and only there."""
    words = normal(description)
    if _SURE_IN.search(words) or (card and _REPAYS.search(words)):
        return True
    return False if _SURE_OUT.search(words) else None
