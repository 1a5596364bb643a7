"""PDFs locked with a password: asked for on the terminal, or brought by a file; stored nowhere."""

import io

import pexpect
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.e2e.conftest import Shell

PASSWORD = "korrekt-pferd"


@pytest.fixture
def locked(shell: Shell) -> str:
    """A statement that opens with the password only."""
    buffer = io.BytesIO()
    canvas = Canvas(
        buffer, pagesize=(600, 800), encrypt=StandardEncryption(PASSWORD, strength=128), invariant=1
    )
    lines = [
        ("Date", "Description", "Amount EUR", "Balance EUR"),
        ("", "Opening balance", "", "100.00"),
        ("2024-05-01", "Bakery", "-4.00", "96.00"),
        ("2024-05-02", "Salary", "50.00", "146.00"),
        ("2024-05-03", "Grocer", "-6.00", "140.00"),
    ]
    for i, (day, text, amount, balance) in enumerate(lines):
        canvas.drawString(50, 700 - 14 * i, day)
        canvas.drawString(150, 700 - 14 * i, text)
        canvas.drawRightString(420, 700 - 14 * i, amount)
        canvas.drawRightString(520, 700 - 14 * i, balance)
    canvas.save()
    path = shell.folder / "locked.pdf"
    path.write_bytes(buffer.getvalue())
    return "locked.pdf"


def test_without_a_terminal_it_is_refused(shell: Shell, locked: str) -> None:
    done = shell.run("inspect", locked, "-o", "json")
    assert done.code == 5
    assert done.document["error"]["code"] == "locked"
    assert "--password-file" in done.document["error"]["hint"]


def test_the_password_of_a_file_opens_it(shell: Shell, locked: str) -> None:
    (shell.folder / "secret.txt").write_text(PASSWORD + "\n")
    done = shell.run(
        "import", locked, "--password-file", "secret.txt", "--approve-if", "proved", "-o", "json"
    )
    assert done.code == 0
    (shell.folder / "secret.txt").unlink()
    kept = [path for path in shell.folder.rglob("*") if path.is_file()]
    assert not [path for path in kept if PASSWORD.encode() in path.read_bytes()]
    originals = [
        path.read_bytes() for path in kept if path.name != locked and path.read_bytes()[:5] == b"%PDF-"
    ]
    assert originals
    assert all(b"/Encrypt" not in original for original in originals)


def test_the_same_locked_file_is_the_same_import(shell: Shell, locked: str) -> None:
    (shell.folder / "secret.txt").write_text(PASSWORD)
    first, second = (
        shell.run("import", locked, "--password-file", "secret.txt", "--yes", "-o", "json").document
        for _ in range(2)
    )
    assert second["import_id"] == first["import_id"]


def test_a_wrong_password_is_refused(shell: Shell, locked: str) -> None:
    (shell.folder / "secret.txt").write_text("falsch")
    done = shell.run("inspect", locked, "--password-file", "secret.txt", "-o", "json")
    assert done.code == 5
    assert done.document["error"]["code"] == "locked"


def test_standard_input_is_no_password_file(shell: Shell, locked: str) -> None:
    assert shell.run("inspect", locked, "--password-file", "-").code == 2


def test_it_is_asked_for_on_a_terminal(shell: Shell, locked: str) -> None:
    child = shell.terminal("inspect", locked)
    child.expect_exact("Password of locked.pdf:")
    child.sendline(PASSWORD)
    child.expect(pexpect.EOF)
    shown = child.before or ""
    assert PASSWORD not in shown
    assert "3 transactions" in shown
