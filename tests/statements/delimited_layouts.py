"""Layouts of banks around the world, with invented rows: name, text, encoding, and (date, amount) of each row."""

# ruff: noqa: E501

from typing import NamedTuple


class Layout(NamedTuple):
    name: str
    text: str
    rows: list[tuple[str, str]]
    encoding: str = "utf-8"
    verdict: str | None = None
    currency: str | None = None
    unreadable: int = 0
    pending: int = 0


LAYOUTS = [
    Layout("uk number, date, account, amount, subcategory, memo",
        "Number,Date,Account,Amount,Subcategory,Memo\n"
        ",13/03/2026,20-11-43 12345678,-25.00,PAYMENT,TESCO STORES 3297\n"
        ",02/03/2026,20-11-43 12345678,1200.00,FT,ACME LTD SALARY\n",
        [("2026-03-13", "-25.00"), ("2026-03-02", "1200.00")]),
    Layout("uk sort code in quotes, type, paid in and out, balance",
        "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance\n"
        "04/03/2026,DEB,'30-00-00,12345678,SAINSBURYS,10.00,,90.00\n"
        "03/03/2026,FPI,'30-00-00,12345678,J SMITH,,50.00,100.00\n"
        "02/03/2026,DD,'30-00-00,12345678,O2,20.00,,50.00\n",
        [("2026-03-04", "-10.00"), ("2026-03-03", "50.00"), ("2026-03-02", "-20.00")], verdict="proved"),
    Layout("uk challenger with id, emoji and split money columns",
        "Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,Notes and #tags,Address,Receipt,Description,Category split,Money Out,Money In\n"
        "tx_0001,14/03/2026,10:02:11,Card payment,Pret,☕,Eating out,-3.45,GBP,-3.45,GBP,,1 High St,,PRET A MANGER,,-3.45,\n"
        "tx_0002,15/03/2026,11:00:00,Faster payment,Ann,,Income,20.00,GBP,20.00,GBP,,,,ANN,,,20.00\n",
        [("2026-03-14", "-3.45"), ("2026-03-15", "20.00")], currency="GBP"),
    Layout("neobank with fee, state and completed date",
        "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
        "CARD_PAYMENT,Current,2026-03-01 10:00:00,2026-03-02 08:00:00,Shop,-10.00,0.00,EUR,COMPLETED,90.00\n"
        "TRANSFER,Current,2026-03-03 10:00:00,2026-03-03 10:00:01,To Bob,-20.00,0.50,EUR,COMPLETED,69.50\n"
        "CARD_PAYMENT,Current,2026-03-04 10:00:00,,Hotel,-30.00,0.00,EUR,REVERTED,\n"
        "TOPUP,Current,2026-03-05 10:00:00,2026-03-05 10:00:01,Top-up,100.00,0.00,EUR,COMPLETED,169.50\n",
        [("2026-03-02", "-10.00"), ("2026-03-03", "-20.50"), ("2026-03-05", "100.00")], verdict="proved", unreadable=1),
    Layout("neobank with pending row",
        "Type,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
        "CARD_PAYMENT,2026-03-01 10:00:00,2026-03-02 08:00:00,Shop,-10.00,0.00,EUR,COMPLETED,90.00\n"
        "CARD_PAYMENT,2026-03-04 10:00:00,,Hotel,-30.00,0.00,EUR,PENDING,\n"
        "TOPUP,2026-03-05 10:00:00,2026-03-05 10:00:01,Top-up,100.00,0.00,EUR,COMPLETED,190.00\n",
        [("2026-03-02", "-10.00"), ("2026-03-05", "100.00")], verdict="proved", pending=1),
    Layout("german camt-csv of savings banks",
        '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Glaeubiger ID";"Mandatsreferenz";'
        '"Kundenreferenz (End-to-End)";"Sammlerreferenz";"Lastschrift Ursprungsbetrag";"Auslagenersatz Ruecklastschrift";'
        '"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"\n'
        '"DE89370400440532013000";"04.03.26";"04.03.26";"FOLGELASTSCHRIFT";"Strom März";"DE1";"M1";"E1";"";"";"";"Stadtwerke";"DE02120300000000202051";"BYLADEM1001";"-1.054,20";"EUR";"Umsatz gebucht"\n'
        '"DE89370400440532013000";"03.03.26";"03.03.26";"GUTSCHR. UEBERWEISUNG";"Gehalt";"";"";"";"";"";"";"Firma";"DE02100500000054540402";"BELADEBEXXX";"2.100,00";"EUR";"Umsatz gebucht"\n',
        [("2026-03-04", "-1054.20"), ("2026-03-03", "2100.00")], encoding="cp1252", currency="EUR"),
    Layout("german direct bank with preamble and account balance",
        '"Girokonto";"DE89370400440532013000"\n""\n"Kontostand vom 05.03.2026:";"1.000,00 €"\n""\n'
        '"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"\n'
        '"05.03.26";"05.03.26";"Gebucht";"Max";"REWE";"Einkauf";"Ausgang";"DE02120300000000202051";"-12,5";"";"";"1"\n'
        '"04.03.26";"04.03.26";"Gebucht";"Firma";"Max";"Lohn";"Eingang";"DE02100500000054540402";"1.500";"";"";"2"\n',
        [("2026-03-05", "-12.50"), ("2026-03-04", "1500.00")], currency="EUR"),
    Layout("german Soll/Haben mark",
        "Buchungstag;Valuta;Textschlüssel;Verwendungszweck;Betrag;Währung;Soll/Haben\n"
        "04.03.2026;04.03.2026;Lastschrift;Miete;800,00;EUR;S\n05.03.2026;05.03.2026;Gutschrift;Lohn;2.000,00;EUR;H\n",
        [("2026-03-04", "-800.00"), ("2026-03-05", "2000.00")], currency="EUR"),
    Layout("dutch Af Bij",
        '"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";"Mutatiesoort";"Mededelingen";"Saldo na mutatie";"Tag"\n'
        '"20260304";"Albert Heijn";"NL91ABNA0417164300";"";"BA";"Af";"12,30";"Betaalautomaat";"Pas 001";"987,70";""\n'
        '"20260303";"Werkgever";"NL91ABNA0417164300";"NL02ABNA0123456789";"OV";"Bij";"500,00";"Overschrijving";"Salaris";"1000,00";""\n',
        [("2026-03-04", "-12.30"), ("2026-03-03", "500.00")], verdict="proved", currency="EUR"),
    Layout("dutch cooperative with plus signs and sequence numbers",
        '"IBAN/BBAN","Munt","BIC","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn","Tegenrekening IBAN/BBAN","Naam tegenpartij","Omschrijving-1"\n'
        '"NL91ABNA0417164300","EUR","RABONL2U","000000000000007001","2026-03-03","2026-03-03","-10,00","+90,00","NL02ABNA0123456789","Bakker","Brood"\n'
        '"NL91ABNA0417164300","EUR","RABONL2U","000000000000007002","2026-03-04","2026-03-04","+5,00","+95,00","NL02ABNA0123456789","Jan","Terug"\n',
        [("2026-03-03", "-10.00"), ("2026-03-04", "5.00")], verdict="proved", encoding="cp1252", currency="EUR"),
    Layout("french debit and credit with negative debits",
        "Date;Libellé;Débit euros;Crédit euros;\n13/03/2026;CARTE CARREFOUR;-25,10;;\n02/03/2026;VIREMENT;;1 300,00;\n",
        [("2026-03-13", "-25.10"), ("2026-03-02", "1300.00")], encoding="cp1252"),
    Layout("french bank with comma and point and labels",
        "dateOp;dateVal;label;category;categoryParent;supplierFound;amount;comment;accountNum;accountLabel;accountbalance\n"
        '2026-03-02;2026-03-02;"CARTE 01/03/26 MONOPRIX";Alimentation;Vie quotidienne;monoprix;-12,40;;00040123456;BoursoBank;1500.55\n'
        '2026-03-03;2026-03-03;"VIR SALAIRE";Revenus;Revenus;;"1 900,00";;00040123456;BoursoBank;1500.55\n',
        [("2026-03-02", "-12.40"), ("2026-03-03", "1900.00")]),
    Layout("italian dare avere",
        "Data;Valuta;Dare;Avere;Divisa;Descrizione;Causale ABI\n04/03/2026;04/03/2026;-50,00;;EUR;PRELIEVO;43\n05/03/2026;06/03/2026;;1.200,00;EUR;BONIFICO STIPENDIO;48\n",
        [("2026-03-04", "-50.00"), ("2026-03-05", "1200.00")], currency="EUR"),
    Layout("italian entrate uscite",
        "Data_Operazione;Data_Valuta;Entrate;Uscite;Descrizione;Stato\n04/03/2026;04/03/2026;;-50,00;Pagamento;Contabilizzato\n05/03/2026;06/03/2026;1200,00;;Bonifico;Contabilizzato\n",
        [("2026-03-04", "-50.00"), ("2026-03-05", "1200.00")]),
    Layout("spanish with two currencies columns and running balance",
        "F.Valor;Fecha;Concepto;Movimiento;Importe;Divisa;Disponible;Divisa;Observaciones\n"
        "04/03/2026;04/03/2026;Compra;Pago con tarjeta;-10,20;EUR;989,80;EUR;MERCADONA\n"
        "03/03/2026;03/03/2026;Nomina;Abono;1.000,00;EUR;1.000,00;EUR;EMPRESA\n",
        [("2026-03-04", "-10.20"), ("2026-03-03", "1000.00")], currency="EUR"),
    Layout("portuguese with footer",
        "Consultar saldos e movimentos;\nConta ;0123456789000 - EUR;\n\nData mov. ;Data valor ;Descrição ;Débito ;Crédito ;Saldo contabilístico ;Saldo disponível ;Categoria ;\n"
        "04-03-2026;04-03-2026;COMPRA LIDL;10,00;;90,00;90,00;Diversos;\n05-03-2026;05-03-2026;TRF DE ANA;;1.000,00;1.090,00;1.090,00;Diversos;\n ; ; ; ;Saldo contabilístico;1.090,00 EUR; ;\n",
        [("2026-03-04", "-10.00"), ("2026-03-05", "1000.00")], encoding="cp1252", verdict="proved"),
    Layout("brazilian", "Data,Valor,Identificador,Descrição\n04/03/2026,-25.50,65a-1,Compra no débito\n05/03/2026,100.00,65a-2,Transferência recebida pelo Pix\n",
        [("2026-03-04", "-25.50"), ("2026-03-05", "100.00")]),
    Layout("brazilian card, charges positive", "date,title,amount\n2026-03-04,Uber *Trip,25.50\n2026-03-05,Supermarket Extra,100.00\n2026-03-06,Netflix,39.90\n2026-03-10,Pagamento recebido - thank you,-165.40\n",
        [("2026-03-04", "-25.50"), ("2026-03-05", "-100.00"), ("2026-03-06", "-39.90"), ("2026-03-10", "165.40")]),
    Layout("indian with lakh groups and value date",
        "Txn Date,Value Date,Description,Ref No./Cheque No.,Debit,Credit,Balance\n"
        '3 Mar 2026,3 Mar 2026,BY SALARY,IMPS1,,"1,23,456.00","2,23,456.00"\n'
        '5 Mar 2026,5 Mar 2026,TO ATM WDL,ATM22,"10,000.00",,"2,13,456.00"\n',
        [("2026-03-03", "123456.00"), ("2026-03-05", "-10000.00")], verdict="proved"),
    Layout("indian two-digit year, narration, withdrawals and deposits padded",
        "  Date     ,Narration                ,Value Dat,Debit Amount       ,Credit Amount      ,Chq/Ref Number   ,Closing Balance\n"
        " 03/03/26  ,UPI-SHOP   ,03/03/26 ,         250.00 ,           0.00 ,0000606212345678        ,       9750.00 \n"
        " 15/03/26  ,NEFT CR-ACME   ,15/03/26 ,           0.00 ,       50000.00 ,N0762612   ,      59750.00 \n",
        [("2026-03-03", "-250.00"), ("2026-03-15", "50000.00")], verdict="proved"),
    Layout("australian without header", '13/03/2026,"-25.00","WOOLWORTHS 1234","+975.00"\n12/03/2026,"+100.00","Transfer","+1000.00"\n',
        [("2026-03-13", "-25.00"), ("2026-03-12", "100.00")], verdict="proved"),
    Layout("australian with bank account and serial",
        "Bank Account,Date,Narrative,Debit Amount,Credit Amount,Balance,Categories,Serial\n032000123456,13/03/2026,EFTPOS COLES,25.00,,975.00,PAYMENT,\n032000123456,12/03/2026,SALARY,,1000.00,1000.00,SALARY,\n",
        [("2026-03-13", "-25.00"), ("2026-03-12", "1000.00")], verdict="proved"),
    Layout("canadian without header: date, text, out, in, balance",
        "03/13/2026,TIM HORTONS,4.50,,995.50\n03/12/2026,PAYROLL,,1000.00,1000.00\n",
        [("2026-03-13", "-4.50"), ("2026-03-12", "1000.00")], verdict="proved"),
    Layout("canadian with two currencies of amounts",
        '"Account Type","Account Number","Transaction Date","Cheque Number","Description 1","Description 2","CAD$","USD$"\nChequing,01234-1234567,3/2/2026,,"INTERAC PURCHASE","TIM HORTONS",-4.50,\nChequing,01234-1234567,3/15/2026,,"PAYROLL","ACME",1000.00,\n',
        [("2026-03-02", "-4.50"), ("2026-03-15", "1000.00")]),
    Layout("us checking with details and trailing comma",
        "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\nDEBIT,03/13/2026,COFFEE,-4.50,DEBIT_CARD,995.50,,\nCREDIT,03/12/2026,ACME PAYROLL,1000.00,ACH_CREDIT,1000.00,,\n",
        [("2026-03-13", "-4.50"), ("2026-03-12", "1000.00")], verdict="proved"),
    Layout("us card with signed amounts",
        "Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n03/13/2026,03/15/2026,STARBUCKS,Food & Drink,Sale,-4.50,\n03/10/2026,03/11/2026,Payment Thank You-Mobile,,Payment,100.00,\n",
        [("2026-03-15", "-4.50"), ("2026-03-11", "100.00")]),
    Layout("us bank with summary before",
        'Description,,Summary Amt.\nBeginning balance as of 03/01/2026,,"1,000.00"\nTotal credits,,"500.00"\nTotal debits,,"-200.00"\nEnding balance as of 03/31/2026,,"1,300.00"\n\n'
        'Date,Description,Amount,Running Bal.\n03/01/2026,Beginning balance as of 03/01/2026,,"1,000.00"\n03/13/2026,"PAYROLL",500.00,"1,500.00"\n03/20/2026,"RENT",-200.00,"1,300.00"\n',
        [("2026-03-13", "500.00"), ("2026-03-20", "-200.00")], verdict="proved"),
    Layout("us without header, star and empty columns", '"03/13/2026","-4.50","*","","COFFEE"\n"03/14/2026","1000.00","*","","PAYROLL"\n',
        [("2026-03-13", "-4.50"), ("2026-03-14", "1000.00")]),
    Layout("us card, debit and credit columns",
        "Transaction Date,Posted Date,Card No.,Description,Category,Debit,Credit\n2026-03-13,2026-03-14,1234,AMAZON,Merchandise,25.00,\n2026-03-10,2026-03-11,1234,CAPITAL PYMT,Payment/Credit,,100.00\n",
        [("2026-03-14", "-25.00"), ("2026-03-11", "100.00")]),
    Layout("us card, charges positive",
        "Trans. Date,Post Date,Description,Amount,Category\n03/13/2026,03/14/2026,STARBUCKS STORE,4.50,Restaurants\n03/14/2026,03/15/2026,WALMART,45.00,Merchandise\n03/15/2026,03/16/2026,SHELL OIL,30.00,Gas\n03/18/2026,03/18/2026,DIRECTPAY FULL BALANCE THANK YOU,-79.50,Payments\n",
        [("2026-03-14", "-4.50"), ("2026-03-15", "-45.00"), ("2026-03-16", "-30.00"), ("2026-03-18", "79.50")]),
    Layout("payment service with gross, fee and net",
        '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address","To Email Address","Transaction ID","Balance"\n'
        '"13/03/2026","10:00:00","CET","Shop","Express Checkout Payment","Completed","EUR","-10,00","0,00","-10,00","a@b.c","d@e.f","1AB","90,00"\n'
        '"14/03/2026","10:00:00","CET","Buyer","Mobile Payment","Completed","EUR","100,00","-3,50","96,50","a@b.c","d@e.f","2AB","186,50"\n',
        [("2026-03-13", "-10.00"), ("2026-03-14", "96.50")], verdict="proved", currency="EUR"),
    Layout("polish with quotes and month words",
        "#Data operacji;#Data księgowania;#Opis operacji;#Tytuł;#Nadawca/Odbiorca;#Numer konta;#Kwota;#Saldo po operacji;\n"
        '2026-03-02;2026-03-02;ZAKUP PRZY UŻYCIU KARTY;"BIEDRONKA";"";\'\';-34,50;1 965,50;\n2026-03-03;2026-03-03;PRZELEW;"PENSJA";"FIRMA";\'12345678901234567890123456\';5 000,00;6 965,50;\n',
        [("2026-03-02", "-34.50"), ("2026-03-03", "5000.00")], encoding="cp1250", verdict="proved"),
    Layout("czech", "Datum;Objem;Měna;Protiúčet;Název protiúčtu;Kód banky;VS;Zpráva pro příjemce;Typ;ID pohybu\n04.03.2026;-1 250,00;CZK;2000000001;Obchod;2010;;Nákup;Platba kartou;12345\n05.03.2026;30 000,00;CZK;;Firma;0100;;Mzda;Příjem;12346\n",
        [("2026-03-04", "-1250.00"), ("2026-03-05", "30000.00")], currency="CZK"),
    Layout("swedish", "Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta\n2026/03/04;-125,00;1234;;ICA;Kortköp ICA;875,00;SEK\n2026/03/03;1000,00;;1234;Lön;Lön;1000,00;SEK\n",
        [("2026-03-04", "-125.00"), ("2026-03-03", "1000.00")], verdict="proved", currency="SEK"),
    Layout("danish", '"Dato";"Tekst";"Beløb";"Saldo";"Status";"Afstemt"\n"04.03.2026";"Netto";"-125,00";"875,00";"Udført";"Nej"\n"05.03.2026";"Løn";"1.000,00";"1.875,00";"Udført";"Nej"\n',
        [("2026-03-04", "-125.00"), ("2026-03-05", "1000.00")], encoding="cp1252", verdict="proved"),
    Layout("norwegian out and in", "Dato;Forklaring;Rentedato;Ut fra konto;Inn på konto\n04.03.2026;Varekjøp REMA;04.03.2026;125,00;\n05.03.2026;Lønn;05.03.2026;;1 000,00\n",
        [("2026-03-04", "-125.00"), ("2026-03-05", "1000.00")]),
    Layout("finnish", "Kirjauspäivä;Arvopäivä;Määrä EUROA;Laji;Selitys;Saaja/Maksaja;Saajan tilinumero;Viite;Viesti;Arkistointitunnus\n04.03.2026;04.03.2026;-12,50;162;PKORTTIMAKSU;K-MARKET;;;VIESTI;20260304/1\n05.03.2026;05.03.2026;+1000,00;710;PALKKA;FIRMA;;;;20260305/2\n",
        [("2026-03-04", "-12.50"), ("2026-03-05", "1000.00")], encoding="cp1252"),
    Layout("turkish", "Tarih;Açıklama;Tutar;Bakiye\n04.03.2026;MIGROS;-125,00;1.875,00\n05.03.2026;MAAŞ;10.000,00;11.875,00\n",
        [("2026-03-04", "-125.00"), ("2026-03-05", "10000.00")], encoding="cp1254", verdict="proved"),
    Layout("hungarian, year first with points", "Könyvelés dátuma;Tranzakció azonosító;Típus;Közlemény;Összeg;Devizanem;Egyenleg\n2026.03.04.;T1;Vásárlás;LIDL;-2 500;HUF;97 500\n2026.03.05.;T2;Jóváírás;Fizetés;300 000;HUF;397 500\n",
        [("2026-03-04", "-2500"), ("2026-03-05", "300000")], encoding="cp1250", verdict="proved", currency="HUF"),
    Layout("japanese with era-free dates", "日付,内容,出金金額(円),入金金額(円),残高(円),メモ\n2026/03/04,コンビニ,1200,,98800,\n2026/03/05,給与,,250000,348800,\n",
        [("2026-03-04", "-1200"), ("2026-03-05", "250000")], encoding="cp932", verdict="proved", currency="JPY"),
    Layout("chinese wallet with yuan signs",
        "微信支付账单明细,,,,,,,,,,\n共2笔记录,,,,,,,,,,\n交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n"
        "2026-03-04 12:00:00,商户消费,便利店,饮料,支出,¥5.50,零钱,支付成功,1000001,2000001,/\n2026-03-05 12:00:00,微信红包,朋友,/,收入,¥88.00,/,已存入零钱,1000002,2000002,/\n",
        [("2026-03-04", "-5.50"), ("2026-03-05", "88.00")], currency="CNY"),
    Layout("date once a day, balance at its end",
        "Date,Type,Description,Paid out,Paid in,Balance\n13 Mar 26,VIS,TESCO,10.00,,\n,VIS,BOOTS,5.00,,985.00\n14 Mar 26,CR,ACME,,100.00,\n,DD,O2,20.00,,\n,DD,EDF,40.00,,1025.00\n",
        [("2026-03-13", "-10.00"), ("2026-03-13", "-5.00"), ("2026-03-14", "100.00"), ("2026-03-14", "-20.00"), ("2026-03-14", "-40.00")], verdict="proved"),
    Layout("trailing minus and CR DR marks in the cells",
        "Date;Text;Amount\n2026-03-04;A;100.00 DR\n2026-03-05;B;50.00 CR\n2026-03-06;C;25.00 DR\n",
        [("2026-03-04", "-100.00"), ("2026-03-05", "50.00"), ("2026-03-06", "-25.00")]),
    Layout("trailing minus", "Datum;Text;Betrag\n04.03.2026;A;1.100,00-\n05.03.2026;B;50,00+\n",
        [("2026-03-04", "-1100.00"), ("2026-03-05", "50.00")]),
    Layout("swiss with total at the end",
        "Datum;Buchungstext;Belastung;Gutschrift;Saldo CHF\n04.03.2026;Migros;12.35;;987.65\n05.03.2026;Lohn;;5'000.00;5'987.65\nTotal;;12.35;5'000.00;\n",
        [("2026-03-04", "-12.35"), ("2026-03-05", "5000.00")], verdict="proved", currency="CHF"),
    Layout("compact two-line header with sep", "sep=;\nDatum;Omschrijving;Bedrag\n04-03-2026;Bakker;-3,20\n05-03-2026;Loon;1.500,00\n",
        [("2026-03-04", "-3.20"), ("2026-03-05", "1500.00")]),
    Layout("several currencies, each with its balance",
        "Date,Description,Amount,Currency,Balance\n2026-03-02,A,-10.00,EUR,90.00\n2026-03-02,B,-5.00,USD,45.00\n2026-03-03,C,20.00,EUR,110.00\n2026-03-04,D,-5.00,USD,40.00\n",
        [("2026-03-02", "-10.00"), ("2026-03-02", "-5.00"), ("2026-03-03", "20.00"), ("2026-03-04", "-5.00")], verdict="proved"),
    Layout("two accounts in one file",
        "Account Number,Date,Description,Amount,Balance\n11112222,2026-03-02,A,-10.00,90.00\n33334444,2026-03-02,B,-5.00,45.00\n11112222,2026-03-03,C,20.00,110.00\n33334444,2026-03-04,D,-5.00,40.00\n11112222,2026-03-05,E,-1.00,109.00\n33334444,2026-03-05,F,-1.00,39.00\n",
        [("2026-03-02", "-10.00"), ("2026-03-03", "20.00"), ("2026-03-05", "-1.00"), ("2026-03-02", "-5.00"), ("2026-03-04", "-5.00"), ("2026-03-05", "-1.00")], verdict="proved"),
    Layout('us card with card member, charges positive', 'Date,Description,Card Member,Account #,Amount\n03/13/2026,UBER EATS,J DOE,-11001,25.50\n03/12/2026,AMAZON.COM,J DOE,-11001,12.00\n03/10/2026,AUTOPAY PAYMENT - THANK YOU,J DOE,-11001,-200.00\n03/09/2026,WHOLE FOODS,J DOE,-11001,80.12\n',
        [('2026-03-13', '-25.50'), ('2026-03-12', '-12.00'), ('2026-03-10', '200.00'), ('2026-03-09', '-80.12')], verdict=None, currency=None),
    Layout('belgian with amount, credit and debit', 'Rekeningnummer;Rubrieknaam;Naam;Munt;Afschriftnummer;Datum;Omschrijving;Valuta;Bedrag;Saldo;credit;debet;rekening tegenpartij\nBE68539007547034;;Jan;EUR; 02026001;02/03/2026;BETALING;02/03/2026;-12,50;987,50;;-12,50;BE1\nBE68539007547034;;Jan;EUR; 02026001;03/03/2026;LOON;03/03/2026;1500,00;2487,50;1500,00;;BE2\n',
        [('2026-03-02', '-12.50'), ('2026-03-03', '1500.00')], verdict='proved', currency='EUR'),
    Layout('transfer service with fees that are in the amount', '"TransferWise ID",Date,Amount,Currency,Description,"Payment Reference","Running Balance","Exchange From","Exchange To","Exchange Rate","Payer Name","Payee Name","Payee Account Number",Merchant,"Card Last Four Digits","Card Holder Full Name",Attachment,Note,"Total fees"\nCARD-1,13-03-2026,-25.50,EUR,"Card transaction",,74.50,,,,,,,Lidl,1234,J,,,0.00\nTRANSFER-2,12-03-2026,100.00,EUR,"Received money",,100.00,,,,ACME,,,,,,,,0.50\n',
        [('2026-03-13', '-25.50'), ('2026-03-12', '100.00')], verdict='proved', currency='EUR'),
    Layout('swiss with opening and closing balance before the rows', 'Kontonummer:;0123 00456789.01\nIBAN:;CH9300762011623852957\nVon:;2026-03-01\nBis:;2026-03-31\nAnfangssaldo:;1000.00\nSchlusssaldo:;2480.00\nBewertet in:;CHF\nAnzahl Transaktionen in diesem Zeitraum:;2\n\nAbschlussdatum;Abschlusszeit;Buchungsdatum;Valutadatum;Währung;Belastung;Gutschrift;Einzelbetrag;Saldo;Transaktions-Nr.;Beschreibung1;Beschreibung2;Beschreibung3;Fussnoten\n2026-03-02;;2026-03-02;2026-03-02;CHF;-20.00;;;980.00;9901;Migros;Zahlung;;\n2026-03-03;;2026-03-03;2026-03-03;CHF;;1500.00;;2480.00;9902;Firma;Lohn;;\n',
        [('2026-03-02', '-20.00'), ('2026-03-03', '1500.00')], verdict='proved', currency='CHF'),
    Layout('indian, tabs, note at the end', 'Account Name     :\tMr X\nAccount Number  :\t_00000012345678901\nBalance as on 1 Mar 2026\t:\t1,000.00\n\nTxn Date\tValue Date\tDescription\tRef No./Cheque No.\t        Debit\tCredit\tBalance\n2 Mar 2026\t2 Mar 2026\tTO TRANSFER-UPI\tTRANSFER TO 1\t250.00\t \t750.00\n3 Mar 2026\t3 Mar 2026\tBY TRANSFER\tTRANSFER FROM 2\t \t5,000.00\t5,750.00\n**This is a computer generated statement\n',
        [('2026-03-02', '-250.00'), ('2026-03-03', '5000.00')], verdict='proved', currency=None),
    Layout('indian with currency in the names', 'S No.,Value Date,Transaction Date,Cheque Number,Transaction Remarks,Withdrawal Amount (INR ),Deposit Amount (INR ),Balance (INR )\n1,02/03/2026,02/03/2026,-,UPI/SHOP,250.00,0.00,9750.00\n2,15/03/2026,15/03/2026,-,NEFT,0.00,5000.00,14750.00\n',
        [('2026-03-02', '-250.00'), ('2026-03-15', '5000.00')], verdict='proved', currency='INR'),
    Layout('brazilian with the balance of a day on its own line', 'data;lancamento;ag./origem;valor (R$);saldos (R$)\n01/03/2026;SALDO ANTERIOR;;;1.000,00\n02/03/2026;PIX TRANSF JOAO;0123;-50,00;\n02/03/2026;SALDO TOTAL DISPONIVEL DIA;;;950,00\n03/03/2026;TED RECEBIDA;;200,00;\n03/03/2026;SALDO TOTAL DISPONIVEL DIA;;;1.150,00\n',
        [('2026-03-02', '-50.00'), ('2026-03-03', '200.00')], verdict='proved', currency='BRL'),
    Layout('swedish with three decimals, proven', 'Bokföringsdatum;Valutadatum;Verifikationsnummer;Text/mottagare;Belopp;Saldo\n2026-03-03;2026-03-03;5484;ICA;-125.000;875.000\n2026-03-02;2026-03-02;5485;LÖN;1000.000;1000.000\n',
        [('2026-03-03', '-125.00'), ('2026-03-02', '1000.00')], verdict='proved', currency=None),
    Layout('polish with a table of totals before the rows', 'mBank S.A. ;\n#Klient;\nJAN;\n\n#Waluta;#Wpływy;#Wydatki;\nPLN;5 000,00;-34,50\n\n#Saldo początkowe;2 000,00 PLN;\n\n#Data operacji;#Opis operacji;#Rachunek;#Kategoria;#Kwota;\n2026-03-02;"BIEDRONKA";"eKonto 1111";"Żywność";-34,50 PLN;;\n2026-03-03;"PENSJA";"eKonto 1111";"Wpływy";5 000,00 PLN;;\n#Saldo końcowe;6 965,50 PLN;\n',
        [('2026-03-02', '-34.50'), ('2026-03-03', '5000.00')], verdict='proved', currency='PLN'),
    Layout('spanish with the currency behind the amounts', 'Concepto;Fecha;Importe;Saldo\nCOMPRA MERCADONA;02/03/2026;-12,50EUR;987,50EUR\nNOMINA;03/03/2026;+1.500,00EUR;2.487,50EUR\n',
        [('2026-03-02', '-12.50'), ('2026-03-03', '1500.00')], verdict='proved', currency='EUR'),
    Layout('card whose balance is what is owed', 'Date,Description,Amount,Balance\n2026-03-02,STARBUCKS,5.00,105.00\n2026-03-03,AMAZON,15.00,120.00\n2026-03-04,WALMART,10.00,130.00\n2026-03-05,PAYMENT THANK YOU,-100.00,30.00\n',
        [('2026-03-02', '-5.00'), ('2026-03-03', '-15.00'), ('2026-03-04', '-10.00'), ('2026-03-05', '100.00')], verdict='proved', currency=None),
    Layout('thai, Buddhist years, header in no language known here', 'วันที่,รายการ,ถอน,ฝาก,คงเหลือ\n02/03/2569,ซื้อ,50.00,,950.00\n15/03/2569,เงินเดือน,,1000.00,1950.00\n',
        [('2026-03-02', '-50.00'), ('2026-03-15', '1000.00')], verdict='proved', currency=None),
    Layout('korean', '거래일자,적요,출금액,입금액,잔액\n2026.03.02,편의점,5000,0,95000\n2026.03.03,급여,0,100000,195000\n',
        [('2026-03-02', '-5000'), ('2026-03-03', '100000')], verdict='proved', currency=None),
    Layout('russian', 'Дата операции;Описание;Сумма;Валюта\n02.03.2026;Магазин;-1 250,50;RUB\n03.03.2026;Зарплата;50 000,00;RUB\n',
        [('2026-03-02', '-1250.50'), ('2026-03-03', '50000.00')], verdict=None, currency='RUB'),
    Layout('finnish, tabs, blank lines between', 'Tilinumero\tFI2112345600000785\n\nKirjauspäivä\tArvopäivä\tMaksupäivä\tMäärä\tSaaja/Maksaja\tTilinumero\tBIC\tTapahtuma\tViite\tMaksajan viite\tViesti\tKortinnumero\tKuitti\t\n02.03.2026\t02.03.2026\t02.03.2026\t-12,50\tK-MARKET\t\t\tKorttiosto\t\t\t\t\t\t\n\n03.03.2026\t03.03.2026\t03.03.2026\t+1500,00\tFIRMA\t\t\tPalkka\t\t\t\t\t\t\n',
        [('2026-03-02', '-12.50'), ('2026-03-03', '1500.00')], verdict=None, currency=None),
]  # fmt: skip
