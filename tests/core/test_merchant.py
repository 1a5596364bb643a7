"""The merchant of a description: what banks write around it goes, the name stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartimport_cli.core.merchant import merchant

EXAMPLES = {
    # cards and terminals
    "POS PURCHASE 1234 STARBUCKS #1234 SEATTLE WA": "Starbucks",
    "STARBUCKS STORE 1234   SEATTLE     WA": "Starbucks",
    "POS PURCHASE     STARBUCKS": "Starbucks",
    "CARD 1234 02MAR26 TESCO STORES": "Tesco Stores",
    "TESCO STORES 3297 LONDON GB": "Tesco Stores",
    "PURCHASE AUTHORIZED ON 03/02 TRADER JOE'S #123 SAN FRANCISCO CA S123456789 CARD 1234": "Trader Joe's",
    "O'REILLY AUTO PARTS 1234": "O'Reilly Auto Parts",
    "NETFLIX.COM LOS GATOS USA": "Netflix.com Los Gatos",
    # who passed the payment on
    "SQ *BLUE BOTTLE #1234 OAKLAND CA": "Blue Bottle",
    "CARD PURCHASE 02/03 SQ *BLUE BOTTLE #1234 OAKLAND CA": "Blue Bottle",
    "PAYPAL *SPOTIFY 35314369001 GB": "Spotify",
    "PP*APPLE.COM/BILL": "Apple.com/Bill",
    "SumUp  *Cafe Central Berlin": "Cafe Central Berlin",
    # a star of the merchant's own
    "AMAZON.COM*MX12K3 AMZN.COM/BILL WA": "Amazon.com",
    "UBER *TRIP HELP.UBER.COM": "Uber Trip",
    "UBER   *EATS": "Uber Eats",
    # German, French, Spanish, Dutch
    "Kartenzahlung REWE SAGT DANKE 12345 //Berlin/DE 2026-03-02T12:11 KFN 1": "Rewe Sagt Danke",
    "KAUF/DIENSTLEISTUNG VOM 02.03.2026 MIGROS ZUERICH KARTE 1234": "Migros Zuerich",
    "Überweisung Max Mustermann IBAN: DE12345": "Max Mustermann",
    "CB CARREFOUR CITY 02/03/26 PARIS": "Carrefour City",
    "CARTE 02/03 AMAZON PAYMENTS": "Amazon Payments",
    "PRLV SEPA EDF": "EDF",
    "VIR SEPA DUPONT JEAN": "Dupont Jean",
    "compra tarjeta 1234 mercadona valencia": "Mercadona Valencia",
    "BEA, Betaalpas Albert Heijn 1234,PAS123 NR:ABC, 02.03.26/12:11 AMSTERDAM": "Albert Heijn",
    "COMPRA VISA ELECTRON 0203 PADARIA REAL": "Padaria Real",
    "SEPA-LASTSCHRIFT FITX EREF+58319710 MREF+M428727": "Fitx",
    "RUECKLASTSCHRIFT STADTWERKE STROM 62173682": "Stadtwerke Strom",
    "RECIBO IBERDROLA CLIENTES SAU REF. 8812": "Iberdrola Clientes Sau",
    "UNPAID DIRECT DEBIT BRITISH GAS 57039747": "British Gas",
    "CREDIT CARTE 23.10 LA REDOUTE": "La Redoute",
    # the month that is paid for
    "DWP STATE PENSION JUL 9900634": "DWP State Pension",
    "TRANSFERENCIA DE INDITEX SA NOMINA AGOSTO 2022": "Inditex Sa Nomina",
    "BUNDESKASSE BAFOEG 07/2022": "Bundeskasse Bafoeg",
    "CAFE DE MAI": "Cafe De Mai",
    # numbers that belong to the name
    "7-ELEVEN 35423 AUSTIN TX": "7-Eleven",
    "FOREVER 21 #0044 DENVER CO": "Forever 21",
    "24 HOUR FITNESS": "24 Hour Fitness",
    # nothing to drop
    "Salary": "Salary",
    "Payment - thank you": "Payment - thank you",
    "H&M": "H&M",
    "ONLINE PAYMENT - THANK YOU": "Online Payment - Thank You",
    "支付宝 转账": "支付宝 转账",
    # nothing but payment words and numbers
    "DIRECT DEBIT": "Direct Debit",
    "12345": "12345",
    "***": "***",
    "": "",
    "   ": "",
}


@pytest.mark.parametrize(("description", "name"), EXAMPLES.items())
def test_what_is_left(description: str, name: str) -> None:
    assert merchant(description) == name


@given(st.text())
def test_never_empty_where_the_description_is_not(description: str) -> None:
    assert bool(merchant(description)) == bool(description.strip())


DIGITS = st.text("0123456789", min_size=4, max_size=12)


@given(st.sampled_from(["REWE", "Café Noir", "SQ *BLUE BOTTLE"]), DIGITS, DIGITS)
def test_numbers_do_not_split_a_merchant(name: str, one: str, other: str) -> None:
    assert merchant(f"{name} {one}") == merchant(f"{name} {other}") == merchant(name)


@given(st.from_regex(r"[A-Z]{4,10} [A-Z]{4,10}", fullmatch=True))
def test_what_is_a_merchant_stays_one(name: str) -> None:
    assert merchant(merchant(name)) == merchant(name)
