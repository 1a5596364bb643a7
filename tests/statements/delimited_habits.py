"""What single banks do that others do not, with invented rows (see `delimited_layouts`)."""

# ruff: noqa: E501

from tests.statements.delimited_layouts import Layout

HABITS = [
    Layout("a line with the account's balance has names too",
        '"Umsätze ab";"Enddatum";"Kontonummer";"Saldo";"Währung"\n'
        '"01.03.2026";"31.03.2026";"1234567";"12.345,67";"EUR"\n'
        '\n'
        '"Buchungstag";"Wertstellungstag";"Verwendungszweck";"Umsatz";"Währung"\n'
        '"02.03.2026";"02.03.2026";"REWE";"-12,34";"EUR"\n'
        '"13.03.2026";"13.03.2026";"GEHALT";"1.000,00";"EUR"\n',
        [("2026-03-02", "-12.34"), ("2026-03-13", "1000.00")], currency='EUR'),
    Layout("balances named in a column that is not the description's",
        '"Buchungstag";"Valuta";"Vorgang/Verwendungszweck";"Kundenreferenz";"Währung";"Umsatz";" "\n'
        '"02.03.2026";"02.03.2026";"REWE";;"EUR";"12,34";"S"\n'
        '"13.03.2026";"13.03.2026";"GEHALT";;"EUR";"1.000,00";"H"\n'
        '\n'
        '"01.03.2026";;;"Anfangssaldo";"EUR";"100,00";"H"\n'
        '"31.03.2026";;;"Endsaldo";"EUR";"1.087,66";"H"\n',
        [("2026-03-02", "-12.34"), ("2026-03-13", "1000.00")], verdict='proved', currency='EUR'),
    Layout("balances as rows, bars in their cells, no break at the end",
        'Data;Valuta;Addebiti;Accrediti;Descrizione operazioni\n'
        '28/02/26;;;100,00|;SALDO INIZIALE\n'
        '02/03/26;02/03/26;2,90;;IMPOSTA DI BOLLO\n'
        '13/03/26;13/03/26;;1.250,00;BONIFICO A VOSTRO FAVORE\n'
        '31/03/26;;;1.347,10;|SALDO FINALE',
        [("2026-03-02", "-2.90"), ("2026-03-13", "1250.00")], verdict='proved'),
    Layout("a row that names a balance, with nothing in it",
        'Statement,Date,Card,Description,Money In,Money Out\n'
        '1,01/03/2026,1234****5678,INITIAL BALANCE,"",""\n'
        '2,02/03/2026,1234****5678,PURCHASE TESCO,"","£42.95"\n'
        '3,13/03/2026,1234****5678,REFUND ASOS,"£25.00",""\n',
        [("2026-03-02", "-42.95"), ("2026-03-13", "25.00")], currency='GBP'),
    Layout("who pays the balance of last month has a row",
        'Transactiedatum;Boekingsdatum;Omschrijving;Debit/Credit;Bedrag;Land;Valuta;Bedrag in oorspronkelijke valuta\n'
        '12-03-2026;13-03-2026;ALBERT HEIJN;D;12,34;NLD;EUR;12,34\n'
        '11-03-2026;11-03-2026;GEINCASSEERD VORIG SALDO;C;-1304,91;;EUR;-1304,91\n'
        '02-03-2026;03-03-2026;SHOP NEW YORK;D;70,48;USA;USD;79,00\n',
        [("2026-03-13", "-12.34"), ("2026-03-11", "1304.91"), ("2026-03-03", "-70.48")], currency='EUR'),
    Layout("the instructed currency is that of the original amount",
        'Ccy,Card,Date,Amount,Description,Instr Amt,Instr Ccy,Rate\n'
        'EUR,4204,2026-03-10,-5.60,KIOSK HKG,50.00,HKD,8.92857\n'
        'EUR,4204,2026-03-10,-0.11,Koersopslag,,,\n',
        [("2026-03-10", "-5.60"), ("2026-03-10", "-0.11")], currency='EUR'),
    Layout("a label speaks of cash back in every row",
        'Data operacji,Data waluty,Typ transakcji,Kwota,Waluta,Opis transakcji,,\n'
        '2026-03-13,2026-03-13,Płatność kartą,-27.04,PLN,Tytuł: 000134679,Kwota Cash Back:  0.00,\n'
        '2026-03-12,2026-03-12,Płatność kartą,-29.60,PLN,Tytuł: 000134680,Kwota Cash Back:  0.00,\n'
        '2026-03-10,2026-03-10,Przelew na konto,8000.00,PLN,Rachunek nadawcy,Kwota Cash Back:  0.00,\n'
        '2026-03-02,2026-03-02,Płatność kartą,-10.00,PLN,Tytuł: 000134681,Kwota Cash Back:  0.00,\n',
        [("2026-03-13", "-27.04"), ("2026-03-12", "-29.60"), ("2026-03-10", "8000.00"), ("2026-03-02", "-10.00")], currency='PLN'),
    Layout("date and time apart by a point, a row that was not approved",
        'id,name,state,kind,date,amount,currency\n'
        'a,Ricarica,APPROVED,BANK,"24 lug 2026. 02:59:45","30,40 ",EUR\n'
        'b,Bar,APPROVED,P2P,"22 giu 2026. 19:45:52","-17,00 ",EUR\n'
        'c,Conte,NOT APPROVED,P2P,"13 apr 2026. 11:48:16","-5,00 ",EUR\n',
        [("2026-07-24", "30.40"), ("2026-06-22", "-17.00")], currency='EUR', unreadable=1),
    Layout("reversed and withdrawn rows of a chinese bank",
        '交易时间,交易对方,摘要,收/支,交易金额,交易状态\n'
        '2026-03-02 10:00:00,甲,午餐,支出,32.00,交易成功\n'
        '2026-03-03 10:00:00,乙,退货,支出,20.00,已撤销\n'
        '2026-03-04 10:00:00,丙,误转,支出,10.00,已冲正\n'
        '2026-03-13 10:00:00,丁,工资,收入,1000.00,交易成功\n',
        [("2026-03-02", "-32.00"), ("2026-03-13", "1000.00")], unreadable=2),
    Layout("a credit card's charges without any word that tells",
        '某银行信用卡账单\n'
        '交易日,记账日,交易摘要,人民币金额\n'
        '2026-03-02,2026-03-02,美团,35.00\n'
        '2026-03-03,2026-03-03,京东,120.50\n'
        '2026-03-13,2026-03-13,还款,-500.00\n',
        [("2026-03-02", "-35.00"), ("2026-03-03", "-120.50"), ("2026-03-13", "500.00")]),
    Layout("a credit card that was repaid more often than used",
        '信用卡对账单（2026年03月）\n'
        '交易日,记账日,交易摘要,人民币金额,卡号末四位,交易地金额\n'
        ',12/29,掌上生活还款,-1.23,1234,-1.23\n'
        ',01/01,银联转账还款,-30.00,1234,-30.00\n'
        '01/02,03/03,电影票,56.78,1234,56.78\n',
        [("2025-12-29", "1.23"), ("2026-01-01", "30.00"), ("2026-03-03", "-56.78")], currency='CNY'),
    Layout("hebrew names, day first",
        'תאריך,תיאור,סכום,יתרה\n'
        '02/03/2026,קפה,-12.34,87.66\n'
        '05/03/2026,משכורת,100.00,187.66\n',
        [("2026-03-02", "-12.34"), ("2026-03-05", "100.00")], verdict='proved'),
    Layout("english names, thai rows",
        'Date\tTime\tDescription\tWithdrawal\tDeposits\tBalance\n'
        '02/01/2026\t09:59\tเงินเดือน\t \t+91,890.08\t+92,972.03\n'
        '02/01/2026\t15:43\tกรุงไทย (KTB)\t-20,000.00\t \t+72,972.03\n',
        [("2026-01-02", "91890.08"), ("2026-01-02", "-20000.00")], verdict='proved'),
    Layout("currencies behind brackets, references that begin with a letter",
        'Date,Ref,Details,Amount,Balance\n'
        '2026-03-02,R260302001,Bakery,(12.34) €,€87.66\n'
        '2026-03-13,R260313002,Salary,"1,000.00 €","€1,087.66"\n'
        '2026-03-14,R260314003,Refund,$(5.00),"€1,082.66"\n'.replace('$(', '€('),
        [("2026-03-02", "-12.34"), ("2026-03-13", "1000.00"), ("2026-03-14", "-5.00")], verdict='proved', currency='EUR'),
    Layout("debits and credits without names, the other one zero",
        '2026-03-02,Bakery,12.34,0.00\n'
        '2026-03-03,Rent,500.00,0.00\n'
        '2026-03-04,Shop,20.00,0.00\n'
        '2026-03-13,Bonus,0.00,100.00\n',
        [("2026-03-02", "-12.34"), ("2026-03-03", "-500.00"), ("2026-03-04", "-20.00"), ("2026-03-13", "100.00")]),
    Layout("every row has a minus beside it",
        'Дата операции;Сумма;Описание;Sign\n'
        '13/02/2026;180,90;Книги;-\n'
        '11/02/2026;166,54;Кафе;-\n',
        [("2026-02-13", "-180.90"), ("2026-02-11", "-166.54")]),
    Layout("the value date stands before the booking date",
        'Tarikh Nilai;Tarikh;Debit;Kredit;Baki;Keterangan\n'
        '2026-03-05;2026-03-02;25.07;;974.93;Garage\n'
        '2026-03-13;2026-03-13;;100.47;1075.40;J. Smith\n',
        [("2026-03-02", "-25.07"), ("2026-03-13", "100.47")], verdict='proved'),
    Layout("windows polish",
        'Data operacji|Opis operacji|Uznania|Obciążenia|Saldo\n'
        '02/03/2026|Księgarnia||62,48|937,52\n'
        '13/03/2026|Wypłata|100,00||1037,52\n',
        [("2026-03-02", "-62.48"), ("2026-03-13", "100.00")], encoding='cp1250', verdict='proved'),
    Layout("windows greek with euro signs",
        'Ημερομηνία;Περιγραφή;Χρέωση;Πίστωση\n'
        '12/9/2026;Αγορά;134,19 €;\n'
        '20/9/2026;Κατάθεση;;80,53 €\n',
        [("2026-09-12", "-134.19"), ("2026-09-20", "80.53")], encoding='cp1253', currency='EUR'),
    Layout("nothing but a euro sign beyond ascii",
        '"2026-03-17","Garage","-112,23 €","3301,82 €"\n'
        '"2026-03-18","Kiosk","-111,18 €","3190,64 €"\n',
        [("2026-03-17", "-112.23"), ("2026-03-18", "-111.18")], encoding='cp1252', verdict='proved', currency='EUR'),
    Layout("places in the united states",
        'Posted Date,Reference Number,Payee,Address,Amount\n'
        '01/07/2026,REF00001,"MARKET 1000 SOMERVILLE MA","SOMERVILLE    MA ",-22.01\n'
        '01/06/2026,REF00002,"ROASTERS BOSTON MA","BOSTON        MA ",-6.75\n'
        '01/05/2026,REF00003,"PAYMENT FROM CHK 4444","",200.34\n',
        [("2026-01-07", "-22.01"), ("2026-01-06", "-6.75"), ("2026-01-05", "200.34")]),
    Layout("names of columns as india writes them",
        'Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt. (Rs.),Deposit Amt. (Rs.),Closing Balance (Rs.)\n'
        '02/03/26,ATM,0000000001,02/03/26,500.00,,1500.00\n'
        '05/03/26,SALARY,0000000002,05/03/26,,1000.00,2500.00\n',
        [("2026-03-02", "-500.00"), ("2026-03-05", "1000.00")], verdict='proved', currency='INR'),
    Layout("yen in words, nothing after the comma",
        'Date & Time,Amount Outgoing (Yen),Amount Incoming (Yen),Business Name\n'
        '2026/03/02 12:00:00,"3,000",-,Store\n'
        '2026/03/13 12:00:00,-,"1,000",Refund\n',
        [("2026-03-02", "-3000.00"), ("2026-03-13", "1000.00")], currency='JPY'),
    Layout("japanese card with a fee column and second lines",
        '利用日,利用店名・商品名,利用者,支払方法,利用金額,支払手数料,支払総額,9月支払金額\n'
        '2026/08/30,"AMAZON.CO.JP",本人,1回払い,4980,0,4980,4980\n'
        ',現地利用額 10.00,,,,,,\n'
        '2026/09/01,"ヨドバシ, 新宿",家族,1回払い,"12,800",0,"12,800","12,800"\n',
        [("2026-08-30", "-4980.00"), ("2026-09-01", "-12800.00")]),
    Layout("brazilian balances of each day, letters apart",
        '"Data","Lançamento","Detalhes","Nº documento","Valor","Tipo Lançamento"\n'
        '"28/02/2026","Saldo Anterior","","","1.000,00",""\n'
        '"02/03/2026","Pix - Enviado","02/03 10:00 Maria","90101","-250,00","Saída"\n'
        '"02/03/2026","Saldo do dia","","","750,00",""\n'
        '"13/03/2026","Pix - Recebido","13/03 10:00 Joao","90102","1.980,50","Entrada"\n'
        '"00/00/0000","Saldo do dia","","","2.730,50",""\n'
        '"31/03/2026","S A L D O","","","2.730,50",""\n',
        [("2026-03-02", "-250.00"), ("2026-03-13", "1980.50")], verdict='proved'),
    Layout("brazilian card, every row a purchase by its kind",
        '"Data","Lançamento","Categoria","Tipo","Valor"\n'
        '"25/05/2026","GarfoDeOuro SALVADOR","SUPERMERCADO","Compra à vista","R$ 9,50"\n'
        '"25/05/2026","PAGAMENTO ON LINE","OUTROS","Compra à vista","-R$ 100,00"\n'
        '"26/05/2026","NETFLIX","OUTROS","Compra à vista","R$ 39,90"\n',
        [("2026-05-25", "-9.50"), ("2026-05-25", "100.00"), ("2026-05-26", "-39.90")], currency='BRL'),
    Layout("russian amounts in the operation's currency and in the account's",
        'Дата обработки операции;Тип операции;Описание;Валюта операции;Сумма в валюте операции;Сумма в валюте счета\n'
        '12.03.2026;Покупка;PYATEROCHKA;RUR;1500,00;-1500,00\n'
        '11.03.2026;Покупка;LIDL;EUR;10,00;-1050,00\n'
        '20.02.2026;Зачисление;ЗП;RUR;50000,00;50000,00\n',
        [("2026-03-12", "-1500.00"), ("2026-03-11", "-1050.00"), ("2026-02-20", "50000.00")], currency='RUB'),
    Layout("norwegian out and in",
        '"Dato";"Forklaring";"Rentedato";"Uttak";"Innskudd"\n'
        '"03.09.2026";"Varekjøp REMA";"02.09.2026";"115,70";""\n'
        '"01.09.2026";"Lønn";"01.09.2026";"";"10000,00"\n',
        [("2026-09-03", "-115.70"), ("2026-09-01", "10000.00")]),
    Layout("opening balance as a row of zeros",
        'Txn Date,Description,Ref No,Debit (INR),Credit (INR),Balance (INR)\n'
        '01/04/2026,OPENING BALANCE,NA,0.00,0.00,1245210.00\n'
        '02/04/2026,RTGS CR APEX,R94827104,0.00,450000.00,1695210.00\n'
        '15/04/2026,NEFT DR LOGISTICS,N09524018,53100.00,0.00,1642110.00\n',
        [("2026-04-02", "450000.00"), ("2026-04-15", "-53100.00")], verdict='proved', currency='INR'),
    Layout("names of sums and the sums below the rows",
        'Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance\n'
        '05/09/26,NEFT CR-X,N1,05/09/26,,"83,204.00","2,03,747.75"\n'
        '07/09/26,ATW-KORAMANGALA,ATM9988,07/09/26,"10,000.00",,"1,93,747.75"\n'
        ',,,,,,\n'
        'STATEMENT SUMMARY :-,,,,,,\n'
        'Opening Balance,,,,Dr Count,Cr Count,Closing Bal\n'
        '"1,20,543.75",,,,1,1,"1,93,747.75"\n',
        [("2026-09-05", "83204.00"), ("2026-09-07", "-10000.00")], verdict='proved'),
    Layout("brackets as wide as letters, and only on some rows that are marked as out",
        '交易日期,收入/支出,金额,交易备注\n'
        '2026-03-02,支出,（18.00）,早餐\n'
        '2026-03-03,收入,"12,800.00",工资\n'
        '2026-03-13,支出,"1,280.00",还款\n',
        [("2026-03-02", "-18.00"), ("2026-03-03", "12800.00"), ("2026-03-13", "-1280.00")]),
    Layout("kinds of a chinese wallet tell the direction",
        '交易日期,交易时间,交易类型,交易金额,账户余额,交易对方\n'
        '2026-03-10,12:30:45,消费,35.00,1250.50,星巴克\n'
        '2026-03-10,18:15:00,消费,88.00,1162.50,外卖\n'
        '2026-03-11,09:00:00,充值,500.00,1662.50,银行\n'
        '2026-03-11,14:20:00,退款,35.00,1697.50,星巴克\n',
        [("2026-03-10", "-35.00"), ("2026-03-10", "-88.00"), ("2026-03-11", "500.00"), ("2026-03-11", "35.00")], verdict='proved'),
    Layout("checks are american",
        'Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n'
        'DEBIT,09/08/2026,ACH PMT PLASTICS,-9366.95,ACH_DEBIT,38672.88,\n'
        'DEBIT,09/03/2026,ACH PMT COMPONENTS,-1960.17,ACH_DEBIT,48039.83,\n',
        [("2026-09-08", "-9366.95"), ("2026-09-03", "-1960.17")], verdict='proved'),
    Layout("digits as wide as letters",
        '日付,内容,出金,入金,残高\n'
        '２０２６/03/02,スーパー,１，２００,,８，８００\n'.replace('２０２６', '2026')
        + '2026/03/13,給与,,１０，０００,１８，８００\n',
        [("2026-03-02", "-1200.00"), ("2026-03-13", "10000.00")], verdict='proved'),
]  # fmt: skip
