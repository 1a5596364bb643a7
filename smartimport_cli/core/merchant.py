"""The merchant in a bank's description: what is left without card, date, reference, and how it was paid.

    >>> merchant("CARD PURCHASE 02/03 SQ *BLUE BOTTLE #1234 OAKLAND CA")
    'Blue Bottle'

Every rule looks at the shape of numbers, never at their value. So descriptions that differ in digits only
have the same merchant, and it is worked out once for all of them.
"""

import re
from functools import lru_cache

_ZEROS = str.maketrans("123456789", "000000000")

# How it was paid, in the languages of the statements we know; only ever dropped from the beginning.
_PAID_HOW = """
(?:non[- ]?gbp\\s)?(?:recurring\\s|contactless\\s|debit\\s|visa\\s|mastercard\\s|online\\s|intl\\s)?
  (?:check\\s?card|card|crd|pos|eftpos|interac(?:\\sretail)?|idp|debit|credit|visa|mobile|internet)
  \\s(?:purchase|payment|pmt|debit|transaction|trans|withdrawal|sale)(?:\\s(?:to|at|from|authorized\\son))?
point\\sof\\ssale(?:\\s(?:debit|purchase|withdrawal))?
(?:recurring\\s)?(?:purchase|payment)\\sauthorized\\son
purchase(?:\\sat)?
contactless(?:\\spayment)?
(?:card\\s)?refund(?:\\sfrom|\\sto)?
unpaid\\s(?:direct\\sdebit|standing\\sorder)
vis(?=\\s(?!a\\s))|dd(?=\\s)|sto(?=\\s)|bgc(?=\\s)|faster\\spayment(?:\\s(?:to|from))?
checkcard
eftpos(?:\\swdl)?
pos
ach\\s(?:debit|credit)
(?:sepa\\s)?direct\\sdebit(?:\\sto)?
standing\\sorder(?:\\sto)?
(?:online\\s|faster\\s)?(?:bill\\s)?(?:payment|pmt|transfer)s?\\s(?:to|from|receipt)
bill\\spayment
(?:bank\\s|wire\\s|online\\s)?transfer\\s(?:to|from)(?=\\s+\\D)
pre-?authori[sz]ed\\s(?:debit|credit|payment)
(?:apple|google|samsung)\\spay(?=\\s)
visa(?:\\s?/\\s?dankort|\\sdebit|\\selectron|\\svarek(?:jøp|op|ob|øb))?
mastercard
maestro
(?:ec-?\\s?|girocard-?\\s?)?kartenzahlung(?:\\sgirocard)?(?:\\sbei)?
girocard
(?:sepa[- ])?(?:basis|folge|erst|einmal|firmen)?lastschrift(?:seinzug)?
(?:sepa[- ]|online[- ]|echtzeit[- ])?(?:ü|ue)berweisung(?:\\s(?:an|von))?
dauerauftrag
r(?:ü|ue)cklastschrift
gutschrift
(?:visa\\s)?debitkartenumsatz
kauf/dienstleistung(?:\\svom)?
zahlung\\s(?:an|bei)
(?:paiement|achat|facture|fact|retrait)\\s(?:par\\s)?(?:cb|carte|psc|sans\\scontact|internet)
cb
achat
(?:prlv|pr[ée]l[èe]vement)(?:\\s(?:sepa|europ[ée]en))?(?:\\sde)?
(?:rejet|retour)\\s(?:de\\s)?(?:prlv|pr[ée]l[èe]vement)
remboursement(?:\\sde)?
cr[ée]dit\\scarte
vir(?:ement)?(?:\\s(?:sepa|inst(?:antan(?:é|e))?|recu|reçu|permanent|europ(?:é|e)en))*(?:\\s(?:de|vers|pour|a|à)(?=\\s))?
(?:compra|pago)\\s(?:con\\s|en\\s|no\\s|com\\s|via\\s)?
  (?:tarjeta|tarj\\.?|internet|m(?:ó|o)vil|cart(?:ã|a)o|visa(?:\\selectron)?|d(?:é|e)bito|cr(?:é|e)dito)(?:\\sen)?
compra(?:\\sen)?
adeudo(?:\\srecibo|\\sde)?
(?:pago\\s|cargo\\s)?recibo(?:\\sde)?
(?:abono\\s)?devoluci(?:ó|o)n(?:\\s(?:de\\s)?(?:recibo|compra))?
abono(?:\\sde)?
orden\\spermanente
transferencia(?:\\speri(?:ó|o)dica)?\\s(?:a|de)(?:\\sfavor\\sde)?
pix\\s(?:-\\s)?(?:enviado|recebido|qrs)
pagamento\\s(?:tramite\\s)?(?:pos|carta|de\\sboleto|con\\scarta|efetuado)
(?:acquisto|operazione)\\s(?:pos|con\\scarta|carta)
addebito\\s(?:sdd|diretto|sepa)
bonifico(?:\\ssepa)?\\s(?:da|a\\sfavore\\sdi)
bea,?(?:\\sbetaalpas)?
betaalautomaat
pinbetaling
(?:sepa\\s)?incasso(?:\\salgemeen)?(?:\\sdoorlopend)?
sepa\\s(?:overboeking|ideal|ct|dd|credit\\stransfer)
kort(?:köp|kjøp|køb|kop|kob|kjop)
(?:visa\\s)?varek(?:jøp|øb)
dankort-?(?:\\s?(?:køb|kob))?
korttiosto
autogiro
swish\\s(?:betalning|till|från)
p(?:ł|l)atno(?:ść|sc)\\skart(?:ą|a)
zakup\\sprzy\\su(?:ż|z)yciu\\skarty
transakcja\\skart(?:ą|a)
platba\\skartou
"""
# Who passed the payment on: the merchant stands behind the star.
_PROCESSORS = (
    r"(?:sq|gosq\.com|tst|paypal|pp|pypl|sp|sumup|zettle_?|izettle|iz|ztl|stripe|paddle\.net|paddle|fs|eb|dri|wpy"
    r"|cke|klarna|adyen|mollie|2co(?:\.com)?|nyx|py|ic|dd|pag|mp|mercadopago|ifd|ezn|viva|lsp?|cko|bt|in)\s*\*+\s*"
)
_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[yi]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]{0,6}"
_DATE = (
    rf"(?:\d{{1,2}}[./-]\d{{1,2}}(?:[./-](?:\d{{4}}|\d\d)?)?|\d{{4}}[./-]\d\d[./-]\d\d(?:t[\d:.]+)?"
    rf"|\d{{1,2}}[ -]?{_MONTH}\.?(?:[ -]?(?:\d{{4}}|\d\d))?|\d{{8}}t[\d:]+)(?![\w])"
)
_MONTH_NAME = (
    r"(?:jan(?:uary|uar|vier|v)?|feb(?:ruary|ruar|rero|braio)?|f[ée]vr?(?:ier)?|mar(?:ch|s|zo)?|m(?:ä|ae)rz|apr(?:il|ile)?|avr(?:il)?|abr(?:il)?"
    r"|may|mai|mayo|maggio|june?|juni|juin|junio|giugno|july?|juli|juil(?:let)?|julio|luglio|aug(?:ust)?|ao[uû]t|ago(?:sto)?"
    r"|sept?(?:ember|embre|iembre)?|settembre|oct(?:ober|obre|ubre)?|okt(?:ober)?|ottobre|nov(?:ember|embre|iembre)?"
    r"|dec(?:ember|embre)?|d[ée]c(?:embre)?|dez(?:ember)?|dic(?:embre|iembre)?|ene(?:ro)?|gennaio)"
)
_PERIOD = rf"{_MONTH_NAME}\.?[\s/-]*\d{{2,}}(?!\w)|\d{{1,2}}/\d{{4}}(?!\w)"
_TIME = r"\d{1,2}[:h]\d\d(?::\d\d)?(?:\s?[ap]m)?(?!\w)|(?:um|at|kl\.?)\s\d{1,2}[:.]\d\d(?:\suhr)?"
_CARD_WORD = r"(?:card|carte|karte|kort|tarjeta|carta|kaart)\s(?:n[or]\.?\s|n°\s?)?(?=[x*•.\d])"
_CARD = rf"(?:{_CARD_WORD})?(?:[x*•.]{{2,}}|[x*•])[- ]?\d{{2,}}(?!\w)|\d{{4,6}}[x*•]{{4,}}\d{{2,4}}"
_CARD = rf"(?:{_CARD}|{_CARD_WORD})"

