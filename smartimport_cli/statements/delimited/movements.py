"""Kinds of transactions (withdrawal, transfer in, Einzahlung) that say which way the money went where no amount has a
sign. As descriptions they would prove little; as the few values of one column they do.

Everything here is matched against `words.normal` text.
"""

# ruff: noqa: E501 - these are word lists

import re
from collections.abc import Iterable

from smartimport_cli.statements.delimited.words import normal

_MOST = 16  # kinds of one bank
_OUT = re.compile(
    r"\b(payments?|paid|sent|send|withdraw\w*|purchases?|fees?|charges?|buy|bought|spend|debit|direct debit|card|pos|atm|tax|commission"
    r"|(?:aus|be|karten|ab|bar|raten)?zahlung(?:en)?|lastschrift\w*|gebuhr\w*|abhebung\w*|kauf|einkauf|entnahme"
    r"|paiement|retrait|achat|prelevement|frais|depense|pago|retiro|compra|cargo|comision|gasto|reintegro|pagamento|saque"
    r"|levantamento|tarifa|prelievo|acquisto|addebito|commissione|betaling|opname|aankoop|afschrijving|kosten"
    r"|kop|kortkop|uttag|betalning|avgift|kjop|varekjop|uttak|gebyr|kob|haevning|udbetaling|osto|nosto|maksu"
    r"|wyplata|platnosc|zakup|obciazenie|oplata|prowizja|platba|vyber|nakup|poplatek|vasarlas|kifizetes|keszpenzfelvetel|dij"
    r"|списание|оплата|покупка|снятие|комиссия|расход|cekim|cekme|odeme|harcama|ucret|masraf|pembayaran|tarik tunai|penarikan|biaya"
    r"|pembelian|rut tien|thanh toan|phi)\b|출금|결제|出金|引落|支払|سحب|شراء|رسوم|משיכה|תשלום|קניה|עמלה"
)
_IN = re.compile(
    r"\b(deposits?|received|top ?ups?|refund\w*|interest|salary|payroll|credit|income|dividends?|sell|sold|cashback|reward|add money"
    r"|einzahlung\w*|gutschrift\w*|zahlungseingang|zinsen|erstattung\w*|ruckerstattung|dividende|verkauf|gehalt|lohn"
    r"|versement|remboursement|depot|interets|remise|salaire|vente|deposito|abono|ingreso|devolucion|reembolso|intereses|nomina"
    r"|recebimento|estorno|rendimento|versamento|accredito|rimborso|stipendio|interessi|storting|ontvangst|bijschrijving|rente"
    r"|terugbetaling|salaris|insattning|lon|ranta|aterbetalning|innskudd|innbetaling|lonn|indbetaling|refusjon|pano|talletus|palkka"
    r"|hyvitys|palautus|wplata|zwrot|uznanie|wynagrodzenie|odsetki|vklad|mzda|urok|vraceni|befizetes|jovairas|munkaber|kamat"
    r"|visszaterites|зачисление|пополнение|поступление|возврат|зарплата|проценты|приход|yatirma|iade|maas|faiz|setoran|pengembalian"
    r"|gaji|bunga|nap tien)\b|입금|入金|預入|利息|إيداع|راتب|استرداد|הפקדה|משכורת|זיכוי"
)
_TO_US = re.compile(r"\b(in|incoming|received|recue?|recibid\w|recebid\w|ricevut\w|ontvangen|inkommande|przychodzac\w|prichozi|bejovo|входящ\w+|gelen|masuk|eingang)\b")
_FROM_US = re.compile(r"\b(out|outgoing|sent|emise?|enviad\w|inviat\w|verzonden|utgaende|wychodzac\w|odchozi|kimeno|исходящ\w+|giden|keluar|ausgang)\b")


# On a card, payments beside purchases are the customer's.
_PAYS = re.compile(r"\b(payment|\w*zahlung|paiement|pago|pagamento|betaling|betalning|odeme|platba|platnosc|оплата)")
_BUYS = re.compile(r"\b(purchase|sale|einkauf|kauf|achat|compra|acquisto|aankoop|kop|kjop|kob|harcama|nakup|zakup|покупка)\b")


def into(cell: str) -> bool | None:
    """True where the kind is money in, False where it is money out, None where it is neither for sure."""
    text = normal(cell)
    to_us, from_us = bool(_TO_US.search(text)), bool(_FROM_US.search(text))
    if to_us == from_us:
        to_us, from_us = bool(_IN.search(text)), bool(_OUT.search(text))
    return None if to_us == from_us else to_us


def directions(cells: Iterable[str]) -> tuple[frozenset[str], frozenset[str]] | None:
    """The kinds of money out and those of money in of a column all of whose cells say which they are, in normal form;
    None where one does not, or all go one way."""
    kinds = {normal(cell) for cell in cells}
    if not 2 <= len(kinds) <= _MOST or (any(map(_PAYS.search, kinds)) and any(map(_BUYS.search, kinds))):
        return None
    ways = {kind: into(kind) for kind in kinds}
    out = frozenset(kind for kind, way in ways.items() if way is False)
    ins = frozenset(kind for kind, way in ways.items() if way)
    return (out, ins) if out and ins and len(out) + len(ins) == len(kinds) else None
