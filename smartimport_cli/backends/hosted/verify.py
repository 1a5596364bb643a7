"""What a hosted database lacks, and what in it is unsafe."""

from typing import TYPE_CHECKING, NamedTuple

from smartimport_cli.backends.hosted import applied_steps, migrations
from smartimport_cli.core.text import clean

if TYPE_CHECKING:
    from psycopg import Connection

_COLUMNS = {
    "imports": "id user_id file_url file_type status error created_at updated_at committed_at committed_count",
    "transactions_staging": "id import_id user_id data_json hash parsed_at",
    "transactions": "id user_id import_id posted_at amount merchant category memo account_id hash",
    "handoffs": "id user_id from_employee to_employee context status metadata",
    "advice_messages": "id user_id handoff_id employee_key content insights_json created_at",
    "import_events": "id import_id user_id event_type payload created_at seq",
}
_UNIQUE = {
    "transactions_staging": ("import_id", "hash"),
    "transactions": ("user_id", "posted_at", "amount", "hash"),
    "import_events": ("import_id", "seq"),
}
_EVERYBODY = {"public", "anon", "authenticated"}


class Finding(NamedTuple):
    """`kind` is ok, missing or unsafe; `what` is the thing, `why` what it means."""

    kind: str
    what: str
    why: str


def verify(db: "Connection[tuple[object, ...]]") -> list[Finding]:
    """All that was looked at, in the order of the tables. Reads only."""
    findings = [*_steps(db)]
    for table in _COLUMNS:
        there = _one(db, "SELECT to_regclass(%s) IS NOT NULL", f"public.{table}")
        if not there:
            findings.append(Finding("missing", table, "there is no such table"))
            continue
        findings += _table(db, table)
    if _one(db, "SELECT to_regclass('public.import_events') IS NOT NULL"):
        findings += _numbers(db)
        findings += _realtime(db)
    return findings


def _steps(db: "Connection[tuple[object, ...]]") -> list[Finding]:
    if not _one(db, "SELECT to_regclass('smartimport.schema_versions') IS NOT NULL"):
        return [Finding("missing", "schema", "smartimport db apply was never run here")]
    there = applied_steps(db)
    return [
        Finding("ok", step.name, "applied")
        if there.get(step.name) == step.digest
        else Finding("missing", step.name, "applied in another form" if step.name in there else "not applied")
        for step in migrations()
    ]


def _table(db: "Connection[tuple[object, ...]]", table: str) -> list[Finding]:
    found: list[Finding] = []
    columns = {
        name
        for (name,) in db.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            (f"public.{table}",),
        )
    }
    found += [
        Finding("missing", f"{table}.{c}", "no such column")
        for c in _COLUMNS[table].split()
        if c not in columns
    ]
    if not _one(
        db,
        "SELECT EXISTS (SELECT FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'p')",
        f"public.{table}",
    ):
        found.append(Finding("missing", f"{table} primary key", "Realtime delivers no record without one"))
    if table in _UNIQUE and not _unique(db, table):
        found.append(
            Finding(
                "missing",
                f"{table} unique ({', '.join(_UNIQUE[table])})",
                "repeating a stage is not safe without it",
            )
        )
    found += _access(db, table)
    return found or [Finding("ok", table, "columns, keys, row level security, policies and privileges")]


def _unique(db: "Connection[tuple[object, ...]]", table: str) -> bool:
    rows = db.execute(
        "SELECT array_agg(a.attname::text) FROM pg_index i "
        "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) "
        "WHERE i.indrelid = %s::regclass AND i.indisunique AND i.indisvalid AND i.indpred IS NULL "
        "GROUP BY i.indexrelid",
        (f"public.{table}",),
    )
    return any(isinstance(names, list) and set(names) == set(_UNIQUE[table]) for (names,) in rows)


