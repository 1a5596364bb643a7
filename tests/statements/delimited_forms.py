"""How dates and amounts are written in more countries, and amounts beside the fees taken off them, with invented rows
(see `delimited_layouts`)."""

from tests.statements.delimited_layouts import Layout

FORMS = [
    Layout("years of a Japanese era",
        '取引日,受入金額（円）,払出金額（円）,詳細,現在高\n'
        'R8.03.02,,"1,200",ＡＴＭ,"8,800"\n'
        'R8.03.13,"5,000",,給与,"13,800"\n'
        '令和8年3月14日,,300,手数料,"13,500"\n',
        [("2026-03-02", "-1200"), ("2026-03-13", "5000"), ("2026-03-14", "-300")], encoding="cp932", verdict="proved"),
    Layout("Arabic digits and their marks",
        "التاريخ;البيان;المبلغ;الرصيد\n"
        "٠٢/٠٣/٢٠٢٦;شراء;-١٢٫٣٤;١٬٢٣٤٫٠٠\n"
        "١٣/٠٣/٢٠٢٦;راتب;١٬٠٠٠٫٥٠;٢٬٢٣٤٫٥٠\n",
        [("2026-03-02", "-12.34"), ("2026-03-13", "1000.50")], verdict="proved"),
    Layout("marks of the direction of writing around numbers",
        "תאריך,תיאור,סכום,יתרה\n"
        "\u200f02/03/2026,A,\u200e-12.34,\u200e87.66\n"
        "\u200f13/03/2026,B,\u200e100.00,\u200e187.66\n",
        [("2026-03-02", "-12.34"), ("2026-03-13", "100.00")], verdict="proved"),
    Layout("a letter for year behind the date",
        "Дата;Основание;Дебит BGN;Кредит BGN\n"
        "02.03.2026 г.;А;12.34;\n"
        "13 март 2026 г.;Б;;100.00\n",
        [("2026-03-02", "-12.34"), ("2026-03-13", "100.00")], encoding="cp1251"),
    Layout("soles before the amount",
        'Fecha,Descripción,Monto,Operación - Número\n'
        '02/03/2026,CAJERO,"S/ -1,012.34",001\n'
        '13/03/2026,ABONO,"S/ 100.00",002\n',
        [("2026-03-02", "-1012.34"), ("2026-03-13", "100.00")], currency="PEN"),
    Layout("the day from which a broker counts stands behind the date",
        '"Date","Action","Description","Amount"\n'
        '"03/13/2026","Buy","SAMPLE","-$12.34"\n'
        '"03/02/2026 as of 02/28/2026","Dividend","SAMPLE","$1.50"\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1.50")], currency="USD"),
    Layout("tabs before every comma",
        '交易日期\t,收入\t,支出\t,账户余额\t,摘要\t\n'
        '20260302\t,\t,"12.34"\t,"1,087.66"\t,便利店\t\n'
        '20260313\t,"1,000.00"\t,\t,"2,087.66"\t,工资\t\n',
        [("2026-03-02", "-12.34"), ("2026-03-13", "1000.00")], encoding="gb18030", verdict="proved"),
    Layout("a first line of another form, and references longer than amounts",
        '5512,2026/03/01,2026/03/31,100.00,187.66\n' +
        ''.join(f'2026/03/{day:02},1.{day:02},"SHOP",,"86354200{day:02}",DEBIT\n' for day in range(2, 14)),
        [(f"2026-03-{day:02}", f"-1.{day:02}") for day in range(2, 14)], unreadable=1),
    Layout("sales, their fees and what is left",
        'id,Type,Amount,Fee,Net,Currency,Created (UTC),Description\n'
        'txn_1,charge,92.70,2.99,89.71,usd,2026-04-04 08:10,Invoice 1\n'
        'txn_2,charge,126.48,3.97,122.51,usd,2026-04-06 08:11,Invoice 2\n'
        'txn_3,refund,-49.00,0.00,-49.00,usd,2026-04-13 08:12,REFUND FOR CHARGE\n'
        'txn_4,payout,-120.00,0.00,-120.00,usd,2026-04-14 08:12,PAYOUT\n',
        [("2026-04-04", "89.71"), ("2026-04-06", "122.51"), ("2026-04-13", "-49.00"), ("2026-04-14", "-120.00")], currency="USD"),
    Layout("a fee on money out, with decimal commas",
        'Datum;Typ;Brutto;Gebühr;Netto\n'
        '02.03.2026;Zahlung;-13,84;-0,75;-14,59\n'
        '13.03.2026;Eingang;20,00;0,00;20,00\n',
        [("2026-03-02", "-14.59"), ("2026-03-13", "20.00")]),
    Layout("sums and a balance behind the rows, under names in no list",
        'Dan;Opomba;Odhod;Dohod;Znesek na koncu\n'
        '02.03.2026;A;12,34;;87,66\n'
        '13.03.2026;B;;100,00;187,66\n'
        '14.03.2026;C;7,66;;180,00\n'
        ';Vsega;20,00;100,00;\n'
        ';Na koncu;;;180,00\n',
        [("2026-03-02", "-12.34"), ("2026-03-13", "100.00"), ("2026-03-14", "-7.66")], verdict="proved", unreadable=1),
    Layout("the day of the order stands before that of its settlement",
        'Run Date,Action,Amount ($),Cash Balance ($),Settlement Date\n'
        '03/13/2026,YOU BOUGHT,-12.34,87.66,03/16/2026\n'
        '03/02/2026,DIVIDEND,1.50,100.00,\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "1.50")], verdict="proved"),
    Layout("a record of named lines for each row",
        'From:\u00a001/03/2026\u00a0to\u00a031/03/2026\n'
        '\u00a0\n'
        'Account:\u00a0XXXX XXXX XXXX 1234\n'
        '\u00a0\n'
        'Date:\u00a013/03/2026\nDescription:\u00a0CARD PAYMENT: SHOP\nAmount:\u00a0-12.34\u00a0\nBalance:\u00a087.66\n'
        '\u00a0\n'
        'Date:\u00a002/03/2026\nDescription:\u00a0SALARY\nAmount:\u00a0100.00\u00a0\nBalance:\u00a0100.00\n',
        [("2026-03-13", "-12.34"), ("2026-03-02", "100.00")], encoding="cp1252", verdict="proved"),
    Layout("columns that stand below each other",
        'Account 12-345\n\n'
        'DATE        DESCRIPTION             DEBIT      CREDIT       BALANCE\n'
        '----------  ----------------  ----------- ----------- -------------\n'
        '02/03/2026  SHOP IN HIGH ST         12.34                     87.66\n'
        '13/03/2026  SALARY                           1,000.00      1,087.66\n'
        '14/03/2026  RENT                   100.00                    987.66\n',
        [("2026-03-02", "-12.34"), ("2026-03-13", "1000.00"), ("2026-03-14", "-100.00")], verdict="proved"),
    Layout("what a card charges now, of a purchase in instalments",
        'פירוט עסקאות לכרטיס 1234\n\n'
        'תאריך רכישה,שם בית עסק,סכום עסקה,מטבע עסקה,סכום חיוב,מטבע חיוב,פירוט נוסף\n'
        '02.03.26,A,12.34,₪,12.34,₪,\n'
        '13.03.26,B,300.00,₪,100.00,₪,תשלום 1 מתוך 3\n',
        [("2026-03-02", "-12.34"), ("2026-03-13", "-100.00")], currency="ILS"),
    Layout("what the customer saw, and the currency that came",
        'Transaction Date,Type,Amount,Fee,Net,Presentment Amount,Presentment Currency,Currency,VAT\n'
        '2026-03-02 10:11:12 -0500,charge,20.00,0.88,19.12,27.40,CAD,USD,0.00\n'
        '2026-03-13 10:11:12 -0500,charge,30.00,1.17,28.83,41.10,CAD,USD,0.00\n',
        [("2026-03-02", "19.12"), ("2026-03-13", "28.83")], currency="USD"),
    Layout("the day on which the account is debited is that of the booking",
        'Дата транзакции;Дата списания;Описание;Сумма\n02.03.2026;03.03.2026;А;-12,34\n12.03.2026;13.03.2026;Б;100,00\n',
        [("2026-03-03", "-12.34"), ("2026-03-13", "100.00")], encoding="cp1251"),
    Layout("every line in quotes of its own",
        '"Date,Description,Debit,Credit,Balance"\n'
        '"03/02/2026,SHOP,12.34,,""1,087.66"""\n'
        '"03/13/2026,""PAYROLL, INC"",,""1,000.00"",""2,087.66"""\n',
        [("2026-03-02", "-12.34"), ("2026-03-13", "1000.00")], verdict="proved"),
]
