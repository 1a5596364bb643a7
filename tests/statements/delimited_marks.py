"""Which way the money went and whether it went at all, in words and letters of many languages, with invented rows
(see `delimited_layouts`)."""


from tests.statements.delimited_layouts import Layout


def _marked(heading: str, out: str, into: str) -> Layout:
    return Layout(f"{out} is money out beside {into}, under {heading}",
        f"Datum;Text;Betrag;{heading}\n02.03.2026;A;12,34;{out}\n03.03.2026;B;5,00;{out}\n13.03.2026;C;100,10;{into}\n",
        [("2026-03-02", "-12.34"), ("2026-03-03", "-5.00"), ("2026-03-13", "100.10")])  # fmt: skip


def _states(heading: str, done: str, failed: str, waiting: str) -> Layout:
    return Layout(f"{failed} was not carried out, {waiting} waits",
        f"Datum;Text;{heading};Betrag\n02.03.2026;A;{done};-12,34\n03.03.2026;B;{failed};-5,00\n04.03.2026;C;{done};100,10\n"
        f"13.03.2026;D;{waiting};-7,00\n",
        [("2026-03-02", "-12.34"), ("2026-03-04", "100.10")], unreadable=1, pending=1)  # fmt: skip


def _kinds(heading: str, out: tuple[str, str], into: tuple[str, str]) -> Layout:
    return Layout(f"{out[0]} is money out, {into[0]} money in, and no amount has a sign",
        f"Datum;{heading};Nr;Betrag\n02.03.2026;{out[0]};1;12,34\n03.03.2026;{into[0]};2;50,00\n04.03.2026;{out[1]};3;5,00\n"
        f"13.03.2026;{into[1]};4;100,10\n",
        [("2026-03-02", "-12.34"), ("2026-03-03", "50.00"), ("2026-03-04", "-5.00"), ("2026-03-13", "100.10")])  # fmt: skip


def _card(head: str, repaid: str) -> Layout:
    return Layout(f"a card's purchases are positive where {repaid} is not",
        f"{head}\n13.03.2026;ABC;12,34\n12.03.2026;{repaid};-100,00\n03.03.2026;DEF;5,00\n02.03.2026;GHI;7,00\n",
        [("2026-03-13", "-12.34"), ("2026-03-12", "100.00"), ("2026-03-03", "-5.00"), ("2026-03-02", "-7.00")])  # fmt: skip


