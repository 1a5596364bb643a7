"""Reading CAMT.053: rows a CPU second beside bankstatementparser, and memory at a million rows."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import Row, faster, has, measure, mebibytes, no_peer, work

ROWS = 100_000
MANY = 1_000_000
MEMORY = 64 << 20  # bytes
_NAMES = ["Coffee Shop", "REWE SAGT DANKE", "ACME PAYROLL", "Blue Bottle &amp; Co", "TESCO 3297", "Rent"]
_HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-03-31T22:00:00</CreDtTm></GrpHdr>
<Stmt><Id>1</Id><CreDtTm>2026-03-31T22:00:00</CreDtTm>
<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
"""
_BALANCE = """<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{:.2f}</Amt>
<CdtDbtInd>{}</CdtDbtInd><Dt><Dt>2026-01-01</Dt></Dt></Bal>
"""
_FOOTER = "</Stmt></BkToCstmrStmt></Document>\n"


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        file, large = Path(folder) / "rows.xml", Path(folder) / "many.xml"
        write(file, ROWS)
        write(large, MANY)
        ours, table = work("tests.benchmarks.bench_camt:read_ours", file), []
        if has("bankstatementparser"):
            theirs = work("tests.benchmarks.bench_camt:read_bankstatementparser", file)
            named = {"goal": 4, "peer_name": "bankstatementparser", "unit": (ROWS, "rows"), "pairs": 3}
            table.append(faster("camt", "read 1e5 rows", ours, theirs, **named))  # type: ignore[arg-type]
        else:
            table.append(no_peer("camt", "read 1e5 rows", "bankstatementparser", ">= 4x"))
        bare = measure(work("tests.benchmarks.bench_camt:read_nothing", file)).memory
        peak = measure(work("tests.benchmarks.bench_camt:read_ours", large)).memory
        memory = Row(
            "camt", "memory, 1e6 rows", mebibytes(peak), f"interpreter {mebibytes(bare)}",
            f"+{mebibytes(peak - bare)}", f"<= {mebibytes(MEMORY)}", peak <= MEMORY,
        )  # fmt: skip
        return [*table, memory]


def write(file: Path, count: int) -> None:
    """The same rows each time, each a payment with parties, references and remittance information."""
    amounts = [i * 7919 % 200_000 - 100_000 for i in range(200_000)]
    total = sum(amounts[i % 200_000] for i in range(count))
    with file.open("w") as out:
        out.write(_HEADER + _BALANCE.format("OPBD", 0, "CRDT"))
        out.write(_BALANCE.format("CLBD", abs(total) / 100, "DBIT" if total < 0 else "CRDT"))
        for i in range(count):
            cents = amounts[i % 200_000]
            way, role = ("DBIT", "Cdtr") if cents < 0 else ("CRDT", "Dbtr")
            day = f"2026-{i % 3 + 1:02}-{i % 28 + 1:02}"
            out.write(
                f'<Ntry>\n<NtryRef>{i}</NtryRef>\n<Amt Ccy="EUR">{abs(cents) / 100:.2f}</Amt>\n'
                f"<CdtDbtInd>{way}</CdtDbtInd>\n<Sts><Cd>BOOK</Cd></Sts>\n<BookgDt><Dt>{day}</Dt></BookgDt>\n"
                f"<ValDt><Dt>{day}</Dt></ValDt>\n<AcctSvcrRef>F{i:08}</AcctSvcrRef>\n<BkTxCd><Domn><Cd>PMNT</Cd>"
                "<Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>\n<NtryDtls><TxDtls>\n"
                f"<Refs><EndToEndId>E{i:012}</EndToEndId></Refs>\n<Amt Ccy=\"EUR\">{abs(cents) / 100:.2f}</Amt>\n"
                f"<RltdPties><{role}><Pty><Nm>{_NAMES[i % 6]}</Nm></Pty></{role}></RltdPties>\n"
                f"<RmtInf><Ustrd>memo {i % 50}</Ustrd></RmtInf>\n</TxDtls></NtryDtls>\n</Ntry>\n"
            )
        out.write(_FOOTER)


def read_ours(path: str) -> object:
    from smartimport_cli.core.model import Choices, Rows, Statement, Verdict
    from smartimport_cli.statements import camt

    def read() -> None:
        file = Path(path)
        count = 0
        with file.open("rb") as source:
            found = camt.read(source, name=file.name, size=file.stat().st_size, choices=Choices())
            for part in found.parts:
                if isinstance(part, Rows):
                    count += len(part.rows)
                elif isinstance(part, Statement):
                    assert part.proof.verdict is Verdict.PROVED
        assert count in (ROWS, MANY)

    return read


def read_nothing(path: str) -> None:
    import smartimport_cli.statements.camt  # noqa: F401


def read_bankstatementparser(path: str) -> object:
    from bankstatementparser import CamtParser

    def read() -> None:
        assert len(CamtParser(path).parse()) == ROWS

    return read


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
