"""A PostgreSQL of the tests' own: made, started and stopped by them, as a user without rights."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

SUPABASE = """
CREATE SCHEMA auth;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE
  AS $$ SELECT (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
GRANT USAGE ON SCHEMA auth, public TO anon, authenticated, service_role;
-- Supabase grants everything by default; what protects the tables must not depend on the opposite.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role;
"""


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    which = shutil.which("initdb")
    return found[-1].parent if found else Path(which).resolve().parent if which else None


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The folder of a server's socket. Skips where there is no PostgreSQL."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine")
    folder = tempfile.mkdtemp(prefix="pg-")
    as_user: dict[str, Any] = {"cwd": folder}
    if os.getuid() == 0:  # PostgreSQL does not run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        as_user |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def run(*command: str) -> None:
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60, **as_user
        )

    data = f"{folder}/data"
    options = f"-k {folder} -c listen_addresses='' -c wal_level=logical -c fsync=off"
    try:
        run(
            f"{binaries}/initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        )
        run(f"{binaries}/pg_ctl", "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start")
        with psycopg.connect(host=folder, user="postgres", dbname="postgres", autocommit=True) as db:
            db.execute("CREATE ROLE anon; CREATE ROLE authenticated; CREATE ROLE service_role BYPASSRLS")
        yield folder
    finally:
        if Path(f"{data}/postmaster.pid").exists():
            run(f"{binaries}/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


@pytest.fixture
def bare(server: str) -> Iterator[str]:
    """The address of an empty database that looks like a Supabase project's."""
    name = f"test_{os.urandom(4).hex()}"
    with psycopg.connect(host=server, user="postgres", dbname="postgres", autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}".encode())
    address = f"host={server} user=postgres dbname={name}"
    with psycopg.connect(address, autocommit=True) as db:
        db.execute(SUPABASE)
    yield address
    with psycopg.connect(host=server, user="postgres", dbname="postgres", autocommit=True) as db:
        db.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