MARKS = [
    _kinds("Type", ("Sent", "Fee"), ("Received", "Refund")),
    _kinds("Type", ("Transfer Out", "Card Payment"), ("Transfer In", "Interest")),
    _kinds("Art", ("Auszahlung", "Zahlung"), ("Einzahlung", "Gutschrift")),
    _kinds("Type", ("Paiement", "Retrait"), ("Versement", "Remboursement")),
    _kinds("Tipo", ("Pago", "Retiro"), ("Depósito", "Abono")),
    _kinds("Tipo", ("Pagamento", "Saque"), ("Depósito", "Recebimento")),
    _kinds("Tipo", ("Prelievo", "Pagamento"), ("Versamento", "Accredito")),
    _kinds("Typ", ("Wypłata", "Płatność"), ("Wpłata", "Zwrot")),
    _kinds("Тип", ("Списание", "Оплата"), ("Зачисление", "Пополнение")),
    _kinds("Jenis", ("Pembayaran", "Tarik Tunai"), ("Setoran", "Transfer Masuk")),
    _card("Datum;Omschrijving;Bedrag", "HARTELIJK BEDANKT VOOR UW BETALING"),
    _card("Dato;Tekst;Beløb", "INDBETALING"),
    _card("Datum;Beskrivning;Belopp", "BETALNING MOTTAGEN"),
    _card("Data;Opis;Kwota", "SPŁATA KARTY"),
    _marked("D/H", "D", "H"),
    _marked("Wn/Ma", "Wn", "Ma"),
    _marked("MD/D", "MD", "D"),
    _marked("B/D", "B", "D"),
    _marked("D/P", "D", "P"),
    _marked("B/A", "B", "A"),
    _marked("Д/К", "Д", "К"),
    _marked("ДТ/КТ", "ДТ", "КТ"),
    _marked("Πρόσημο ποσού", "Χ", "Π"),
    _marked("CARGO/ABONO", "C", "A"),
    _marked("Abono/Cargo", "C", "A"),
    _marked("Τύπος", "Χρέωση", "Πίστωση"),
    _marked("Nợ/Có", "Nợ", "Có"),
    _marked("ประเภท", "ถอน", "ฝาก"),
    _marked("النوع", "مدين", "دائن"),
    _marked("Type", "Money out", "Money in"),
    Layout("a heading names the marks of which only one is there",
        "Datum;Popis;Částka;MD/D\n02.03.2026;A;12,34;D\n13.03.2026;B;5,00;D\n",
        [("2026-03-02", "12.34"), ("2026-03-13", "5.00")]),
    Layout("letters that are kinds of payments say nothing of the direction",
        "Date;Details;Amount;Type\n02/03/2026;A;-12.34;B\n13/03/2026;B;100.10;B\n14/03/2026;C;-7.00;D\n",
        [("2026-03-02", "-12.34"), ("2026-03-13", "100.10"), ("2026-03-14", "-7.00")]),
    _states("Statut", "Accepté", "Refusé", "En cours"),
    _states("Situação", "Concluída", "Cancelada", "Pendente"),
    _states("Статус", "Исполнено", "Отклонено", "В обработке"),
    _states("Stav", "Zaúčtováno", "Zamítnuto", "Čeká na zaúčtování"),
    _states("Durum", "Tamamlandı", "Reddedildi", "Beklemede"),
    _states("Status", "Zrealizowana", "Odrzucona", "W trakcie realizacji"),
    _states("Állapot", "Teljesült", "Elutasítva", "Folyamatban"),
    _states("Status", "Bokförd", "Avvisad", "Reserverad"),
    _states("상태", "완료", "취소", "대기"),
    Layout("rows to come stand under a title, names again and after the booked ones",
        'data;lançamento;ag./origem;valor (R$);saldos (R$)\n'
        '01/03/2026;SALDO ANTERIOR;;;100,00\n'
        '02/03/2026;PIX ENVIADO;;-12,34;87,66\n'
        '13/03/2026;SALARIO;;100,00;187,66\n'
        '\n'
        ';Lançamentos futuros\n'
        'data;lançamento;ag./origem;valor (R$);saldos (R$)\n'
        '15/05/2026;FATURA;;-80,00;\n',
        [("2026-03-02", "-12.34"), ("2026-03-13", "100.00")], verdict="proved", pending=1),
    Layout("pending rows under a title above all, then the posted ones",
        'Pending transactions\n'
        'Date,Description,Amount\n'
        '14/03/2026,SHOP,-7.00\n'
        'Posted transactions\n'
        '13/03/2026,SHOP,-12.34\n'
        '02/03/2026,SALARY,100.00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "100.00")], pending=1),
    Layout("a second line that speaks of an authorisation is no title",
        'Date,Description,Amount,Balance\n'
        '02/03/2026,SHOP,-12.34,87.66\n'
        ',AUTHORISATION 4411,,\n'
        '13/03/2026,SALARY,100.00,187.66\n',
        [("2026-03-02", "-12.34"), ("2026-03-13", "100.00")], verdict="proved"),
    Layout("the newest rows alone have no balance yet",
        'Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n'
        'DEBIT,03/15/2026,"SHOP",-7.00,DEBIT_CARD, ,,\n'
        'DEBIT,03/14/2026,"SHOP",-1.00,DEBIT_CARD,186.66,,\n'
        'CREDIT,03/13/2026,"PAYROLL",100.00,ACH_CREDIT,187.66,,\n'
        'DEBIT,03/02/2026,"SHOP",-12.34,DEBIT_CARD,87.66,,\n'
        'DEBIT,03/02/2026,"SHOP",-1.00,DEBIT_CARD,100.00,,\n',
        [("2026-03-14", "-1.00"), ("2026-03-13", "100.00"), ("2026-03-02", "-12.34"), ("2026-03-02", "-1.00")],
        verdict="proved", pending=1),
    Layout("opening and closing balances as rows of a file without names",
        '0,0,OPEN,100.00,OPEN BALANCE,,0\n'
        'HIST,20260302,##,-12.34,SHOP,,4321\n'
        'HIST,20260313,##,+50.00,SALARY,,4321\n'
        '0,0,CLOSE,137.66,CLOSE BALANCE,,0\n',
        [("2026-03-02", "-12.34"), ("2026-03-13", "50.00")], verdict="proved"),
    Layout("an empty column of charges beside amounts with marks",
        'Card,Type,Amount,Details,TransactionDate,ProcessedDate,ForeignCurrencyAmount,ConversionCharge\n'
        '4879-****-****-6843,D,4.5,CAFE,12/02/2026,13/02/2026,,\n'
        '4879-****-****-6843,C,54,Direct Credit Payment,12/02/2026,12/02/2026,,\n'
        '4879-****-****-6843,D,27.19,SHOP,01/02/2026,02/02/2026,,\n',
        [("2026-02-13", "-4.50"), ("2026-02-12", "54.00"), ("2026-02-02", "-27.19")]),
    Layout("an empty column of debits beside amounts with marks",
        'Date,Type,Amount,Details,Debited\n13/02/2026,D,4.50,CAFE,\n12/02/2026,C,54.00,PAYMENT,\n02/02/2026,D,27.19,SHOP,\n',
        [("2026-02-13", "-4.50"), ("2026-02-12", "54.00"), ("2026-02-02", "-27.19")]),
]
