"""What travels as JSON comes back as it was; what a stranger sends is read as far as it goes."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartimport_cli.core.edits import FIELDS, Change, Part
from smartimport_cli.core.errors import UsageError
from smartimport_cli.core.model import Issue, Proof, StagedTransaction, Transaction, Unreadable, Verdict
from smartimport_cli.core.protocols import ImportRecord, Preview, PreviewRow, Total
from smartimport_cli.wire import codec, paths

ROW = PreviewRow(
    StagedTransaction(
        3, date(2026, 3, 2), -45000, "EUR", "COFFEE 12", "Coffee", "ref-1", 100, "Dining", True,
        (Issue("odd", "Looks odd", "line 3"),),
    ),
    "checking ••1234", "line 12 of march.csv, import 7f3a",
)  # fmt: skip
EDITED = ROW._replace(
    number=4, read=ROW.row._replace(amount=-1, merchant="Café", category=None, posted_date=date(2026, 3, 1)),
    parts=(Part(-44000, "Dining"), Part(-1000)), excluded="left out",
)  # fmt: skip


def test_a_preview_comes_back_whole() -> None:
    preview = Preview(
        "7f3a", "d1", ("••1234",), "2026-03-01", "2026-03-31", 47, 45, 2, 1, (Total("EUR", 5, -7),),
        Proof(Verdict.CONTRADICTED, "running balance", "no", 4, "line 5"), ("twice",), [ROW, EDITED],
        [Unreadable(9, "no date", "x;y")], 1, 2, 3,
    )  # fmt: skip
    assert codec.preview_from_json(codec.preview_to_json(preview), "7f3a") == preview


@given(
    st.one_of(
        st.builds(Change, st.integers(1, 10**6), st.just("amount"), st.integers(-(10**16), 10**16)),
        st.builds(Change, st.integers(1, 10**6), st.just("date"), st.dates()),
        st.builds(Change, st.integers(1, 10**6), st.just("exclude"), st.booleans()),
        st.builds(Change, st.integers(1, 10**6), st.sampled_from(FIELDS), st.none()),
        st.builds(
            Change, st.integers(1, 10**6), st.just("split"),
            st.lists(
                st.builds(Part, st.integers(1, 10**12), st.sampled_from([None, "Food", "Ünï code"])), min_size=2
            ).map(tuple),
        ),
    )
)  # fmt: skip
def test_a_change_comes_back(change: Change) -> None:
    assert codec.change_from_json(json.loads(json.dumps(codec.change_to_json(change)))) == change


@pytest.mark.parametrize(
    "data",
    [
        None, {}, [], [1, "amount"], ["1", "amount", "1"], [True, "amount", "1"], [1, "colour", None], [1, "amount", "NaN"],
        [1, "amount", 1.5], [1, "split", ";;"], [1, "split", "x y; z"], [1, "split", "1 A"], [1, "split", "0 A; 1 B"],
        [1, "merchant", "x" * 201], [1, "exclude", "perhaps"], [1, "date", "31.12.2026"], [1, "amount", "1e99"],
    ],
)  # fmt: skip
def test_a_change_that_no_file_could_say_is_refused(data: object) -> None:
    with pytest.raises(UsageError):
        codec.change_from_json(data)


def test_a_preview_without_a_digest_cannot_be_approved() -> None:
    with pytest.raises(ValueError):
        codec.preview_from_json({"rowsTotal": 1}, "7f3a")


def test_a_hosted_row_is_read_as_far_as_it_goes() -> None:
    row = codec.staged_from_json(
        {"posted_at": "2026-03-02T00:00:00Z", "merchant": "A\x1bB", "amount": -4.5}, 7
    )
    assert row is not None
    assert (row.row.line, row.row.amount, row.row.merchant) == (7, -45000, "A␛B")
    assert codec.staged_from_json({"posted_at": "soon", "amount": 1}, 1) is None
    assert codec.staged_from_json({"posted_at": "2026-03-02", "amount": "NaN"}, 1) is None
    assert codec.staged_from_json({"posted_at": "2026-03-02", "amount": True}, 1) is None


def test_imports_and_transactions_come_back() -> None:
    moment = datetime(2026, 3, 2, 12, tzinfo=UTC)
    record = ImportRecord("7f3a", "a.csv", 9, "csv", "committed", moment, moment, None, "••1", 3, 2, moment)
    assert codec.import_from_json(record.to_json()) == record
    hosted = {
        "id": "7f3a",
        "file_url": "https://x/y/march.csv?t=1",
        "created_at": "2026-03-02T12:00:00+00:00",
    }
    read = codec.import_from_json(hosted)
    assert read is not None
    assert (read.file_name, read.created_at) == ("march.csv", moment)
    assert codec.import_from_json({"id": 3}) is None
    for more, status in (
        ({"error": "Rejected: no"}, "rejected"),
        ({"undone_at": "2026-03-03T12:00:00Z"}, "undone"),
        ({}, "failed"),
    ):
        found = codec.import_from_json({**hosted, "status": "failed", **more})
        assert found is not None
        assert found.status == status
    row = Transaction(
        "1", "7f3a", "acc", date(2026, 3, 2), -45000, "EUR", "COFFEE", "Coffee", None, None, 7, 3
    )
    assert codec.transaction_from_json(codec.transaction_to_json(row)) == row
    exact = codec.transaction_from_json({"posted_at": "2026-03-02", "amount": Decimal("1234567890123.45")})
    assert exact is not None
    assert exact.amount == 12345678901234500


def test_the_sockets_address() -> None:
    assert paths.websocket("https://a.example/x/", "k&y", "2.0.0") == (
        "wss://a.example/x/realtime/v1/websocket?apikey=k%26y&vsn=2.0.0"
    )
    assert paths.websocket("http://127.0.0.1:8", "k", "1.0.0").startswith("ws://127.0.0.1:8/realtime")
