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


MARKS = [
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
]
