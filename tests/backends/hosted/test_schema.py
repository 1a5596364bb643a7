"""The hosted schema on a real PostgreSQL: who may do what, numbers without gaps, older schemas, repetition."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from smartimport_cli.backends.hosted import apply, connected, migrations, script
from smartimport_cli.backends.hosted.verify import verify
from smartimport_cli.core.errors import SmartImportError, UsageError
from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.reducer import fold
from smartimport_cli.flow import exit_code

A = "aaaaaaaa-0000-4000-8000-000000000001"
B = "bbbbbbbb-0000-4000-8000-000000000002"
TABLES = ("imports", "transactions_staging", "transactions", "handoffs", "advice_messages", "import_events")
Db = psycopg.Connection[tuple[Any, ...]]

# The seed's table as it was published (its insert policy is no SQL and was left out), and the others without what
# came later; with what deployments made of it.
SEED = """
CREATE TABLE public.import_events (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), import_id uuid NOT NULL, user_id uuid NOT NULL,
  event_type text NOT NULL, payload jsonb, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX idx_import_events_import_id ON public.import_events(import_id);
ALTER TABLE public.import_events REPLICA IDENTITY FULL;
ALTER TABLE public.import_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY import_events_select_own ON public.import_events FOR SELECT USING (auth.uid() = user_id);
CREATE POLICY import_events_insert_service_role ON public.import_events FOR INSERT WITH CHECK (true);
CREATE TABLE public.imports (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL, source text, file_url text, file_type text,
  pages int, status text NOT NULL DEFAULT 'pending', error text, created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now());
CREATE TABLE public.transactions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL, import_id uuid, posted_at date, amount numeric,
  merchant text, category text, memo text, account_id uuid, hash text);
