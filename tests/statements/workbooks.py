"""Workbooks for tests, as openpyxl writes them, and edited where it would not."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import openpyxl

from smartimport_cli import statements
from smartimport_cli.core.model import Choices, Reading
from smartimport_cli.resources import load_resources

SHEET = "xl/worksheets/sheet1.xml"
Row = Sequence[Any]


def book(*sheets: tuple[str, Sequence[Row]], prepare: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    """A workbook with these sheets, each a title and its rows."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets:
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if prepare:
        prepare(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def statement(rows: int = 3) -> bytes:
    """An ordinary workbook: date, description, amount, balance."""
    head = ["Date", "Description", "Amount", "Balance"]
    body = [[date(2026, 3, 1 + i % 28), f"Shop {i}", -1.25, 100 - 1.25 * (i + 1)] for i in range(rows)]
    return book(("Statement", [head, *body]))


def edited(data: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one member changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == member else old.read(name))
    return out.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name, content)
    return out.getvalue()


def read(data: bytes, name: str = "bank.xlsx", **choices: Any) -> Reading:
    """The file as `inspect` reads it."""
    return statements.read(
        io.BytesIO(data), name=name, size=len(data), choices=Choices(**choices), resources=load_resources()
    )