def _access(db: "Connection[tuple[object, ...]]", table: str) -> list[Finding]:
    found: list[Finding] = []
    events = table == "import_events"
    if not _one(db, "SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", f"public.{table}"):
        found.append(
            Finding("unsafe", f"{table} row level security", "off: everybody reads everybody's rows")
        )
    reads = False
    for name, permissive, roles, command, using, check in db.execute(
        "SELECT policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies "
        "WHERE schemaname = 'public' AND tablename = %s",
        (table,),
    ):
        assert isinstance(roles, list)
        if permissive != "PERMISSIVE" or not _EVERYBODY & set(roles):
            continue
        condition = f"{using or ''} {check or ''}"
        label = f"{table} policy {clean(str(name))}"
        if events and command != "SELECT":
            found.append(Finding("unsafe", label, f"lets {', '.join(roles)} write events"))
        elif "uid()" not in condition or "user_id" not in condition:
            found.append(Finding("unsafe", label, "does not ask whose row it is"))
        elif command in ("SELECT", "ALL"):
            reads = True
    if not reads:
        found.append(Finding("missing", f"{table} select policy", "users do not see their own rows"))
    for role in ("anon", "authenticated"):
        rights = [
            right
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
            if _one(db, "SELECT has_table_privilege(%s, %s, %s)", role, f"public.{table}", right)
        ]
        allowed = {"SELECT"} if events else {"SELECT", "INSERT", "UPDATE", "DELETE"}
        for right in rights:
            if role == "anon" or right not in allowed:
                found.append(Finding("unsafe", f"{table} {right}", f"is granted to {role}"))
        if role == "authenticated" and "SELECT" not in rights:
            found.append(Finding("missing", f"{table} SELECT", "is not granted to authenticated"))
    for right in ("SELECT", "INSERT"):
        if not _one(db, "SELECT has_table_privilege('service_role', %s, %s)", f"public.{table}", right):
            found.append(Finding("missing", f"{table} {right}", "is not granted to service_role"))
    return found


def _numbers(db: "Connection[tuple[object, ...]]") -> list[Finding]:
    enabled = _one(
        db,
        "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'public.import_events'::regclass "
        "AND tgname = 'number_event' AND tgenabled <> 'D')",
    )
    if not enabled:
        return [Finding("missing", "event numbers", "nothing numbers events, so a lost one is not noticed")]
    gaps = _one(
        db,
        "SELECT count(*) FROM (SELECT 1 FROM public.import_events GROUP BY import_id "
        "HAVING max(seq) <> count(*) OR min(seq) <> 1) AS broken",
    )
    if gaps:
        return [
            Finding(
                "unsafe", "event numbers", f"{gaps} imports have gaps: followers wait for what is not there"
            )
        ]
    return [Finding("ok", "event numbers", "without gaps")]


def _realtime(db: "Connection[tuple[object, ...]]") -> list[Finding]:
    found: list[Finding] = []
    row = db.execute(
        "SELECT p.pubinsert, t.rowfilter FROM pg_publication p JOIN pg_publication_tables t USING (pubname) "
        "WHERE pubname = 'supabase_realtime' AND schemaname = 'public' AND tablename = 'import_events'"
    ).fetchone()
    if row is None:
        found.append(
            Finding("missing", "publication supabase_realtime", "import_events is not in it: nothing is sent")
        )
    elif not row[0] or row[1]:
        found.append(Finding("missing", "publication supabase_realtime", "it does not carry every insert"))
    if _one(db, "SELECT relreplident = 'n' FROM pg_class WHERE oid = 'public.import_events'::regclass"):
        found.append(
            Finding("missing", "import_events replica identity", "nothing: Realtime cannot tell rows apart")
        )
    if _one(db, "SELECT current_setting('wal_level') <> 'logical'"):
        found.append(Finding("missing", "wal_level", "is not logical: Realtime needs that"))
    return found or [Finding("ok", "realtime", "publication, replica identity and wal_level")]


def _one(db: "Connection[tuple[object, ...]]", query: str, *values: str) -> object:
    row = db.execute(query, values).fetchone()
    return row[0] if row else None
