"""An archive on the command line is as if its files had been named one after the other."""

from tests.e2e.conftest import Shell
from tests.statements.workbooks import archive, statement

MARCH = b"Date,Description,Amount,Balance\n2026-03-02,Coffee,-3.50,96.50\n2026-03-03,Pay,100.00,196.50\n"
LATER = b"Date,Description,Amount,Balance\n2026-03-03,Pay,100.00,196.50\n2026-03-04,Rent,-50.00,146.50\n"


def test_each_file_is_an_import_of_its_own(shell: Shell) -> None:
    name = shell.file("bank.zip", archive({"march.csv": MARCH, "sub/later.csv": LATER}))
    done = shell.run("import", "--yes", name, "-o", "json")
    assert done.code == 0
    first, second = done.document["imports"]
    assert [first["state"]["file_name"], second["state"]["file_name"]] == ["march.csv", "later.csv"]
    assert (first["state"]["committed"], second["state"]["committed"]) == (2, 1)  # one row is in both


def test_what_is_left_out_is_said(shell: Shell) -> None:
    done = shell.run("import", "--yes", shell.file("bank.zip", archive({".DS_Store": b"x", "march.csv": MARCH})))
    assert done.code == 0
    assert ".DS_Store" in done.err


def test_a_file_that_is_no_statement_fails_alone(shell: Shell) -> None:
    name = shell.file("bank.zip", archive({"read.me": b"hello", "march.csv": MARCH, "in.zip": archive({"a": b"b"})}))
    done = shell.run("import", "--yes", name, "-o", "json")
    assert done.code == 10
    refused, committed, nested = done.document["imports"]
    assert committed["state"]["committed"] == 2
    assert refused["error"]["code"] == "unsupported-format"
    assert nested["error"]["code"] == "nested-archive"


def test_upload_prints_every_import(shell: Shell) -> None:
    name = shell.file("bank.zip", archive({"march.csv": MARCH, "book.xlsx": statement()}))
    done = shell.run("upload", name)
    assert done.code == 0
    assert len(done.out.split()) == 2
    assert shell.run("list", "-o", "json").out.count('"parsed"') == 2


def test_an_archive_with_one_file_answers_as_the_file_does(shell: Shell) -> None:
    done = shell.run("import", "--yes", "-", "-o", "json", input=archive({"march.csv": MARCH}))
    assert done.document["schema"] == "smartimport.import/1"
    assert done.document["state"]["file_name"] == "march.csv"


def test_a_broken_archive_is_refused(shell: Shell) -> None:
    for command in ("import", "upload", "inspect"):
        done = shell.run(command, shell.file("bank.zip", archive({"march.csv": MARCH})[:70]), "-o", "json")
        assert done.code == 5
        assert done.document["error"]["code"] == "damaged"


def test_a_workbook_goes_all_the_way(shell: Shell) -> None:
    done = shell.run("import", "--yes", shell.file("bank.xlsx", statement(12)), "-o", "json")
    assert done.code == 0
    assert done.document["state"]["committed"] == 12
