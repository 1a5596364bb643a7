"""Archives of statements: each file by itself, nothing swallowed, nothing unpacked where it should not be."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.core.model import Verdict
from smartimport_cli.statements import archive as archives
from smartimport_cli.statements import collect
from tests.statements.workbooks import archive, book, read, statement

MARCH = b"Date,Description,Amount,Balance\n2026-03-02,Coffee,-3.50,96.50\n2026-03-03,Pay,100.00,196.50\n"
APRIL = b"Date,Description,Amount,Balance\n2026-04-02,Rent,-50.00,146.50\n2026-04-03,Fee,-1.00,140.00\n"


def refusal(data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        collect(read(data, "x.zip"))
    return refused.value


def test_each_file_is_a_statement_and_rows_name_their_file() -> None:
    reading = read(archive({"march.csv": MARCH, "book.xlsx": statement()}), "x.zip")
    first, second = collect(reading)
    assert reading.format == "zip"
    assert first.rows[0].source == "file 1, line 2"
    assert second.rows[-1].source == "file 2, line 4"
    assert [one.statement.proof.verdict for one in (first, second)] == [Verdict.PROVED] * 2
    assert {("file 1", "march.csv"), ("file 2", "book.xlsx")} <= {(e.what, e.decision) for e in reading.evidence}


def test_a_break_names_the_file() -> None:
    _, april = collect(read(archive({"a.csv": MARCH, "b.csv": APRIL}), "x.zip"))
    assert april.statement.proof.breaks_at == "file 2, line 3"


def test_what_is_no_statement_is_reported() -> None:
    reading = read(archive({"read.me": b"hello", "march.csv": MARCH, "in.zip": archive({"a": b"b"})}), "x.zip")
    assert len(collect(reading)) == 1
    assert [(issue.code, issue.source) for issue in reading.issues] == [("file-refused", "file 1"), ("file-refused", "file 3")]


def test_what_an_apple_leaves_behind_is_left_out_and_said() -> None:
    reading = read(archive({"__MACOSX/._march.csv": b"x", ".DS_Store": b"x", "march.csv": MARCH}), "x.zip")
    assert len(collect(reading)) == 1
    assert not reading.issues
    assert ".DS_Store" in next(e.decision for e in reading.evidence if e.what == "left out")


def test_names_lead_nowhere_and_are_told_apart() -> None:
    found = archives.look_into(
        io.BytesIO(archive({"../../etc/march.csv": b"", "2025/a.csv": b"", "2026\\a.csv": b"", "/\x1b[31m.csv": b""})), "x"
    )
    assert [name for name, _ in found.members] == ["march.csv", "2025 - a.csv", "2026 - a.csv", "␛[31m.csv"]


def test_a_workbook_whose_files_come_in_another_order_is_a_workbook() -> None:
    data = statement()
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        moved = archive({"thumbnail.txt": b"", **{name: old.read(name) for name in old.namelist()}})
    assert read(moved, "x.xlsx").format == "xlsx"


def encrypted(data: bytes) -> bytes:
    """The archive with the flag of encryption set everywhere."""
    out = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(signature)
        while at >= 0:
            out[at + offset] |= 1
            at = out.find(signature, at + 4)
    return bytes(out)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (archive({"march.csv": MARCH})[:60], "damaged"),
        (encrypted(archive({"march.csv": MARCH})), "locked"),
        (archive({f"{i}.csv": MARCH for i in range(200)}), "too-complex"),
        (archive({"bomb.csv": bytes(40 << 20)}), "too-complex"),
        (archive({".DS_Store": b"x"}), "no-transactions"),
        (archive({"in.zip": archive({"march.csv": MARCH})}), "nested-archive"),
        (archive({"march.csv": b""}), "empty-file"),
    ],
    ids=["cut", "encrypted", "many", "bomb", "junk", "nested", "empty"],
)
def test_what_cannot_be_taken_is_refused(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_a_damaged_member_does_not_keep_the_others_out() -> None:
    data = bytearray(archive({"bad.csv": MARCH * 20, "march.csv": MARCH}))
    data[50] ^= 255
    reading = read(bytes(data), "x.zip")
    assert len(collect(reading)) == 1
    assert [issue.source for issue in reading.issues] == ["file 1"]


SOUND = archive({"a.csv": MARCH, "b.csv": APRIL, "c.xls": book(("S", []))})


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_any_bytes_are_statements_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SOUND)
    for at, byte in changes:
        data[at] = byte
    with suppress(FileRefused):
        collect(read(bytes(data), "x.zip"))