"""


@pytest.fixture
def db(bare: str) -> Iterator[Db]:
    with psycopg.connect(bare, autocommit=True) as db:
        yield db


@pytest.fixture
def ready(db: Db) -> Db:
    assert apply(db) == [step.name for step in migrations()]
    return db


@contextmanager
def acting(db: Db, role: str, user: str = "") -> Iterator[Db]:
    """What happens inside happens as PostgREST does it: in a transaction, as a role, with claims."""
    with db.transaction():
        db.execute(f"SET LOCAL ROLE {role}".encode())
        if user:
            db.execute("SELECT set_config('request.jwt.claims', %s, true)", (json.dumps({"sub": user}),))
        yield db


def count(db: Db, table: str) -> int:
    row = db.execute(f"SELECT count(*) FROM public.{table}".encode()).fetchone()
    assert row
    return int(row[0])


def fill(db: Db) -> dict[str, str]:
    """A row in every table for A and for B, by the service role; the import of each."""
    imports = {}
    for user in (A, B):
        with acting(db, "service_role"):
            row = db.execute(
                "INSERT INTO imports (user_id, status) VALUES (%s, 'parsed') RETURNING id", (user,)
            ).fetchone()
            assert row
            imports[user] = import_id = str(row[0])
            db.execute(
                "INSERT INTO transactions_staging (import_id, user_id, data_json, hash) VALUES (%s, %s, '{}', 'h')",
                (import_id, user),
            )
            db.execute(
                "INSERT INTO transactions (user_id, import_id, posted_at, amount, hash) "
                "VALUES (%s, %s, '2026-03-02', -4.5, 'h')",
                (user, import_id),
            )
            handoff = db.execute(
                "INSERT INTO handoffs (user_id) VALUES (%s) RETURNING id", (user,)
            ).fetchone()
            assert handoff
            db.execute(
                "INSERT INTO advice_messages (user_id, handoff_id, employee_key, content) VALUES (%s, %s, 'c', 'x')",
                (user, handoff[0]),
            )
            db.execute(
                "INSERT INTO import_events (import_id, user_id, event_type) VALUES (%s, %s, 'brand:new')",
                (import_id, user),
            )
    return imports


def test_a_user_sees_only_their_own_rows_in_every_table(ready: Db) -> None:
    fill(ready)
    for table in TABLES:
        with acting(ready, "service_role"):
            assert count(ready, table) == 2
        with acting(ready, "authenticated", A):
            rows = ready.execute(f"SELECT user_id::text FROM {table}".encode()).fetchall()
        assert rows == [(A,)], table
        with acting(ready, "authenticated"):
            assert count(ready, table) == 0, table
        with pytest.raises(psycopg.errors.InsufficientPrivilege), acting(ready, "anon"):
            count(ready, table)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO import_events (import_id, user_id, event_type) VALUES (gen_random_uuid(), %s, 'prime:message')",
        "UPDATE import_events SET event_type = 'x' WHERE user_id = %s",
        "DELETE FROM import_events WHERE user_id = %s",
        "TRUNCATE import_events -- %s",
    ],
)
def test_a_user_cannot_write_events(ready: Db, statement: str) -> None:
    fill(ready)
    values = [] if "TRUNCATE" in statement else [A]
    for role in ("authenticated", "anon"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), acting(ready, role, A):
            ready.execute(statement.replace("-- %s", "").encode(), values)


def test_with_the_privilege_back_row_level_security_alone_still_refuses(ready: Db) -> None:
    fill(ready)
    ready.execute("GRANT ALL ON import_events TO authenticated")
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
        acting(ready, "authenticated", A),
    ):
        ready.execute(
            "INSERT INTO import_events (import_id, user_id, event_type) VALUES (gen_random_uuid(), %s, 'x')",
            (A,),
        )
    with acting(ready, "authenticated", A):
        assert ready.execute("DELETE FROM import_events").rowcount == 0


@pytest.mark.parametrize(
    "table", ["transactions", "handoffs", "advice_messages", "transactions_staging", "imports"]
)
def test_a_user_cannot_touch_what_is_not_theirs(ready: Db, table: str) -> None:
    fill(ready)
    with acting(ready, "authenticated", A):
        try:
            with ready.transaction():
                touched = ready.execute(f"UPDATE {table} SET user_id = %s".encode(), (A,)).rowcount
        except psycopg.errors.InsufficientPrivilege:
            touched = 0
        assert touched == 0
        assert ready.execute(f"DELETE FROM {table} WHERE user_id = %s".encode(), (B,)).rowcount == 0


def test_a_user_may_reject_their_own_import_and_followers_learn_of_it(ready: Db) -> None:
    imports = fill(ready)
    with acting(ready, "authenticated", A):
        changed = ready.execute("UPDATE imports SET status = 'failed', error = 'rejected: not mine'").rowcount
        assert changed == 1
        assert ready.execute("DELETE FROM transactions_staging").rowcount == 1
    rows = ready.execute(
        "SELECT to_jsonb(e) FROM import_events e WHERE import_id = %s ORDER BY seq", (imports[A],)
    )
    state = fold(EventRecord.from_wire(row) for (row,) in rows)
    assert (state.error, int(exit_code(state))) == ("rejected: not mine", 11)
    for status in ("committed", "parsed"):
        with acting(ready, "authenticated", B):
            try:
                with ready.transaction():
                    ready.execute("UPDATE imports SET status = %s WHERE id = %s", (status, imports[B]))
                raise AssertionError(f"a user made an import {status}")
            except psycopg.errors.InsufficientPrivilege:
                pass


def test_numbers_have_no_gaps_and_follow_the_order_of_commits(ready: Db, bare: str) -> None:
    """Six writers at once, some of whom take their transaction back, or write what is there already."""
    import_id = "cccccccc-0000-4000-8000-000000000003"
    taken = "dddddddd-0000-4000-8000-000000000004"

    def write(writer: int) -> None:
        with psycopg.connect(bare) as db:
            for n in range(25):
                db.execute(
                    "INSERT INTO import_events (import_id, user_id, event_type, payload) VALUES (%s, %s, 'prime:message', %s)",
                    (import_id, A, json.dumps({"n": n})),
                )
                if n % 5 == writer % 5:
                    db.execute(
                        "INSERT INTO import_events (id, import_id, user_id, event_type) VALUES (%s, %s, %s, 'x') "
                        "ON CONFLICT (id) DO NOTHING",
                        (taken, import_id, A),
                    )
                db.rollback() if n % 7 == 3 else db.commit()

    writers = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    rows = ready.execute(
        "SELECT seq, created_at FROM import_events WHERE import_id = %s ORDER BY seq", (import_id,)
    ).fetchall()
    assert [seq for seq, _ in rows] == list(range(1, len(rows) + 1))
    assert [at for _, at in rows] == sorted(at for _, at in rows)
    assert len(rows) > 100


def test_a_writer_cannot_choose_a_number(ready: Db) -> None:
    with acting(ready, "service_role"):
        ready.execute(
            "INSERT INTO import_events (import_id, user_id, event_type, seq) VALUES (%s, %s, 'x', 99)", (A, A)
        )
    assert ready.execute("SELECT seq FROM import_events").fetchall() == [(1,)]


def test_applying_twice_changes_nothing(ready: Db) -> None:
    fill(ready)
    before = _catalogue(ready)
    assert apply(ready) == []
    ready.execute("DELETE FROM smartimport.schema_versions")  # as if every step had been changed
    assert len(apply(ready)) == len(migrations())
    assert _catalogue(ready) == before
    assert [finding for finding in verify(ready) if finding.kind != "ok"] == []


def test_the_printed_script_does_the_same(db: Db, bare: str) -> None:
    db.execute(script().encode())
    assert {finding.kind for finding in verify(db)[len(migrations()) :]} == {"ok"}


def test_several_at_once_wait_for_each_other(db: Db, bare: str) -> None:
    done: list[list[str]] = []

    def run() -> None:
        with psycopg.connect(bare, autocommit=True) as other:
            done.append(apply(other))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, done)) == [0, 0, 0, len(migrations())]


def test_an_older_schema_keeps_its_data_and_becomes_safe(db: Db) -> None:
    db.execute(SEED)
    for n in range(5):
        db.execute(
            "INSERT INTO import_events (import_id, user_id, event_type, payload, created_at) VALUES (%s, %s, 'parse:start', "
            "NULL, timestamptz '2026-01-01' + %s * interval '1 s')",
            (A, A, 5 - n),
        )
    db.execute(
        "INSERT INTO transactions (user_id, posted_at, amount, hash) VALUES (%s, '2026-03-02', 4.5, 'h')",
        (A,),
    )
    before = db.execute("SELECT id, created_at FROM import_events ORDER BY created_at").fetchall()
    unsafe = {finding.what for finding in verify(db) if finding.kind == "unsafe"}
    assert "import_events policy import_events_insert_service_role" in unsafe
    assert "transactions row level security" in unsafe
    assert "import_events INSERT" in unsafe
    apply(db)
    assert db.execute("SELECT id, created_at FROM import_events ORDER BY seq").fetchall() == before
    assert count(db, "transactions") == 1
    assert [finding for finding in verify(db) if finding.kind != "ok"] == []
    with acting(db, "service_role"):
        db.execute("INSERT INTO import_events (import_id, user_id, event_type) VALUES (%s, %s, 'x')", (A, A))
    assert db.execute("SELECT max(seq) FROM import_events").fetchone() == (6,)


def test_older_rows_that_repeat_each_other_stay_and_are_reported(db: Db) -> None:
    db.execute(SEED)
    for _ in range(2):
        db.execute(
            "INSERT INTO transactions (user_id, posted_at, amount, hash) VALUES (%s, '2026-03-02', 4.5, 'h')",
            (A,),
        )
    apply(db)
    assert count(db, "transactions") == 2
    bad = [finding.what for finding in verify(db) if finding.kind != "ok"]
    assert bad == ["transactions unique (user_id, posted_at, amount, hash)"]


@pytest.mark.parametrize(
    ("harm", "finding"),
    [
        ("ALTER TABLE handoffs DISABLE ROW LEVEL SECURITY", ("unsafe", "handoffs row level security")),
        (
            "CREATE POLICY all_of_it ON imports FOR SELECT USING (true)",
            ("unsafe", "imports policy all_of_it"),
        ),
        ("GRANT SELECT ON transactions TO anon", ("unsafe", "transactions SELECT")),
        (
            "DROP POLICY advice_messages_select_own ON advice_messages",
            ("missing", "advice_messages select policy"),
        ),
        (
            "ALTER PUBLICATION supabase_realtime DROP TABLE import_events",
            ("missing", "publication supabase_realtime"),
        ),
        ("ALTER TABLE import_events REPLICA IDENTITY NOTHING", ("missing", "import_events replica identity")),
        ("ALTER TABLE import_events DISABLE TRIGGER number_event", ("missing", "event numbers")),
        ("DELETE FROM import_events WHERE seq = 1", ("unsafe", "event numbers")),
        (
            "DROP INDEX transactions_identity_key",
            ("missing", "transactions unique (user_id, posted_at, amount, hash)"),
        ),
        ("ALTER TABLE imports DROP COLUMN committed_count", ("missing", "imports.committed_count")),
        ("DROP TABLE advice_messages", ("missing", "advice_messages")),
    ],
)
def test_verify_names_what_is_wrong(ready: Db, harm: str, finding: tuple[str, str]) -> None:
    imports = fill(ready)
    with acting(ready, "service_role"):
        ready.execute(
            "INSERT INTO import_events (import_id, user_id, event_type) VALUES (%s, %s, 'x')", (imports[A], A)
        )
    ready.execute(harm.encode())
    assert finding in [(found.kind, found.what) for found in verify(ready)]


def test_a_database_that_is_none_of_supabases_is_left_alone(db: Db) -> None:
    db.execute("DROP SCHEMA auth CASCADE")
    with pytest.raises(UsageError, match=r"auth\.uid"):
        apply(db)
    assert db.execute("SELECT to_regclass('public.imports')").fetchone() == (None,)


def test_a_step_that_fails_changes_nothing(db: Db) -> None:
    db.execute("CREATE TABLE imports (id int); CREATE TABLE import_events (nothing int)")
    with pytest.raises(SmartImportError, match="Nothing was changed"):
        apply(db)
    assert db.execute("SELECT to_regclass('public.handoffs')").fetchone() == (None,)


@pytest.mark.parametrize(
    ("dsn", "code"),
    [
        ("postgresql://u:s3cret@127.0.0.1:1/x", "database-unreachable"),
        ("password s3cret", "bad-address"),
        ("postgresql://u:s3cret@h/x?nonsense=1", "bad-address"),
    ],
)
def test_no_error_repeats_the_password(dsn: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(SmartImportError) as failed, connected(dsn, {}):
        pass
    assert failed.value.code == code
    assert "s3cret" not in f"{failed.value} {failed.value.hint} {failed.value.__cause__}"


def _catalogue(db: Db) -> list[Any]:
    queries = (
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns ORDER BY 1, 2",
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        "SELECT tablename, policyname, roles, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
        "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
        "SELECT id, seq, created_at FROM public.import_events ORDER BY 1",
    )
    return [db.execute(query).fetchall() for query in queries]
