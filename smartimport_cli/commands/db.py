"""smartimport db: the hosted database's schema, printed, applied, or verified."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal

ACTIONS = ("print", "apply", "verify")


def db(
    ctx: typer.Context,
    action: Annotated[str, typer.Argument(metavar="TASK", help="print, apply or verify.")],
    dsn_env: o.DsnEnvOption = None,
) -> Answer:
    """The schema of the hosted PostgreSQL: as SQL, applied (safe to repeat), or compared with what is there."""
    context: Context = ctx.obj
    if action == "print":
        return _print()
    if action == "apply":
        return _apply(context, dsn_env)
    if action == "verify":
        return _verify(context, dsn_env)
    raise UsageError(
        "bad-option", "db prints, applies or verifies.", hint=f"smartimport db {'|'.join(ACTIONS)}"
    )


def _print() -> Answer:
    from smartimport_cli.backends.hosted import script

    sql = script()
    return Answer({"schema": "smartimport.db-script/1", "sql": sql}, lambda terminal: terminal.raw_out(sql))


def _apply(context: Context, dsn_env: str | None) -> Answer:
    from smartimport_cli.backends.hosted import apply, connected

    with connected(_address(context, dsn_env), os.environ) as database:
        applied = apply(database)

    def write(terminal: "Terminal") -> None:
        terminal.out(
            f"Applied: {', '.join(applied)}." if applied else "Nothing to apply; the schema is up to date."
        )

    return Answer({"schema": "smartimport.db-apply/1", "applied": applied}, write)


def _verify(context: Context, dsn_env: str | None) -> Answer:
    from smartimport_cli.backends.hosted import connected
    from smartimport_cli.backends.hosted.verify import verify

    with connected(_address(context, dsn_env), os.environ) as database:
        findings = verify(database)
    bad = [finding for finding in findings if finding.kind != "ok"]

    def write(terminal: "Terminal") -> None:
        width = max(len(finding.what) for finding in findings)
        for finding in findings:
            terminal.out(f"{finding.kind:<8} {finding.what:<{width}}  {finding.why}")

    document = {"schema": "smartimport.db-verify/1", "findings": [finding._asdict() for finding in findings]}
    if not bad:
        return Answer(document, write)
    unsafe = sum(finding.kind == "unsafe" for finding in bad)
    error = SmartImportError(
        "schema-unsafe" if unsafe else "schema-incomplete",
        f"The database is not as it should be: {len(bad) - unsafe} missing, {unsafe} unsafe.",
        hint="smartimport db apply mends what it can; it keeps the data.", exit_code=ExitCode.USAGE,
    )  # fmt: skip
    return Answer(document, write, error.exit_code, error)


def _address(context: Context, name: str | None) -> str:
    from smartimport_cli.backends.hosted import address

    found = address(os.environ, name)
    if found is None and context.may_ask:
        found = context.terminal.read_secret("Address of the database (postgresql://...): ")
    if not found and found != "":
        raise UsageError(
            "no-address", "Which database? Its address is never taken from the command line.",
            hint="Set SMARTIMPORT_DB_URL or PGHOST ..., or name a variable: --dsn-env NAME.",
        )  # fmt: skip
    return found
