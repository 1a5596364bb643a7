"""Reading OFX: rows a CPU second beside bankstatementparser and ofxtools, and memory at a million rows.

ofxtools is under the GPL: it is only measured, never needed.
"""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Row, faster, has, measure, mebibytes, no_peer, work

ROWS = 100_000
MANY = 1_000_000
MEMORY = 64 << 20  # bytes more than an interpreter that has imported the reader
_HEADER = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX>
<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>
<DTSERVER>20260331<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>121000358<ACCTID>000012345678<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260101<DTEND>20260331
"""
_FOOTER = """</BANKTRANLIST>
<LEDGERBAL><BALAMT>1000.00<DTASOF>20260331</LEDGERBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
_NAMES = ["COFFEE SHOP 0042", "REWE SAGT DANKE", "ACME PAYROLL", "SQ *BLUE BOTTLE", "TESCO 3297", "RENT"]


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        file, large = Path(folder) / "rows.ofx", Path(folder) / "many.ofx"
        write(file, ROWS)
        write(large, MANY)
        ours, unit, table = work("tests.benchmarks.bench_ofx:read_ours", file), (ROWS, "rows"), []
        for peer, goal in (("bankstatementparser", 4), ("ofxtools", 20)):
            if has(peer):
                theirs = work(f"tests.benchmarks.bench_ofx:read_{peer}", file)
                named = {"goal": goal, "peer_name": peer, "unit": unit, "pairs": 3}
                table.append(faster("ofx", "read 1e5 rows", ours, theirs, **named))  # type: ignore[arg-type]
            else:
                table.append(no_peer("ofx", "read 1e5 rows", peer, f">= {goal}x"))
        table.append(memory(file, large))
        return table


def memory(file: Path, large: Path) -> Row:
    """Peak of a process that reads a million rows, beside one that only imports the reader."""
    bare = measure(work("tests.benchmarks.bench_ofx:read_nothing", file)).memory
    peak = measure(work("tests.benchmarks.bench_ofx:read_ours", large)).memory
    more = peak - bare
    return Row(
        "ofx", "memory, 1e6 rows", mebibytes(peak), f"interpreter {mebibytes(bare)}", f"+{mebibytes(more)}",
        f"<= {mebibytes(MEMORY)}", peak <= MEMORY,
    )  # fmt: skip


def write(file: Path, count: int) -> None:
    """The same rows each time, in file order of a usual download."""
    with file.open("w") as out:
        out.write(_HEADER)
        for i in range(count):
            cents = i * 7919 % 200_000 - 100_000
            kind = "DEBIT" if cents < 0 else "CREDIT"
            out.write(
                f"<STMTTRN>\n<TRNTYPE>{kind}\n<DTPOSTED>2026{i % 3 + 1:02}{i % 28 + 1:02}120000[-5:EST]\n"
                f"<TRNAMT>{cents / 100:.2f}\n<FITID>F{i:08}\n<NAME>{_NAMES[i % 6]}\n<MEMO>memo {i % 50}\n"
                "</STMTTRN>\n"
            )
        out.write(_FOOTER)


def read_ours(path: str) -> object:
    from smartimport_cli.core.model import Choices, Rows
    from smartimport_cli.statements import ofx

    def read() -> None:
        file = Path(path)
        count = 0
        with file.open("rb") as source:
            found = ofx.read(source, name=file.name, size=file.stat().st_size, choices=Choices())
            for part in found.parts:
                if isinstance(part, Rows):
                    count += len(part.rows)
        assert count in (ROWS, MANY)

    return read


def read_nothing(path: str) -> None:
    import smartimport_cli.statements.ofx  # noqa: F401


def read_bankstatementparser(path: str) -> object:
    from bankstatementparser import OfxParser

    def read() -> None:
        assert len(OfxParser(path).parse()) == ROWS

    return read


def read_ofxtools(path: str) -> object:
    from ofxtools.Parser import OFXTree

    def read() -> None:
        parser = OFXTree()
        parser.parse(path)
        assert len(parser.convert().statements[0].transactions) == ROWS

    return read


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
