"""The hosted database: its schema as plain SQL files, applied once each, and a check of what is there."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError
from smartimport_cli.core.privacy import mask_secrets
from smartimport_cli.core.text import clean

if TYPE_CHECKING:
    from psycopg import Connection

_LOCK = 0x736D696D  # one number for everybody who applies this schema to a database
_CONNECT_SECONDS = 10
_VERSIONS = """
CREATE SCHEMA IF NOT EXISTS smartimport;
CREATE TABLE IF NOT EXISTS smartimport.schema_versions (
  name text PRIMARY KEY,
  digest text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);
"""


class Migration(NamedTuple):
    """One step of the schema. Each is safe on a database that has it, or an older form of it."""

    name: str
    sql: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()[:16]


def migrations() -> list[Migration]:
    """All steps, in order."""
    found = sorted(
        (file for file in (files(__package__) / "schema").iterdir() if file.name.endswith(".sql")),
        key=lambda file: file.name,
    )
    return [Migration(file.name.removesuffix(".sql"), file.read_text("utf-8")) for file in found]


def script() -> str:
    """The whole schema, for psql or a migration tool of one's own."""
    steps = "\n".join(f"-- {step.name}\n\n{step.sql}" for step in migrations())
    return f"BEGIN;\n{_VERSIONS}\n{steps}\nCOMMIT;\n"


def apply(db: "Connection[tuple[object, ...]]") -> list[str]:
    """Apply the steps that are not applied in their present form; their names. All or none of them; several at
    once wait for each other. Raises UsageError `no-supabase`, and SmartImportError `schema-failed`."""
    import psycopg

    with db.transaction():
        db.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        _check_supabase(db)
        db.execute(_VERSIONS.encode())
        there = applied_steps(db)
        applied = []
        for step in migrations():
            if there.get(step.name) == step.digest:
                continue
            try:
                db.execute(step.sql.encode())
            except psycopg.Error as error:
                said = clean(mask_secrets(error.diag.message_primary or type(error).__name__))
                raise SmartImportError(
                    "schema-failed", f"{step.name} could not be applied: {said}. Nothing was changed.",
                    hint="smartimport db verify says what is there.",
                ) from None  # fmt: skip
            db.execute(
                "INSERT INTO smartimport.schema_versions (name, digest) VALUES (%s, %s) "
                "ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, applied_at = now()",
                (step.name, step.digest),
            )
            applied.append(step.name)
        return applied


def applied_steps(db: "Connection[tuple[object, ...]]") -> dict[str, str]:
    """The digest of each step that was applied, by its name."""
    rows = db.execute("SELECT name, digest FROM smartimport.schema_versions").fetchall()
    return {str(name): str(digest) for name, digest in rows}


def _check_supabase(db: "Connection[tuple[object, ...]]") -> None:
    roles = {role for (role,) in db.execute("SELECT rolname FROM pg_roles")}
    missing = [f"role {role}" for role in ("anon", "authenticated", "service_role") if role not in roles]
    row = db.execute("SELECT to_regprocedure('auth.uid()') IS NULL").fetchone()
    if row and row[0]:
        missing.append("function auth.uid()")
    if missing:
        raise UsageError(
            "no-supabase", f"This is no database of Supabase: it lacks {', '.join(missing)}. Nothing was changed.",
            hint="Name the project's own database, as its owner (postgres).",
        )  # fmt: skip


def address(env: Mapping[str, str], name: str | None) -> str | None:
    """Where the database is: the variable `name` of the environment, or SMARTIMPORT_DB_URL, or (an empty string)
    what the PG* variables say; None where the environment says nothing. Raises UsageError `no-address`."""
    if name is not None:
        if not env.get(name):
            raise UsageError(
                "no-address", f"The environment has no {clean(name)}.", hint="Export it, then try again."
            )
        return env[name]
    if env.get("SMARTIMPORT_DB_URL"):
        return env["SMARTIMPORT_DB_URL"]
    return "" if any(env.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE")) else None


@contextmanager
def connected(dsn: str, env: Mapping[str, str]) -> Iterator["Connection[tuple[object, ...]]"]:
    """A connection to the database. The server is verified unless the address says otherwise or is this machine.
    Raises UsageError where the extra is not installed or the address is none, exit 6 where it is not reached."""
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise UsageError(
            "not-installed", "The database part is not installed.", hint="pip install 'smartimport[db]'"
        ) from None
    try:
        parts = conninfo_to_dict(dsn)
    except psycopg.Error:  # its words repeat the address, and that may hold a password
        raise UsageError("bad-address", "That is no address of a PostgreSQL database.",
                         hint="Write it as postgresql://USER@HOST/NAME.") from None  # fmt: skip
    host = str(parts.get("host") or parts.get("hostaddr") or env.get("PGHOST") or "")
    local = host.startswith("/") or host in ("", "localhost", "127.0.0.1", "::1")
    if not local and "sslmode" not in parts and not env.get("PGSSLMODE"):
        parts |= {"sslmode": "verify-full"}
        if "sslrootcert" not in parts and not env.get("PGSSLROOTCERT"):
            parts |= {"sslrootcert": "system"}
    try:
        db = psycopg.connect("", **{"connect_timeout": str(_CONNECT_SECONDS), **parts}, autocommit=True)  # type: ignore[arg-type]
    except psycopg.OperationalError as error:
        said = clean(mask_secrets(str(error)))
        raise SmartImportError(
            "database-unreachable", f"The database cannot be reached: {said}",
            hint="A project's own certificate authority is named by sslrootcert in the address, or PGSSLROOTCERT."
            if "certificate" in said else "", exit_code=ExitCode.UNREACHABLE, retryable=True,
        ) from None  # fmt: skip
    with db:
        yield db
