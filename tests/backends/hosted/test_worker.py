"""smartimport worker: jobs of a real PostgreSQL, with statements in a storage of the tests' own."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from smartimport_cli.backends.hosted import apply
from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.reducer import fold
from smartimport_cli.core.state import ImportState, Status
from smartimport_cli.wire.codec import staged_from_json
from tests.backends.statement_files import csv, days, ofx
from tests.e2e.conftest import SMARTIMPORT

A, B = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"
KEY = "service-key"


class Bench:
    """A hosted database with a storage beside it, and the command that works for them."""

    def __init__(self, db: "psycopg.Connection[tuple[Any, ...]]", address: str, folder: Path) -> None:
        self.db = db
        self.files: dict[str, bytes] = {}
        self.keys: set[str | None] = set()
        self.asked: list[str] = []
        bench = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                bench.keys.add(self.headers["Authorization"])
                bench.asked.append(self.path)
                content = bench.files.get(self.path.removeprefix("/storage/v1/object/"))
                body = content or json.dumps({"statusCode": "404", "error": "not_found"}).encode()
                self.send_response(200 if content else 400)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None: ...

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.env = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "SMARTIMPORT_BACKEND": self.url,
            "SMARTIMPORT_DB_URL": address, "SMARTIMPORT_SERVICE_KEY": KEY, "PGOPTIONS": "-c role=service_role",
        }  # fmt: skip

    def pending(self, content: bytes | None, name: str = "march.csv", *, user: str = A, url: str = "") -> str:
        """A new import whose statement lies in the storage (None: not yet)."""
        path = f"{user}/{uuid4()}/{name}"
        if content is not None:
            self.files[f"imports/{path}"] = content
        row = self.db.execute(
            "INSERT INTO public.imports (user_id, file_url) VALUES (%s, %s) RETURNING id::text", (user, url or path)
        ).fetchone()
        assert row is not None
        return str(row[0])

    def start(self, *args: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [SMARTIMPORT, "worker", *args], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def work(self, *args: str) -> list[tuple[str, str]]:
        """What one run did: imports and what became of them."""
        process = self.start("--once", "--json", *args)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        return [(job["import_id"], job["what"]) for job in json.loads(out)["jobs"]]

    def one(self, query: str, *values: object) -> Any:
        row = self.db.execute(query.encode(), values).fetchone()
        return row[0] if row and len(row) == 1 else row

    def state(self, import_id: str) -> ImportState:
        rows = self.db.execute(
            "SELECT id, import_id::text, user_id::text, event_type, payload, created_at, seq FROM public.import_events "
            "WHERE import_id = %s ORDER BY seq", (import_id,),
        ).fetchall()  # fmt: skip
        names = ("id", "import_id", "user_id", "event_type", "payload", "created_at", "seq")
        return fold(EventRecord.from_wire(dict(zip(names, row, strict=True))) for row in rows)

    def commit(self, import_id: str) -> None:
        """As the deployed functions do."""
        with self.db.transaction():
            self.db.execute(
                "INSERT INTO public.transactions (user_id, import_id, posted_at, amount, merchant, memo, hash) "
                "SELECT user_id, import_id, (data_json ->> 'posted_at')::date, (data_json ->> 'amount')::numeric, "
                "data_json ->> 'merchant', data_json ->> 'memo', hash FROM public.transactions_staging "
                "WHERE import_id = %s ON CONFLICT DO NOTHING", (import_id,),
            )  # fmt: skip
            self.db.execute("UPDATE public.imports SET status = 'committed' WHERE id = %s", (import_id,))
            user = self.one("SELECT user_id::text FROM public.imports WHERE id = %s", import_id)
            handoff = self.one("INSERT INTO public.handoffs (user_id) VALUES (%s) RETURNING id::text", user)
            for kind, payload in (
                ("import:commit:complete", {"importId": import_id, "committed": 5}),
                ("prime:handoff:initiated", {"importId": import_id, "handoffId": handoff}),
            ):
                self.db.execute(
                    "INSERT INTO public.import_events (import_id, user_id, event_type, payload) VALUES (%s, %s, %s, %s)",
                    (import_id, user, kind, json.dumps(payload)),
                )


@pytest.fixture
def bench(bare: str, tmp_path: Path) -> Iterator[Bench]:
    with psycopg.connect(bare, autocommit=True) as db:
        apply(db)
        bench = Bench(db, bare, tmp_path)
        yield bench
        bench.http.shutdown()
        bench.http.server_close()


def test_a_statement_is_read_then_its_commit_analysed(bench: Bench) -> None:
    import_id = bench.pending(csv(days(5)))
    assert bench.work() == [(import_id, "read")]
    assert bench.keys == {f"Bearer {KEY}"}
    state = bench.state(import_id)
    assert (state.awaiting_approval, state.rows_total, state.new) == (True, 5, 5)
    assert state.digest is None
    assert bench.one("SELECT status FROM public.imports WHERE id = %s", import_id) == "parsed"
    staged = [
        staged_from_json(data, 0)
        for (data,) in bench.db.execute("SELECT data_json FROM public.transactions_staging ORDER BY data_json ->> 'line'")
    ]
    assert [row and row.row.amount for row in staged] == [-10000, -20100, -30200, -40300, -50400]
    assert bench.work() == []
    bench.commit(import_id)
    assert bench.work() == [(import_id, "analysed")]
    state = bench.state(import_id)
    assert (state.status, bool(state.advice)) == (Status.COMPLETE, True)
    assert bench.one("SELECT status FROM public.handoffs") == "completed"
    assert bench.one("SELECT content FROM public.advice_messages") == state.advice
    assert bench.work() == []


def test_what_is_there_already_is_counted(bench: Bench) -> None:
    first = bench.pending(ofx(days(5), references=False), "a.ofx")
    bench.work()
    bench.commit(first)
    second = bench.pending(ofx(days(8), references=False), "b.ofx")
    other = bench.pending(ofx(days(8), references=False), "b.ofx", user=B)
    bench.work()
    assert [(bench.state(one).new, bench.state(one).duplicates) for one in (second, other)] == [(3, 5), (8, 0)]


def test_what_cannot_be_read_fails_and_holds_nothing_up(bench: Bench) -> None:
    missing = bench.pending(None)
    junk = bench.pending(b"\x00\x01\x02" * 400, "junk.bin")
    foreign = bench.pending(None, url=f"{B}/{uuid4()}/march.csv")
    abroad = bench.pending(None, url=f"https://evil.example/storage/v1/object/imports/{A}/x/march.csv")
    dots = bench.pending(None, url=f"imports/{A}/../{B}/march.csv")
    hidden = bench.pending(None, url=f"{bench.url}/storage/v1/object/sign/imports/{A}%2F..%2F{B}/march.csv?token=x")
    huge = bench.pending(b"x" * (33 << 20))
    good = bench.pending(csv(days(3)))
    signed = bench.pending(csv(days(4)))
    bench.db.execute(
        "UPDATE public.imports SET file_url = %s || '/storage/v1/object/sign/imports/' || file_url || '?token=x' "
        "WHERE id = %s", (bench.url, signed),
    )  # fmt: skip
    done = dict(bench.work())
    refused = (junk, foreign, abroad, dots, hidden, huge)
    assert done == {**dict.fromkeys(refused, "failed"), good: "read", signed: "read"}
    assert not any(B in path for path in bench.asked)
    state = bench.state(junk)
    assert (state.status, state.failed_stage) == (Status.ERROR, "parse")
    assert bench.one("SELECT status, error IS NOT NULL FROM public.imports WHERE id = %s", junk) == ("failed", True)
    assert bench.one("SELECT status FROM public.imports WHERE id = %s", missing) == "pending"
    address = bench.one("SELECT file_url FROM public.imports WHERE id = %s", missing)
    bench.files[f"imports/{address}"] = csv(days(2))
    assert bench.work() == [(missing, "read")]


def test_several_workers_share_the_work(bench: Bench) -> None:
    wanted = {bench.pending(csv(days(3, start=n))) for n in range(8)}
    workers = [bench.start("--once", "--json") for _ in range(3)]
    done = [job["import_id"] for one in workers for job in json.loads(one.communicate(timeout=60)[0])["jobs"]]
    assert sorted(done) == sorted(wanted)
    assert bench.one("SELECT count(*) FROM public.transactions_staging") == 24


def test_a_worker_that_is_stopped_leaves_the_job_as_it_was(bench: Bench) -> None:
    import_id = bench.pending(csv(days(3000)))
    worker = bench.start()
    while not bench.keys:  # it has begun
        assert worker.poll() is None
    worker.terminate()
    worker.communicate(timeout=20)
    assert worker.returncode == 143
    status = bench.one("SELECT status FROM public.imports WHERE id = %s", import_id)
    staged = bench.one("SELECT count(*) FROM public.transactions_staging")
    assert (status, staged) in (("pending", 0), ("parsed", 3000))
    bench.work()
    assert bench.one("SELECT count(*) FROM public.transactions_staging") == 3000


def test_what_it_needs_is_said(bench: Bench) -> None:
    for missing, code in (
        ("SMARTIMPORT_SERVICE_KEY", 4), ("SMARTIMPORT_DB_URL", 2), ("SMARTIMPORT_BACKEND", 2),
    ):  # fmt: skip
        kept = bench.env.pop(missing)
        process = bench.start("--once")
        _, err = process.communicate(timeout=30)
        assert process.returncode == code
        assert KEY not in err
        bench.env[missing] = kept