_BRANCHES = _PAID_HOW.strip().replace("\n  ", "").split("\n")
_PREFIX = re.compile(
    rf"(?:(?:{'|'.join(_BRANCHES)})(?![\w'&])|{_PROCESSORS}|{_DATE}|{_TIME}|{_CARD}|\d{{4,}}(?![\w'-])"
    r"|(?:ref|reference|value date|on|nr|no)[.:]*\s+(?=[x*\d])|www\.)[\s:;,/*>-]*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    rf"""
    \s*(?://|\\) | \s\*?[#№] | \s[-–]\s(?=\S*\d)
  | [\s,;(-]+(?:{_PERIOD}|{_DATE}|{_TIME}|{_CARD})
  | \s(?:eref|kref|mref|svwz|cred|debt|abwa|abwe|coam|oamt|iban|bic|purp)\+
  | [\s,;(/-]+(?:ref(?:erence)?|end-?to-?end|eref|mref|cred|mandat[eo]?|iban|bic|rib|auth|trace|trx|txn
        |terminal|term|tid|kfn|folgenr|store|filiale|fil|card|carte|karte|kort|tarjeta|pas|invoice|inv|rechnung|rg|kundennummer
        |order|bestellung|cust|id|no|nr|n°|n|cd|mdt|rum|ics|mandato)\b[.:#\s]*(?=[\w-]*\d)
  | \s(?:ref|reference|eref|mref|iban|bic|end-to-end-ref|mandatsref)[.:]
  | \s(?:folge|erst|einmal)lastschrift$ | \sddr$
  | \s[a-z]\d{{3,}}(?!\w) | [\s*_-]+\+?\d{{3,}}(?![\w%]) | \s\+?\(?\d[\d()-]{{6,}}(?!\w)
  | [\s*]+(?=[\w-]*\d[a-z-]*\d)(?=[\w-]*[a-z])[\w-]{{6,}}(?!\S)
  | \s(?:https?://|www\.|help\.)
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Behind a name and a city; the codes that are also words of a name (IN, IT, US ...) are left alone.
_REGION = re.compile(
    r"(?:\s[A-Z]{2})?\s(?:USA|GBR|DEU|FRA|CAN|AUS|NLD|ESP|ITA|IRL|CHE|AUT|BEL|POL|LUX)$"
    r"|\s(?:A[KLRZ]|C[AT]|DC|FL|GA|I[AL]|K[SY]|M[DINST]|N[CDHJMVY]|OK|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
    r"|GB|DE|FR|NL|IE|CH|LU|ES|PL|SE|DK|FI|CZ|AU|NZ|BR|JP)$"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CODE = re.compile(r"\*(?=\S*\d)\S*$")
_SMALL = {
    "com", "net", "org", "de", "fr", "co", "uk", "io", "eu", "nl", "es", "it", "at", "ch", "be", "ie", "ca",
    "au", "us", "info", "shop", "app",
}  # fmt: skip
_UPPER = {
    "ATM", "IBM", "USA", "UK", "EU", "US", "UPS", "AOL", "ESB", "EDF", "EDP", "UBS", "ING", "IKEA", "AXA",
    "EE",
}  # fmt: skip
_TITLE = {"ST", "DR", "MR", "MRS", "MS", "LTD", "CTR"}
_VOWELS = re.compile(r"[AEIOUYÀ-ÖØ-ÞĄĘŁŐŰ]")
_LONGEST = 400  # characters looked at: a name stands at the beginning
_EDGES = " \t-–_*,:;/\\#+&(.|'\""


def merchant(description: str) -> str:
    """Who the money went to or came from, for grouping and for people; empty only for a blank description.

    Where nothing but payment words and numbers is there, these are the answer.
    """
    if len(description) > _LONGEST:
        description = description.strip()[:_LONGEST]
    name = _of_shape(description.translate(_ZEROS))
    if "0" in name:  # the digits are part of the name
        return _of_shape(description)
    return name


def says_only_how(text: str) -> bool:
    """Whether `text` tells how it was paid ('POS PURCHASE 1234'), and not to whom."""
    return _nobody(text[:_LONGEST].translate(_ZEROS))


@lru_cache(maxsize=8192)
def _nobody(text: str) -> bool:
    while match := _PREFIX.match(text):
        text = text[match.end() :]
    return not any(map(str.isalpha, text))


def _find(description: str) -> str:
    columns = [column for column in re.split(r"\s{2,}|\t", description.strip()) if column]
    for i, column in enumerate(columns):
        # A star or a single word behind blanks belongs to what is before it.
        if i + 1 < len(columns) and columns[i + 1][:1] == "*":
            column = f"{column} {columns[i + 1]}"
        elif i + 1 < len(columns) and _PREFIX.fullmatch(column):
            continue
        name = _without_tail(_without_prefixes(column))
        if any(map(str.isalpha, name)):
            return _capitalised(name)
    text = " ".join(columns)
    return _capitalised(_without_prefixes(text).strip(_EDGES) or text.strip(_EDGES) or text)


_of_shape = lru_cache(maxsize=8192)(_find)


def _without_prefixes(text: str) -> str:
    """`text` without what stands before the name, as far as something with a letter is left."""
    while match := _PREFIX.match(text):
        rest = text[match.end() :].lstrip(" -*:,/#.")
        if not any(map(str.isalpha, rest)):
            break
        text = rest
    return text


def _without_tail(text: str) -> str:
    """`text` up to the first date, reference, or store number behind a word, and without a region."""
    start = next((i for i, char in enumerate(text) if char.isalpha()), None)
    if start is None:
        return ""
    if match := _TAIL.search(text, start + 1):
        text = text[: match.start()]
    text = _CODE.sub("", text)
    if "*" in text:
        text = " ".join(part for part in text.replace("*", " ").split(" ") if part)
    if text.count(" ") >= 2:
        text = _REGION.sub("", text)
    return text.strip(_EDGES)


def _capitalised(text: str) -> str:
    """Words as in a name where `text` is all capitals or all small; else as it is."""
    if not (text.isupper() or text.islower()):
        return text
    return _WORD.sub(_word, text)


def _word(match: re.Match[str]) -> str:
    word = match[0]
    before = match.string[match.start() - 1 : match.start()]
    if before == "." and word.lower() in _SMALL:
        return word.lower()
    if word.isupper() and word not in _TITLE:
        if word in _UPPER or (len(word) <= 5 and not _VOWELS.search(word)):
            return word
        if len(word) == 1:
            return word
    if len(word) > 4 and word[:2] in ("MC", "mc"):
        return f"Mc{word[2]}".replace(word[2], word[2].upper()) + word[3:].lower()
    head, quote, tail = word.partition("'")
    if quote and len(head) == 1 and len(tail) > 1:
        return f"{head.upper()}'{tail.capitalize()}"
    return word[0].upper() + word[1:].lower()
