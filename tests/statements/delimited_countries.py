"""More layouts from more countries, with invented rows (see `delimited_layouts`)."""

# ruff: noqa: E501

from tests.statements.delimited_layouts import Layout

COUNTRIES = [
    Layout("money transfer service with running balance",
        '"TransferWise ID",Date,Amount,Currency,Description,"Payment Reference","Running Balance","Exchange From","Exchange To","Exchange Rate","Payer Name","Payee Name","Payee Account Number",Merchant,"Card Last Four Digits","Card Holder Full Name",Attachment,Note,"Total fees"\n'
        'CARD-1,13-03-2026,-12.50,EUR,"Card transaction of 12.50 EUR issued by Bakery",,87.50,,,,,,,Bakery,1234,J Doe,,,0.00\n'
        'TRANSFER-2,02-03-2026,100.00,EUR,"Received money from A B",ref,100.00,,,,A B,,,,,,,,0.00\n',
        [("2026-03-13", "-12.50"), ("2026-03-02", "100.00")], verdict='proved', currency='EUR'),
    Layout("uk app bank with counter party",
        'Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes\n'
        '02/03/2026,Tesco,TESCO 123,CONTACTLESS,-4.50,95.50,GROCERIES,\n'
        '13/03/2026,ACME,Salary,FASTER PAYMENT,100.00,195.50,INCOME,\n',
        [("2026-03-02", "-4.50"), ("2026-03-13", "100.00")], verdict='proved', currency='GBP'),
    Layout("german, short years, pending rows, balance before",
        '"Girokonto";"DE02120300000000202051"\n'
        '"Zeitraum:";"01.03.2026 - 31.03.2026"\n'
        '"Kontostand vom 31.03.2026:";"1.234,56 €"\n'
        '""\n'
        '"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"\n'
        '"05.03.26";"";"Vorgemerkt";"ISSUER";"REWE";"Einkauf";"Ausgang";"DE1";"-9,99";"";"";""\n'
        '"02.03.26";"02.03.26";"Gebucht";"ISSUER";"REWE";"Einkauf";"Ausgang";"DE1";"-12,34";"";"";""\n'
        '"01.03.26";"01.03.26";"Gebucht";"ACME";"Doe";"Gehalt";"Eingang";"DE1";"1.000";"";"";""\n',
        [("2026-03-02", "-12.34"), ("2026-03-01", "1000.00")], currency='EUR', pending=1),
    Layout("german, balances new above and old below",
        ';\n'
        '"Umsätze Girokonto";"Zeitraum: 30 Tage";\n'
        '"Neuer Kontostand";"1.234,56 EUR";\n'
        '\n'
        '"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";\n'
        '"02.03.2026";"02.03.2026";"Lastschrift / Belastung";"Auftraggeber: REWE Buchungstext: Einkauf";"-12,34";\n'
        '"01.03.2026";"01.03.2026";"Übertrag / Überweisung";"Gehalt";"1.000,00";\n'
        '\n'
        '"Alter Kontostand";"246,90 EUR";\n',
        [("2026-03-02", "-12.34"), ("2026-03-01", "1000.00")], encoding='cp1252', verdict='proved', currency='EUR'),
    Layout("german, pending where the date stands",
        ';\n'
        '"Umsätze Girokonto";"Zeitraum: 30 Tage";\n'
        '"Neuer Kontostand";"1.234,56 EUR";\n'
        '\n'
        '"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";\n'
        '"offen";"02.03.2026";"Karte";"X";"-1,00";\n'
        '"02.03.2026";"02.03.2026";"Lastschrift / Belastung";"Auftraggeber: REWE Buchungstext: Einkauf";"-12,34";\n'
        '"01.03.2026";"01.03.2026";"Übertrag / Überweisung";"Gehalt";"1.000,00";\n'
        '\n'
        '"Alter Kontostand";"246,90 EUR";\n',
        [("2026-03-02", "-12.34"), ("2026-03-01", "1000.00")], encoding='cp1252', currency='EUR', pending=1),
    Layout("italian entrate and uscite with states",
        'Data_Operazione;Data_Valuta;Entrate;Uscite;Descrizione;Descrizione_Completa;Stato\n'
        '02/03/2026;02/03/2026;;-12,34;PagoBancomat;ESSELUNGA;Contabilizzato\n'
        '01/03/2026;01/03/2026;1000,00;;Bonifico;Stipendio;Contabilizzato\n',
        [("2026-03-02", "-12.34"), ("2026-03-01", "1000.00")]),
    Layout("italian accrediti and addebiti",
        'Data contabile;Data valuta;Descrizione;Accrediti;Addebiti;Descrizione estesa;Mezzo\n'
        '13/03/2026;02/03/2026;Pagamento;;-12,34;X;Internet\n'
        '01/03/2026;01/03/2026;Stipendio;1.000,00;;Y;\n',
        [("2026-03-13", "-12.34"), ("2026-03-01", "1000.00")]),
    Layout("spanish with available balance and two currencies",
        'Últimos movimientos\n'
        '\n'
        'F.Valor;Fecha;Concepto;Movimiento;Importe;Divisa;Disponible;Divisa;Observaciones\n'
        '13/03/2026;13/03/2026;Mercadona;Pago con tarjeta;-12,34;EUR;987,66;EUR;4940\n'
        '02/03/2026;02/03/2026;Nomina;Abono;1.000,00;EUR;1.000,00;EUR;\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved', currency='EUR'),
    Layout("finnish tab, with saaja/maksaja",
        'Tilinumero\tFI2112345600000785\n'
        '\n'
        'Kirjauspäivä\tArvopäivä\tMaksupäivä\tMäärä\tSaaja/Maksaja\tTilinumero\tBIC\tTapahtuma\tViite\tMaksajan viite\tViesti\tKortinnumero\tKuitti\n'
        '02.03.2026\t02.03.2026\t02.03.2026\t-12,34\tPRISMA\t\t\tKorttiosto\t\t\t\t\t\n'
        '13.03.2026\t13.03.2026\t13.03.2026\t1000,00\tACME\t\t\tPalkka\t\t\t\t\t\n',
        [("2026-03-02", "-12.34"), ("2026-03-13", "1000.00")]),
    Layout("swedish, amount before text",
        'Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta\n'
        '2026/03/13;-12,34;1234 56;;;Kortköp ICA;987,66;SEK\n'
        '2026/03/02;1000,00;;;;Lön;1000,00;SEK\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved', currency='SEK'),
    Layout("swedish, reserved row without a date",
        'Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta\n'
        'Reserverat;-5,00;1234 56;;;Kortköp;;SEK\n'
        '2026/03/13;-12,34;1234 56;;;Kortköp ICA;987,66;SEK\n'
        '2026/03/02;1000,00;;;;Lön;1000,00;SEK\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], currency='SEK', unreadable=1),
    Layout("swedish, one column of insattningar/uttag",
        'Bokförd;Valutadatum;Text;Typ;Insättningar/uttag;Bokfört saldo\n'
        '2026-03-13;2026-03-12;ICA;Kort;-12,34;987,66\n'
        '2026-03-02;2026-03-02;LÖN;Lön;1000,00;1000,00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("danish with a waiting row",
        '"Dato";"Tekst";"Beløb";"Saldo";"Status";"Afstemt"\n'
        '"02.03.2026";"NETTO";"-12,34";"987,66";"Udført";"Nej"\n'
        '"13.03.2026";"Løn";"1.000,00";"1.987,66";"Udført";"Nej"\n'
        '"14.03.2026";"Husleje";"-500,00";"";"Venter";"Nej"\n',
        [("2026-03-02", "-12.34"), ("2026-03-13", "1000.00")], encoding='cp1252', pending=1),
    Layout("polish with plus signs and unnamed columns",
        '"Data operacji","Data waluty","Typ transakcji","Kwota","Waluta","Saldo po transakcji","Opis transakcji","","",""\n'
        '"2026-03-13","2026-03-12","Płatność kartą","-12.34","PLN","+987.66","Tytuł: 123","Lokalizacja: Kraj: POLSKA","",""\n'
        '"2026-03-02","2026-03-02","Przelew na konto","+1000.00","PLN","+1000.00","Rachunek nadawcy: 1","Nazwa nadawcy: ACME","",""\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='cp1250', verdict='proved', currency='PLN'),
    Layout("polish, number signs before names, currency in the cells",
        'mBank S.A. Bankowość Detaliczna;\n'
        'Skrytka Pocztowa 2108;\n'
        '\n'
        '#Klient;\n'
        'JAN KOWALSKI;\n'
        '\n'
        '#Za okres:;\n'
        '01.03.2026;31.03.2026;\n'
        '\n'
        '#zgodnie z wybranymi rachunkami:;\n'
        'eKonto - 12345678901234567890123456;\n'
        '\n'
        '#Lista nie jest dokumentem w rozumieniu art. 7 Ustawy;\n'
        '\n'
        '#Waluta;#Wpływy;#Wydatki;\n'
        'PLN;1 000,00;-12,34;\n'
        '\n'
        '#Data operacji;#Opis operacji;#Rachunek;#Kategoria;#Kwota;\n'
        '2026-03-13;"BIEDRONKA ZAKUP PRZY UŻYCIU KARTY";"eKonto 1234 ... 3456";"Żywność";-12,34 PLN;;\n'
        '2026-03-02;"ACME PRZELEW";"eKonto 1234 ... 3456";"Wpływy";1 000,00 PLN;;\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], currency='PLN'),
    Layout("polish, opening above and closing below",
        'mBank S.A.;\n'
        '#Waluta rachunku;\n'
        'PLN;\n'
        '#Saldo początkowe;0,00 PLN;\n'
        '\n'
        '#Data operacji;#Data księgowania;#Opis operacji;#Tytuł;#Nadawca/Odbiorca;#Numer konta;#Kwota;#Saldo po operacji;\n'
        '2026-03-02;2026-03-02;PRZELEW;"PENSJA";"ACME";\'1111\';1 000,00;1 000,00;\n'
        '2026-03-12;2026-03-13;ZAKUP;"BIEDRONKA";"  ";\'\';-12,34;987,66;\n'
        '\n'
        ';;;;;;#Saldo końcowe;987,66 PLN;\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], encoding='cp1250', verdict='proved', currency='PLN'),
    Layout("polish with blockades and three currencies",
        '"Lista transakcji";;;"ING Bank Śląski S.A."\n'
        '"Data transakcji";"Data księgowania";"Dane kontrahenta";"Tytuł";"Nr rachunku";"Nazwa banku";"Szczegóły";"Nr transakcji";"Kwota transakcji (waluta rachunku)";"Waluta";"Kwota blokady/zwolnienie blokady";"Waluta";"Kwota płatności w walucie";"Waluta";"Konto";"Saldo po transakcji";"Waluta";;;;\n'
        '2026-03-12;2026-03-13;"ZABKA";"Płatność kartą";"";"";"";\'202603130001\';-12,34;PLN;;;;;"KONTO Direct";987,66;PLN;;;;\n'
        '2026-03-02;2026-03-02;"ACME";"Pensja";"";"";"";\'202603020001\';1000,00;PLN;;;;;"KONTO Direct";1000,00;PLN;;;;\n'
        '"Dokument ma charakter informacyjny";;;\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='cp1250', verdict='proved', currency='PLN'),
    Layout("belgian with amount, credit and debit",
        'Rekeningnummer;Rubrieknaam;Naam;Munt;Afschriftnummer;Datum;Omschrijving;Valuta;Bedrag;Saldo;Credit;Debet;Rekeningnummer tegenpartij;BIC tegenpartij;Naam tegenpartij;Adres tegenpartij;gestructureerde mededeling;Vrije mededeling\n'
        'BE68539007547034;;Jan;EUR; 02026003;13/03/2026;BETALING DELHAIZE;13/03/2026;-12,34;987,66;;-12,34;;;;;;\n'
        'BE68539007547034;;Jan;EUR; 02026003;02/03/2026;LOON;02/03/2026;1000,00;1000,00;1000,00;;;;;;;\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved', currency='EUR'),
    Layout("belgian with filters before the rows",
        'Boekingsdatum vanaf;01/03/2026\n'
        'Boekingsdatum tot en met;31/03/2026\n'
        'Bedrag vanaf;\n'
        'Bedrag tot en met;\n'
        'Rekeninguittrekselnummer vanaf;\n'
        'Mededeling;\n'
        'Naam tegenpartij bevat;\n'
        'Rekening tegenpartij;\n'
        'Laatste saldo;987,66 EUR\n'
        'Datum/uur van het laatste saldo;31/03/2026 10:00:00\n'
        ';\n'
        ';\n'
        'Rekening;Boekingsdatum;Rekeninguittrekselnummer;Transactienummer;Rekening tegenpartij;Naam tegenpartij bevat;Straat en nummer;Postcode en plaats;Transactie;Valutadatum;Bedrag;Devies;BIC;Landcode;Mededelingen\n'
        'BE68 5390 0754 7034;13/03/2026;00003;0000002;;;;;AANKOOP DELHAIZE;13/03/2026;-12,34;EUR;;;\n'
        'BE68 5390 0754 7034;02/03/2026;00003;0000001;BE71;ACME;;;STORTING;02/03/2026;1.000,00;EUR;;;loon\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='cp1252', currency='EUR'),
    Layout("belgian with reasons of refusal",
        '"Volgnummer";"Uitvoeringsdatum";"Valutadatum";"Bedrag";"Valuta rekening";"Rekeningnummer";"Type verrichting";"Tegenpartij";"Naam van de tegenpartij";"Mededeling";"Details";"Status";"Reden van weigering"\n'
        '"2026-00002";"13/03/2026";"13/03/2026";"-12,34";"EUR";"BE68539007547034";"Kaartbetaling";"";"DELHAIZE";"";"BETALING";"Geaccepteerd";""\n'
        '"2026-00001";"02/03/2026";"02/03/2026";"1000,00";"EUR";"BE68539007547034";"Overschrijving";"BE71";"ACME";"loon";"";"Geaccepteerd";""\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], currency='EUR'),
    Layout("swiss with balances before the rows",
        'Kontonummer:;0123 00001234.40;\n'
        'IBAN:;CH93 0076 2011 6238 5295 7;\n'
        'Von:;2026-03-01;\n'
        'Bis:;2026-03-31;\n'
        'Anfangssaldo:;0.00;\n'
        'Schlusssaldo:;987.66;\n'
        'Bewertet in:;CHF;\n'
        'Anzahl Transaktionen in diesem Zeitraum:;2;\n'
        '\n'
        'Abschlussdatum;Abschlusszeit;Buchungsdatum;Valutadatum;Währung;Belastung;Gutschrift;Einzelbetrag;Saldo;Transaktions-Nr.;Beschreibung1;Beschreibung2;Beschreibung3;Fussnoten;\n'
        '2026-03-13;12:00:00;2026-03-13;2026-03-13;CHF;-12.34;;;987.66;9999001;"Migros";"Zahlung";;;\n'
        '2026-03-02;10:00:00;2026-03-02;2026-03-02;CHF;;1000.00;;1000.00;9999000;"ACME";"Lohn";;;\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved', currency='CHF'),
    Layout("swiss with formulas and a disclaimer",
        'Datum von:;="2026-03-01"\n'
        'Buchungsart:;="Alle"\n'
        'Konto:;="CH9300762011623852957"\n'
        'Währung:;="CHF"\n'
        '\n'
        'Datum;Bewegungstyp;Avisierungstext;Gutschrift in CHF;Lastschrift in CHF;Label;Kategorie;\n'
        '13.03.2026;Kauf;"COOP";;-12.34;;Essen;\n'
        '02.03.2026;Gutschrift;"ACME LOHN";1000;;;Lohn;\n'
        '\n'
        'Disclaimer:\n'
        'Der Dokumentinhalt wurde durch Filtereinstellungen der Kunden erzeugt.\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], currency='CHF'),
    Layout("swiss with lines of details",
        'IBAN;Booked At;Text;Credit/Debit Amount;Balance;Valuta Date\n'
        'CH9300762011623852957;2026-03-02 00:00:00.0;Lohn;1000;1000;2026-03-02 00:00:00.0\n'
        ';;Details;;;\n'
        'CH9300762011623852957;2026-03-13 00:00:00.0;Migros;-12.34;987.66;2026-03-13 00:00:00.0\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], verdict='proved'),
    Layout("us card with member and account, charges positive",
        'Date,Description,Card Member,Account #,Amount\n'
        '03/13/2026,WHOLEFDS 123,J DOE,-12345,12.34\n'
        '03/05/2026,STARBUCKS,J DOE,-12345,5.00\n'
        '03/04/2026,AMAZON,J DOE,-12345,25.00\n'
        '03/02/2026,AUTOPAY PAYMENT - THANK YOU,J DOE,-12345,-100.00\n',
        [("2026-03-13", "-12.34"), ("2026-03-05", "-5.00"), ("2026-03-04", "-25.00"), ("2026-03-02", "100.00")]),
    Layout("us with unsigned amounts and type",
        'Account Number,Transaction Description,Transaction Date,Transaction Type,Transaction Amount,Balance\n'
        '1234,Withdrawal from X,03/13/26,Debit,12.34,987.66\n'
        '1234,Deposit from ACME,03/02/26,Credit,1000.0,1000.0\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("us card, credits with a minus",
        'Status,Date,Description,Debit,Credit\n'
        'Cleared,03/13/2026,"WHOLE FOODS",12.34,\n'
        'Cleared,03/05/2026,"STARBUCKS",5.00,\n'
        'Cleared,03/02/2026,"ONLINE PAYMENT, THANK YOU",,-100.00\n',
        [("2026-03-13", "-12.34"), ("2026-03-05", "-5.00"), ("2026-03-02", "100.00")]),
    Layout("us with signs and marks",
        '"Date","Transaction","Name","Memo","Amount"\n'
        '"2026-03-13","DEBIT","WEB AUTHORIZED PMT X","Download from usbank.com.","-12.34"\n'
        '"2026-03-02","CREDIT","ELECTRONIC DEPOSIT ACME","Download from usbank.com.","1000.00"\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")]),
    Layout("indian with legends behind",
        'DETAILED STATEMENT,,,,,,,\n'
        ',,,,,,,\n'
        'Account Number,000401012345 (INR)  - JOHN,,,,,,\n'
        ',,,,,,,\n'
        'S No.,Value Date,Transaction Date,Cheque Number,Transaction Remarks,Withdrawal Amount (INR ),Deposit Amount (INR ),Balance (INR )\n'
        '1,02/03/2026,02/03/2026,-,NEFT ACME,0.00,"1,00,000.00","1,00,000.00"\n'
        '2,13/03/2026,13/03/2026,-,UPI/X,12.34,0.00,"99,987.66"\n'
        ',,,,,,,\n'
        'Legends Used in Account Statement,,,,,,,\n'
        'VAT/MAT/NFS,Cash Withdrawal,,,,,,\n',
        [("2026-03-02", "100000.00"), ("2026-03-13", "-12.34")], verdict='proved', currency='INR'),
    Layout("indian tab with day, month name, year",
        'Account Name       :\tMr. JOHN\n'
        'Address            :\tX\n'
        'Date               :\t31 Mar 2026\n'
        'Account Number     :\t_00000012345678901\n'
        'Branch             :\tX\n'
        'Drawing Power      :\t0.00\n'
        'Interest Rate(% p.a.) :\t2.7\n'
        'Balance as on 1 Mar 2026\t:\t0.00\n'
        'Start Date         :\t1 Mar 2026\n'
        'End Date           :\t31 Mar 2026\n'
        '\n'
        'Txn Date\tValue Date\tDescription\tRef No./Cheque No.\t        Debit\tCredit\tBalance\n'
        '2 Mar 2026\t2 Mar 2026\tBY TRANSFER-ACME\tTRANSFER FROM 1\t \t1,000.00\t1,000.00\n'
        '13 Mar 2026\t13 Mar 2026\tTO TRANSFER-UPI\tTRANSFER TO 2\t12.34\t \t987.66\n'
        '\n'
        '**This is a computer generated statement and does not require a signature\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], verdict='proved'),
    Layout("indian DR CR BAL",
        'Name :- JOHN\n'
        'Statement of Account No :- 911010012345678 for the period (From : 01-03-2026 To : 31-03-2026)\n'
        '\n'
        'Tran Date,CHQNO,PARTICULARS,DR,CR,BAL,SOL\n'
        '02-03-2026,-,NEFT/ACME, ,1000.00,1000.00,123\n'
        '13-03-2026,-,UPI/X,12.34, ,987.66,123\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], verdict='proved'),
    Layout("indian with two columns of Dr / Cr",
        'Sl. No.,Transaction Date,Value Date,Description,Chq / Ref No.,Amount,Dr / Cr,Balance,Dr / Cr\n'
        '1,02/03/2026,02/03/2026,ACME,NEFT1,"1,000.00",CR,"1,000.00",CR\n'
        '2,13/03/2026,13/03/2026,UPI,UPI2,12.34,DR,987.66,CR\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], verdict='proved'),
    Layout("brazilian card with payment received",
        'date,title,amount\n'
        '2026-03-13,Mercado Livre,12.34\n'
        '2026-03-10,Uber,20.00\n'
        '2026-03-05,Ifood,30.50\n'
        '2026-03-02,Pagamento recebido,-100.00\n',
        [("2026-03-13", "-12.34"), ("2026-03-10", "-20.00"), ("2026-03-05", "-30.50"), ("2026-03-02", "100.00")]),
    Layout("brazilian with balance before",
        ' Extrato Conta Corrente \n'
        'Conta ;12345678\n'
        'Período ;01/03/2026 a 31/03/2026\n'
        'Saldo ;987,66\n'
        '\n'
        'Data Lançamento;Descrição;Valor;Saldo\n'
        '13/03/2026;Pix enviado: Fulano;-12,34;987,66\n'
        '02/03/2026;Pix recebido: ACME;1.000,00;1.000,00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("brazilian with previous balance and total",
        'Extrato de: Ag: 1234 | Conta: 12345-6\n'
        '\n'
        'Data;Histórico;Docto.;Crédito (R$);Débito (R$);Saldo (R$);\n'
        '02/03/26;SALDO ANTERIOR;;;;0,00;\n'
        '02/03/26;TED ACME;123;1.000,00;;1.000,00;\n'
        '13/03/26;PIX;124;;-12,34;987,66;\n'
        ';;Total;1.000,00;-12,34;987,66;\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], encoding='cp1252', verdict='proved', currency='BRL'),
    Layout("australian with merchant name",
        'Date,Amount,Account Number,,Transaction Type,Transaction Details,Balance,Category,Merchant Name\n'
        '13 Mar 26,-12.34,123456789,,EFTPOS DEBIT,WOOLWORTHS,987.66,Groceries,Woolworths\n'
        '02 Mar 26,1000.00,123456789,,DEPOSIT,ACME,1000.00,Income,\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("new zealand with ledger balance before",
        'Created date / time : 31 March 2026 / 10:00:00\n'
        'Bank 12; Branch 3136; Account 0123456-50 (Streamline)\n'
        'From date 20260301\n'
        'To date 20260331\n'
        'Avail Bal : 987.66 as of 20260331\n'
        'Ledger Balance : 987.66 as of 20260331\n'
        'Date,Unique Id,Tran Type,Cheque Number,Payee,Memo,Amount\n'
        '\n'
        '2026/03/02,2026030201,D/C,,"ACME","SALARY",1000.00\n'
        '2026/03/13,2026031301,EFTPOS,,"COUNTDOWN","X",-12.34\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")]),
    Layout("new zealand with credit, debit and signed amounts",
        'Account number,Date,Memo/Description,Source Code (payment type),TP ref,TP part,TP code,OP ref,OP part,OP code,OP name,OP Bank Account Number,Amount (credit),Amount (debit),Amount,Balance\n'
        '38-9012-0123456-00,02-03-2026,ACME,,,,,,,,,,1000.00,,1000.00,1000.00\n'
        '38-9012-0123456-00,13-03-2026,COUNTDOWN,,,,,,,,,,,12.34,-12.34,987.66\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], verdict='proved'),
    Layout("new zealand with one coded row",
        'Date,Amount,Payee,Particulars,Code,Reference,Tran Type,This Party Account,Other Party Account,Serial,Transaction Code,Batch Number,Originating Bank/Branch,Processed Date\n'
        '13/03/26,-12.34,COUNTDOWN,4835,C,,POS,02-0123-0123456-000,,,00,0123,02-0123,13/03/26\n'
        '02/03/26,1000.00,ACME,SALARY,,,DC,02-0123-0123456-000,,,50,0123,02-0123,02/03/26\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")]),
    Layout("japanese with polite names",
        '年月日,お引出し,お預入れ,お取り扱い内容,残高,メモ,ラベル\n'
        '2026/3/13,1234,,カード,98766,,\n'
        '2026/3/2,,100000,給与,100000,,\n',
        [("2026-03-13", "-1234.00"), ("2026-03-02", "100000.00")], encoding='cp932', verdict='proved'),
    Layout("german with soll and haben and a balance behind",
        'Umsätze Girokonto;;;Kundennummer: 123 4567890\n'
        '01.03.2026 - 31.03.2026\n'
        'Letzter Kontostand;;;;0,00;EUR\n'
        'Vorgemerkte und noch nicht gebuchte Umsätze sind nicht Bestandteil dieser Übersicht.\n'
        'Buchungstag;Wert;Umsatzart;Begünstigter / Auftraggeber;Verwendungszweck;IBAN;BIC;Kundenreferenz;Mandatsreferenz ;Gläubiger ID;Fremde Gebühren;Betrag;Abweichender Empfänger;Anzahl der Aufträge;Anzahl der Schecks;Soll;Haben;Währung\n'
        '2.3.2026;2.3.2026;SEPA-Gutschrift;ACME;Gehalt;DE1;X;;;;;;;;;;1.000,00;EUR\n'
        '13.3.2026;13.3.2026;SEPA-Lastschrift;REWE;Einkauf;DE2;X;;;;;;;;;-12,34;;EUR\n'
        'Kontostand;31.3.2026;;;987,66;EUR\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], encoding='cp1252', currency='EUR'),
    Layout("german utf-16",
        'Kontonummer;Buchungsdatum;Valuta;Empfaenger 1;Empfaenger 2;Verwendungszweck;Betrag;Waehrung\n'
        '"12345678";13.03.2026;13.03.2026;REWE;;Einkauf;-12,34;EUR\n'
        '"12345678";02.03.2026;02.03.2026;ACME;;Gehalt;1.000,00;EUR\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='utf-16', currency='EUR'),
    Layout("french, the balance of today in each row",
        'dateOp;dateVal;label;category;categoryParent;supplierFound;amount;comment;accountNum;accountLabel;accountbalance\n'
        '2026-03-13;2026-03-12;"CARTE 12/03 CARREFOUR";Alimentation;Vie;carrefour;-12,34;;00040123456;BoursoBank;987.66\n'
        '2026-03-02;2026-03-02;"VIR ACME";Salaire;Revenus;acme;"1 000,00";;00040123456;BoursoBank;987.66\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")]),
    Layout("french with labels of several lines",
        'Téléchargement du 31/03/2026;\n'
        '\n'
        'Compte de Dépôt carte n° 12345678901;\n'
        'Solde au 31/03/2026 987,66 €\n'
        '\n'
        'Liste des opérations du compte entre le 01/03/2026 et le 31/03/2026;\n'
        '\n'
        'Date;Libellé;Débit euros;Crédit euros;\n'
        '13/03/2026;"PAIEMENT PAR CARTE\n'
        'CARREFOUR 12/03\n'
        '";12,34;;\n'
        '02/03/2026;"VIREMENT EN VOTRE FAVEUR\n'
        'ACME\n'
        '";;1 000,00;\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='cp1252', currency='EUR'),
    Layout("french with signs in both columns",
        'Date de comptabilisation;Libelle simplifie;Libelle operation;Reference;Informations complementaires;Type operation;Categorie;Sous categorie;Debit;Credit;Date operation;Date de valeur;Pointage operation\n'
        '13/03/2026;CARREFOUR;CB CARREFOUR;ABC123;;Carte bancaire;Alimentation;Courses;-12,34;;12/03/2026;13/03/2026;0\n'
        '02/03/2026;ACME;VIR ACME;ABC124;;Virement;Salaire;;;+1000,00;02/03/2026;02/03/2026;0\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")]),
    Layout("french in euros and francs",
        'Numéro Compte   ;1234567X020\n'
        'Type         ;CCP\n'
        'Compte tenu en  ;euros\n'
        'Date            ;31/03/2026\n'
        'Solde (EUROS)   ;987,66\n'
        'Solde (FRANCS)  ;6478,62\n'
        '\n'
        'Date;Libellé;Montant(EUROS);Montant(FRANCS)\n'
        '13/03/2026;"ACHAT CB CARREFOUR";-12,34;-80,94\n'
        '02/03/2026;"VIREMENT ACME";1000,00;6559,57\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='cp1252'),
    Layout("french with a formula above",
        '="0001234567";01/03/2026;31/03/2026;2;31/03/2026;"987,66 EUR"\n'
        '\n'
        "Date de l'opération;Libellé;Détail de l'écriture;Montant de l'opération;Devise\n"
        '13/03/2026;CARTE CARREFOUR;CARTE X1234 CARREFOUR;-12,34;EUR\n'
        '02/03/2026;VIR RECU;VIR RECU ACME;1000,00;EUR\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='cp1252', currency='EUR'),
    Layout("spanish with the currency behind amounts",
        'Concepto;Fecha;Importe;Saldo\n'
        'MERCADONA;13/03/2026;-12,34EUR;987,66EUR\n'
        'NOMINA;02/03/2026;1.000,00EUR;1.000,00EUR\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved', currency='EUR'),
    Layout("czech with key and value lines before",
        '"accountId";"2000000000"\n'
        '"bankId";"2010"\n'
        '"currency";"CZK"\n'
        '"iban";"CZ6508000000192000145399"\n'
        '"openingBalance";"0,00"\n'
        '"closingBalance";"987,66"\n'
        '"dateStart";"01.03.2026"\n'
        '"dateEnd";"31.03.2026"\n'
        '\n'
        '"ID operace";"Datum";"Objem";"Měna";"Protiúčet";"Název protiúčtu";"Kód banky";"Název banky";"KS";"VS";"SS";"Uživatelská identifikace";"Zpráva pro příjemce";"Typ";"Provedl";"Upřesnění";"Komentář";"BIC";"ID pokynu"\n'
        '"26000000001";"02.03.2026";"1000,00";"CZK";"1";"ACME";"0800";"";"";"";"";"";"mzda";"Bezhotovostní příjem";"";"";"";"";"1"\n'
        '"26000000002";"13.03.2026";"-12,34";"CZK";"";"";"";"";"";"";"";"Nákup";"";"Platba kartou";"";"";"";"";"2"\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], encoding='utf-8-sig', verdict='proved', currency='CZK'),
    Layout("romanian with sold contabil",
        'Data tranzactie,Data valuta,Descriere,Referinta tranzactiei,Debit,Credit,Sold contabil\n'
        '2026-03-02,2026-03-02,Incasare ACME,REF1,,"1,000.00","1,000.00"\n'
        '2026-03-13,2026-03-13,Plata POS,REF2,-12.34,,987.66\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], verdict='proved'),
    Layout("russian card with a failed row",
        '"Дата операции";"Дата платежа";"Номер карты";"Статус";"Сумма операции";"Валюта операции";"Сумма платежа";"Валюта платежа";"Кэшбэк";"Категория";"MCC";"Описание";"Бонусы (включая кэшбэк)";"Округление на инвесткопилку";"Сумма операции с округлением"\n'
        '"12.03.2026 10:00:00";"13.03.2026";"*1234";"OK";"-12,34";"RUB";"-12,34";"RUB";"";"Супермаркеты";"5411";"Пятерочка";"0,00";"0,00";"12,34"\n'
        '"05.03.2026 10:00:00";"";"*1234";"FAILED";"-5,00";"RUB";"-5,00";"RUB";"";"X";"";"X";"0,00";"0,00";"5,00"\n'
        '"02.03.2026 10:00:00";"02.03.2026";"";"OK";"1000,00";"RUB";"1000,00";"RUB";"";"Пополнения";"";"ACME";"0,00";"0,00";"1000,00"\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='cp1251', currency='RUB', unreadable=1),
    Layout("ukrainian card with original amounts",
        '"Дата i час операції","Деталі операції",MCC,"Сума в валюті картки (UAH)","Сума в валюті операції",Валюта,Курс,"Сума комісій (UAH)","Сума кешбеку (UAH)","Залишок після операції"\n'
        '"13.03.2026 10:00:00","Сільпо",5411,-400.00,-10.00,USD,40,—,0.40,600.00\n'
        '"02.03.2026 10:00:00","Від: ACME",4829,1000.00,1000.00,UAH,—,—,—,1000.00\n',
        [("2026-03-13", "-400.00"), ("2026-03-02", "1000.00")], verdict='proved', currency='UAH'),
    Layout("hebrew",
        'תאריך,פעולה,אסמכתא,זכות,חובה,יתרה\n'
        '13/03/2026,שופרסל,123,,12.34,987.66\n'
        '02/03/2026,משכורת,124,1000.00,,1000.00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("vietnamese",
        'Ngày giao dịch,Diễn giải,Ghi nợ,Ghi có,Số dư\n'
        '13/03/2026,MUA HANG,"12,000",,"988,000"\n'
        '02/03/2026,LUONG,,"1,000,000","1,000,000"\n',
        [("2026-03-13", "-12000.00"), ("2026-03-02", "1000000.00")], verdict='proved'),
    Layout("indonesian with DB and CR beside",
        'Informasi Rekening - Mutasi Rekening\n'
        'No. rekening : 1234567890\n'
        'Nama : JOHN\n'
        'Periode : 01/03/2026 - 31/03/2026\n'
        'Kode Mata Uang : IDR\n'
        '\n'
        'Tanggal Transaksi,Keterangan,Cabang,Jumlah,,Saldo\n'
        '02/03/2026,TRSF ACME,0000,"1,000,000.00",CR,"1,000,000.00"\n'
        '13/03/2026,BELANJA,0000,"12,000.00",DB,"988,000.00"\n'
        'Saldo Awal,:,0.00\n'
        'Mutasi Debet,:,"12,000.00",1\n'
        'Mutasi Kredit,:,"1,000,000.00",1\n'
        'Saldo Akhir,:,"988,000.00"\n',
        [("2026-03-02", "1000000.00"), ("2026-03-13", "-12000.00")], verdict='proved'),
    Layout("croatian",
        'Datum;Opis;Isplata;Uplata;Stanje\n'
        '13.03.2026;KONZUM;12,34;;987,66\n'
        '02.03.2026;PLACA;;1.000,00;1.000,00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("slovenian",
        'Datum valute;Namen;Breme;Dobro;Stanje\n'
        '13.03.2026;MERCATOR;12,34;;987,66\n'
        '02.03.2026;PLAČA;;1.000,00;1.000,00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("latvian with balances and turnover as rows",
        '"Klienta konts";"Ieraksta tips";"Datums";"Saņēmējs/Maksātājs";"Informācija saņēmējam";"Summa";"Valūta";"Debets/Kredīts";"Arhīva kods";"Maksājuma veids";"Refernces numurs";"Dokumenta numurs"\n'
        '"LV80HABA0551000000001";"10";"01.03.2026";"";"Sākuma atlikums";"100,00";"EUR";"K";"";"AS";"";""\n'
        '"LV80HABA0551000000001";"20";"02.03.2026";"ACME";"ALGA";"1000,00";"EUR";"K";"2026030200001";"INB";"";""\n'
        '"LV80HABA0551000000001";"20";"13.03.2026";"RIMI";"PIRKUMS";"12,34";"EUR";"D";"2026031300001";"K";"";""\n'
        '"LV80HABA0551000000001";"82";"31.03.2026";"";"Apgrozījums";"12,34";"EUR";"D";"";"K2";"";""\n'
        '"LV80HABA0551000000001";"82";"31.03.2026";"";"Apgrozījums";"1000,00";"EUR";"K";"";"K2";"";""\n'
        '"LV80HABA0551000000001";"86";"31.03.2026";"";"Beigu atlikums";"1087,66";"EUR";"K";"";"LS";"";""\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], verdict='proved', currency='EUR'),
    Layout("estonian with balances and turnover as rows",
        '"Kliendi konto";"Reatüüp";"Kuupäev";"Saaja/Maksja";"Selgitus";"Summa";"Valuuta";"Deebet/Kreedit";"Arhiveerimistunnus";"Tehingu tüüp";"Viitenumber";"Dokumendi number"\n'
        '"EE382200221020145685";"10";"01.03.2026";"";"Algsaldo";"100,00";"EUR";"K";"";"AS";"";""\n'
        '"EE382200221020145685";"20";"02.03.2026";"ACME";"PALK";"1000,00";"EUR";"K";"2026030200001";"MK";"";""\n'
        '"EE382200221020145685";"20";"13.03.2026";"RIMI";"OST";"12,34";"EUR";"D";"2026031300001";"K";"";""\n'
        '"EE382200221020145685";"82";"31.03.2026";"";"Käive";"12,34";"EUR";"D";"";"K2";"";""\n'
        '"EE382200221020145685";"86";"31.03.2026";"";"lõppsaldo";"1087,66";"EUR";"K";"";"LS";"";""\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], verdict='proved', currency='EUR'),
    Layout("canadian with blanks before names",
        'Date, Transaction Details, Funds Out, Funds In\n'
        '03/02/2026, PAYROLL ACME,,1000.00\n'
        '03/13/2026, LOBLAWS,12.34,\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")]),
    Layout("canadian card without header",
        '2026-03-13,LOBLAWS TORONTO,12.34,,4500********1234\n'
        '2026-03-10,COSTCO,50.00,,4500********1234\n'
        '2026-03-02,PAYMENT THANK YOU,,100.00,4500********1234\n',
        [("2026-03-13", "-12.34"), ("2026-03-10", "-50.00"), ("2026-03-02", "100.00")]),
    Layout("canadian with debit and credit as type",
        'Filter,Date,Description,Sub-description,Status,Type of Transaction,Amount\n'
        ',2026-03-13,Point of sale purchase,LOBLAWS,Posted,Debit,12.34\n'
        ',2026-03-02,Payroll,ACME,Posted,Credit,1000.00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")]),
    Layout("chinese with plus signs",
        '记录时间,交易类型,金额,余额\n'
        '2026-03-13 10:00,消费,"-12.34",987.66\n'
        '2026-03-02 10:00,工资,+1000.00,1000.00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("korean",
        '거래일시,적요,찾으신금액,맡기신금액,거래후잔액\n'
        '2026.03.13 10:00:00,마트,"12,000",0,"988,000"\n'
        '2026.03.02 10:00:00,급여,0,"1,000,000","1,000,000"\n',
        [("2026-03-13", "-12000.00"), ("2026-03-02", "1000000.00")], encoding='cp949', verdict='proved'),
    Layout("greek in cp1253",
        'Ημερομηνία;Περιγραφή;Χρέωση;Πίστωση;Υπόλοιπο\n'
        '13/03/2026;ΣΚΛΑΒΕΝΙΤΗΣ;12,34;;987,66\n'
        '02/03/2026;ΜΙΣΘΟΔΟΣΙΑ;;1.000,00;1.000,00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='cp1253', verdict='proved'),
    Layout("bulgarian",
        'Дата;Основание;Дебит;Кредит;Салдо\n'
        '13.03.2026;BILLA;12,34;;987,66\n'
        '02.03.2026;Заплата;;1000,00;1000,00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='cp1251', verdict='proved'),
    Layout("chinese with dashes for nothing",
        '交易日期,摘要,收入,支出,余额,对方户名\n'
        '20260313,消费,--,12.34,987.66,超市\n'
        '20260302,工资,1000.00,--,1000.00,公司\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='gb18030', verdict='proved'),
    Layout("uk without header, three columns",
        '02/03/2026,ACME SALARY,"1,000.00"\n'
        '13/03/2026,TESCO,-12.34\n'
        '14/03/2026,SAINSBURY,-15.00\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34"), ("2026-03-14", "-15.00")]),
    Layout("uk with apostrophes",
        'Date, Type, Description, Value, Balance, Account Name, Account Number\n'
        '\n'
        '13/03/2026,POS,"\'1234 12MAR26 TESCO",-12.34,987.66,"\'DOE J","\'601234-12345678",\n'
        '02/03/2026,BAC,"\'ACME",1000.00,1000.00,"\'DOE J","\'601234-12345678",\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("uk with two balances before",
        '"Account Name:","FlexAccount ****12345"\n'
        '"Account Balance:","£987.66"\n'
        '"Available Balance: ","£987.66"\n'
        '\n'
        '"Date","Transaction type","Description","Paid out","Paid in","Balance"\n'
        '"13 Mar 2026","Visa purchase","TESCO","£12.34","","£987.66"\n'
        '"02 Mar 2026","Bank credit","ACME","","£1000.00","£1000.00"\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='cp1252', verdict='proved', currency='GBP'),
    Layout("uk card without header, payments in the first column",
        ' 13 Mar 26 ,Tesco Stores,Visa,J DOE,Groceries,,12.34\n'
        '02 Mar 26,"Payment, Thank You",Visa,J DOE,Other,100.00,\n'
        '10 Mar 26,Boots,Visa,J DOE,Other,,20.00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "100.00"), ("2026-03-10", "-20.00")]),
    Layout("european app bank",
        '"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference","Account Name","Amount (EUR)","Original Amount","Original Currency","Exchange Rate"\n'
        '2026-03-02,2026-03-02,ACME,DE1,"Credit Transfer",Gehalt,Hauptkonto,1000.00,,,\n'
        '2026-03-13,2026-03-12,REWE,,Presentment,,Hauptkonto,-12.34,-12.34,EUR,1\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], currency='EUR'),
    Layout("business account with original amounts",
        'Date started (UTC),Date completed (UTC),ID,Type,State,Description,Reference,Payer,Card number,Orig currency,Orig amount,Payment currency,Amount,Total amount,Exchange rate,Fee,Fee currency,Balance,Account\n'
        '2026-03-13,2026-03-13,a1,CARD_PAYMENT,COMPLETED,AWS,,J D,1234,USD,-10.00,EUR,-9.20,-9.20,0.92,0.00,EUR,90.80,Main EUR\n'
        '2026-03-02,2026-03-02,a2,TOPUP,COMPLETED,In,,,,EUR,100.00,EUR,100.00,100.00,,0.00,EUR,100.00,Main EUR\n',
        [("2026-03-13", "-9.20"), ("2026-03-02", "100.00")], verdict='proved', currency='EUR'),
    Layout("us card with clearing date",
        'Transaction Date,Clearing Date,Description,Merchant,Category,Type,Amount (USD),Purchased By\n'
        '03/12/2026,03/13/2026,TRADER JOE S,Trader Joes,Grocery,Purchase,12.34,J D\n'
        '03/10/2026,03/11/2026,UBER,Uber,Transportation,Purchase,20.00,J D\n'
        '03/02/2026,03/02/2026,ACH DEPOSIT INTERNET TRANSFER,Ach Deposit,Payment,Payment,-100.00,J D\n',
        [("2026-03-13", "-12.34"), ("2026-03-11", "-20.00"), ("2026-03-02", "100.00")], currency='USD'),
    Layout("swedish with row numbers",
        '* Transaktioner Period 2026-03-01 - 2026-03-31 Skapad 2026-03-31 10:00\n'
        'Radnummer,Clearingnummer,Kontonummer,Produkt,Valuta,Bokföringsdag,Transaktionsdag,Valutadag,Referens,Beskrivning,Belopp,Bokfört saldo\n'
        '1,8105-9,1234567890,Privatkonto,SEK,2026-03-13,2026-03-12,2026-03-13,ICA,KORTKÖP,-12.34,987.66\n'
        '2,8105-9,1234567890,Privatkonto,SEK,2026-03-02,2026-03-02,2026-03-02,LÖN,LÖN,1000.00,1000.00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='cp1252', verdict='proved', currency='SEK'),
    Layout("norwegian with archive reference",
        '"BOKFØRINGSDATO";"RENTEDATO";"ARKIVREFERANSE";"TYPE";"TEKST";"UT FRA KONTO";"INN PÅ KONTO"\n'
        '2026-03-13;2026-03-13;"1234";"Varekjøp";"REMA";-12,34;\n'
        '2026-03-02;2026-03-02;"1235";"Lønn";"ACME";;1000,00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")]),
    Layout("finnish with archiving id",
        'Kirjauspäivä;Maksupäivä;Summa;Tapahtumalaji;Maksaja;Saajan nimi;Saajan tilinumero;Saajan BIC-tunnus;Viitenumero;Viesti;Arkistointitunnus\n'
        '13.03.2026;12.03.2026;-12,34;KORTTIMAKSU;MEIKÄ;PRISMA;;;;;2026031301\n'
        '02.03.2026;02.03.2026;+1000,00;PALKKA;ACME;MEIKÄ;;;;;2026030201\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")]),
    Layout("irish with local currency",
        'Posted Account, Posted Transactions Date, Description1, Description2, Description3, Debit Amount, Credit Amount,Balance,Posted Currency,Transaction Type,Local Currency Amount,Local Currency\n'
        '"93000012345678","02/03/2026","ACME","","",,"1,000.00","1,000.00","EUR","Credit","1,000.00","EUR"\n'
        '"93000012345678","13/03/2026","VDP-AMZN","","","12.34",,"987.66","EUR","Debit"," 10.00","GBP"\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34")], verdict='proved', currency='EUR'),
    Layout("south african with fees beside both directions",
        'Nr,Account,Posting Date,Transaction Date,Description,Original Description,Parent Category,Category,Money In,Money Out,Fee,Balance\n'
        '1,1234567890,2026-03-02 10:00,2026-03-02,ACME,ACME,Income,Salary,1000.00,,,1000.00\n'
        '2,1234567890,2026-03-13 10:00,2026-03-13,Cash,ATM,Cash,ATM,,-100.00,-10.00,890.00\n'
        '3,1234567890,2026-03-14 10:00,2026-03-14,Shop,Shop,Food,Food,,-50.00,,840.00\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-110.00"), ("2026-03-14", "-50.00")], verdict='proved'),
    Layout("kenyan with receipts",
        'Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance\n'
        'ABC1,2026-03-13 10:00:00,Pay Bill,Completed,,-12.34,987.66\n'
        'ABC0,2026-03-02 10:00:00,Funds received,Completed,1000.00,,1000.00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("mexican with cargo and abono",
        'FECHA DE OPERACIÓN,FECHA DE CARGO,CONCEPTO,REFERENCIA,CARGO,ABONO,SALDO\n'
        '13/03/2026,13/03/2026,OXXO,123,12.34,,987.66\n'
        '02/03/2026,02/03/2026,NOMINA,124,,"1,000.00","1,000.00"\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("chilean without decimals",
        'Fecha;Descripción;N° Doc;Cargo;Abono;Saldo\n'
        '13/03/2026;JUMBO;0;$12.340;;$987.660\n'
        '02/03/2026;SUELDO;0;;$1.000.000;$1.000.000\n',
        [("2026-03-13", "-12340.00"), ("2026-03-02", "1000000.00")], verdict='proved'),
    Layout("singaporean with balances before",
        'Account Details For:,DBS Multiplier 123-45678-9\n'
        'Statement as at:,31 Mar 2026\n'
        'Current Balance:,SGD 987.66\n'
        'Available Balance:,SGD 987.66\n'
        '\n'
        'Transaction Date,Reference,Debit Amount,Credit Amount,Transaction Ref1,Transaction Ref2,Transaction Ref3\n'
        '13 Mar 2026,POS,12.34, ,NTUC,,\n'
        '02 Mar 2026,SAL, ,1000.00,ACME,,\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")]),
    Layout("irish with a minus in money out",
        'Date,Payee,Money In,Money Out,Balance\n'
        '13/03/2026,TESCO,,-12.34,987.66\n'
        '02/03/2026,ACME,1000.00,,1000.00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("uk card with date entered",
        'Date,Date entered,Reference,Description,Amount,\n'
        '12/03/2026,13/03/2026,1234567,TESCO STORES,12.34,\n'
        '05/03/2026,06/03/2026,1234568,AMAZON UK,20.00,\n'
        '02/03/2026,02/03/2026,1234569,PAYMENT RECEIVED - THANK YOU,-100.00,\n',
        [("2026-03-13", "-12.34"), ("2026-03-06", "-20.00"), ("2026-03-02", "100.00")]),
    Layout("uk card with DBIT and CRDT",
        'Transaction Date,Posting Date,Billing Amount,Merchant,Merchant City,Merchant State,Merchant Postcode,Reference Number,Debit or Credit,SICMCC Code,Status\n'
        '12/03/2026,13/03/2026,12.34,TESCO,LONDON,,,123,DBIT,5411,BILLED\n'
        '02/03/2026,02/03/2026,100.00,PAYMENT,,,,124,CRDT,,BILLED\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "100.00")]),
    Layout("german savings bank, booked or noted in a column without a name of its own",
        '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Glaeubiger ID";"Mandatsreferenz";"Kundenreferenz (End-to-End)";"Sammlerreferenz";"Lastschrift Ursprungsbetrag";"Auslagenersatz Ruecklastschrift";"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"\n'
        '"DE02120300000000202051";"14.03.26";"15.03.26";"KARTENZAHLUNG";"X";"";"";"";"";"";"";"REWE";"DE1";"X";"-1,00";"EUR";"Umsatz vorgemerkt"\n'
        '"DE02120300000000202051";"13.03.26";"13.03.26";"KARTENZAHLUNG";"X";"";"";"";"";"";"";"REWE";"DE1";"X";"-12,34";"EUR";"Umsatz gebucht"\n',
        [("2026-03-13", "-12.34")], encoding='cp1252', currency='EUR', pending=1),
    Layout("us with posted and pending",
        'Date,Description,Original Description,Category,Amount,Status\n'
        '2026-03-13,"Starbucks","STARBUCKS 123","Restaurants",-5.00,Posted\n'
        '2026-03-14,"Gas","SHELL","Auto",-40.00,Pending\n'
        '2026-03-02,"Payroll","ACME","Paycheck",1000.00,Posted\n',
        [("2026-03-13", "-5.00"), ("2026-03-02", "1000.00")], pending=1),
    Layout("us with a daily posted balance",
        'Date,Transaction Type,Check/Serial #,Description,Amount,Daily Posted Balance\n'
        '03/13/2026,Debit,,STARBUCKS,($5.00),$995.00\n'
        '03/02/2026,Credit,,PAYROLL,"$1,000.00","$1,000.00"\n',
        [("2026-03-13", "-5.00"), ("2026-03-02", "1000.00")], verdict='proved', currency='USD'),
    Layout("us with blanks before names",
        'Date, Time, Amount, Type, Description\n'
        '2026-03-13,10:00:00,-12.34,Withdrawal,ATM\n'
        '2026-03-02,10:00:00,1000.00,Deposit,ACME\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")]),
    Layout("us cash account with disclaimers behind",
        '\n'
        '\n'
        '\n'
        'Run Date,Account,Action,Symbol,Security Description,Security Type,Quantity,Price ($),Commission ($),Fees ($),Accrued Interest ($),Amount ($),Settlement Date\n'
        '03/13/2026,"CMA X1","DEBIT CARD PURCHASE STORE",,No Description,Cash,0,,,,,-12.34,\n'
        '03/02/2026,"CMA X1","DIRECT DEPOSIT ACME",,No Description,Cash,0,,,,,1000.00,\n'
        '\n'
        '\n'
        '"The data is provided for informational purposes only"\n'
        '\n'
        'Date downloaded 03/31/2026 10:00 am\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")]),
    Layout("australian with a minus in debit",
        'Date,Description,Credit,Debit,Balance\n'
        '13/03/2026,WOOLWORTHS - Visa Purchase,,-12.34,987.66\n'
        '02/03/2026,Salary,1000.00,,1000.00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("australian with settled date",
        'Time,BSB / Account Number,Transaction Type,Payee,Description,Category,Tags,Subtotal (AUD),Currency,Subtotal (Transaction Currency),Round Up (AUD),Total (AUD),Payment Method,Settled Date\n'
        '2026-03-13T10:00:00+11:00,633-123 / 123456789,Purchase,Coles,COLES 123,Groceries,,-12.34,AUD,-12.34,0.00,-12.34,Debit Card,2026-03-14\n'
        '2026-03-02T10:00:00+11:00,633-123 / 123456789,Salary,ACME,SALARY,,,1000.00,AUD,1000.00,0.00,1000.00,,2026-03-02\n',
        [("2026-03-14", "-12.34"), ("2026-03-02", "1000.00")], currency='AUD'),
    Layout("dutch without header, Debet and Credit",
        '"13-03-2026","NL20TRIO0123456789","12,34","Debet","Albert Heijn","NL00INGB0001234567","BA","Betaling","987,66"\n'
        '"02-03-2026","NL20TRIO0123456789","1.000,00","Credit","ACME","NL00INGB0001234568","OV","Loon","1.000,00"\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], verdict='proved'),
    Layout("dutch without header, balance before each row",
        "13-03-2026;NL00SNSB0123456789;NL00INGB0001234567;Albert Heijn;;;;EUR;1000,00;EUR;-12,34;13-03-2026;13-03-2026;1;BEA;1;;'Betaling';26\n"
        "14-03-2026;NL00SNSB0123456789;NL00INGB0001234567;Jumbo;;;;EUR;987,66;EUR;-7,66;14-03-2026;14-03-2026;1;BEA;2;;'Betaling';26\n"
        "15-03-2026;NL00SNSB0123456789;NL00INGB0001234567;ACME;;;;EUR;980,00;EUR;500,00;15-03-2026;15-03-2026;1;OVB;3;;'Loon';26\n",
        [("2026-03-13", "-12.34"), ("2026-03-14", "-7.66"), ("2026-03-15", "500.00")], verdict='proved', currency='EUR'),
    Layout("italian with channel",
        'Data Registrazione;Data valuta;Descrizione;Importo (EUR);Canale;\n'
        '13.03.2026;12.03.2026;PAGAMENTO POS ESSELUNGA;-12,34;POS;\n'
        '02.03.2026;02.03.2026;ACCREDITO STIPENDIO;1.000,00;;\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], currency='EUR'),
    Layout("portuguese with two balances",
        'Consultar saldos e movimentos à ordem - 31-03-2026\n'
        '\n'
        'Conta ;0123456789012 - EUR - Conta\n'
        'Data de início ;01-03-2026\n'
        'Data de fim ;31-03-2026\n'
        '\n'
        'Data mov. ;Data valor ;Descrição ;Débito ;Crédito ;Saldo contabilístico ;Saldo disponível ;Categoria ;\n'
        '13-03-2026;12-03-2026;COMPRA CONTINENTE ;12,34;;987,66;987,66;Compras ;\n'
        '02-03-2026;02-03-2026;TRF ACME ;;1.000,00;1.000,00;1.000,00;Diversos ;\n'
        ' ; ; ; ; Saldo contabilístico ;987,66 EUR ; ; ;\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='cp1252', verdict='proved'),
    Layout("brazilian without header",
        '02/03/2026;SALARIO ACME;1000,00\n'
        '13/03/2026;PIX TRANSF JOAO;-12,34\n'
        '14/03/2026;RSHOP MERCADO;-20,00\n',
        [("2026-03-02", "1000.00"), ("2026-03-13", "-12.34"), ("2026-03-14", "-20.00")]),
    Layout("turkish with labels",
        'Hesap Hareketleri\n'
        '\n'
        'Hesap No;123-4567890\n'
        'Tarih;Açıklama;Etiket;Tutar;Bakiye;Dekont No\n'
        '13/03/2026;MIGROS;Market;-12,34;987,66;123\n'
        '02/03/2026;MAAŞ;Gelir;1.000,00;1.000,00;124\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")], encoding='cp1254', verdict='proved'),
    Layout("hungarian without header and decimals",
        '"11773016-11111018";"T";-1234;"HUF";20260313;20260313;98766;"";"";"TESCO";"";"";"VASARLAS";\n'
        '"11773016-11111018";"J";100000;"HUF";20260302;20260302;100000;"";"";"ACME";"";"";"FIZETES";\n',
        [("2026-03-13", "-1234.00"), ("2026-03-02", "100000.00")], encoding='cp1250', verdict='proved', currency='HUF'),
    Layout("dutch app bank",
        '"Date";"Interest Date";"Amount";"Account";"Counterparty";"Name";"Description"\n'
        '"2026-03-13";"2026-03-13";"-12,34";"NL00BUNQ0123456789";"NL00INGB0001234567";"AH";"X"\n'
        '"2026-03-02";"2026-03-02";"1.000,00";"NL00BUNQ0123456789";"NL00INGB0001234568";"ACME";"Y"\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1000.00")]),
]  # fmt: skip
