"""Small statements for the tests of the backend, written here so that a test says what is in them."""

from collections.abc import Sequence
from datetime import date, timedelta

Row = tuple[str, str, str]  # date (ISO), amount, description


def ofx(rows: Sequence[Row], *, account: str = "12345678", references: bool = True) -> bytes:
    """An OFX 1.x statement in USD."""
    body = "".join(
        f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{day.replace('-', '')}<TRNAMT>{amount}"
        f"<FITID>{number if references else ''}<NAME>{name}</STMTTRN>\n"
        for number, (day, amount, name) in enumerate(rows, 1)
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:UTF-8\nCHARSET:NONE\n\n"
        "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>1<ACCTID>"
        f"{account}<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST>\n{body}</BANKTRANLIST></STMTRS>"
        "</STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    ).encode()


def csv(rows: Sequence[Row], *, opening: str = "1000.00") -> bytes:
    """A comma separated statement with a running balance."""
    from decimal import Decimal

    balance = Decimal(opening)
    lines = ["Date,Description,Amount,Balance"]
    for day, amount, name in rows:
        balance += Decimal(amount)
        lines.append(f"{day},{name},{amount},{balance}")
    return ("\n".join(lines) + "\n").encode()


def days(count: int, *, first: str = "2026-03-02", start: int = 0) -> list[Row]:
    """`count` rows, two a day, no two alike; row n is the same whatever the count."""
    begin = date.fromisoformat(first)
    return [
        ((begin + timedelta(days=n // 2)).isoformat(), f"-{n + 1}.{n % 100:02d}", f"Shop {n}")
        for n in range(start, start + count)
    ]
