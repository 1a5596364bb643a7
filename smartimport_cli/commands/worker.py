"""smartimport worker: the hosted database's jobs, statements to be read and commits to be analysed."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import SmartImportError, UsageError

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal
    from smartimport_cli.worker import Done, Worker

_POLL_SECONDS = 2.0


def worker(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="End when there is nothing left to do.")] = False,
    dsn_env: o.DsnEnvOption = None,
) -> Answer:
    """Read the statements that wait in the hosted database, and analyse what was committed, until it is stopped.

    Several may run at once. SMARTIMPORT_SERVICE_KEY holds the key that reads the storage of --backend.
    """
    from smartimport_cli.backends.hosted import address, connected
    from smartimport_cli.backends.remote.http import Http
    from smartimport_cli.backends.remote.profile import profile_named
    from smartimport_cli.worker import Storage, Worker, service_key

    context: Context = ctx.obj
    settings = context.settings
    if settings.backend == "local":
        raise UsageError(
            "no-backend-named",
            "Which storage do the statements lie in?",
            hint="Say it: --backend PROFILE or URL.",
        )
    profile, key = profile_named(settings.backend, settings.profiles), service_key(os.environ)
    dsn = address(os.environ, dsn_env)
    if dsn is None:
        raise UsageError(
            "no-address", "Which database? Its address is never taken from the command line.",
            hint="Set SMARTIMPORT_DB_URL or PGHOST ..., or name a variable: --dsn-env NAME.",
        )  # fmt: skip
    http = Http()
    try:
        with connected(dsn, os.environ) as db:
            return _work(context, Worker(db, Storage(profile, key, http), context.resources), once=once)
    finally:
        http.close()


def _work(context: Context, worker: "Worker", *, once: bool) -> Answer:
    import time

    done: list[Done] = []
    while True:
        try:
            job = worker.next_job()
        except SmartImportError as error:
            if once or not error.retryable:
                raise
            context.terminal.err(f"{error.message} It is tried again.")
            job = None
        if job is not None:
            context.say(f"Import {job.import_id[:8]}: {job.what}{f' ({job.why})' if job.why else ''}")
            if once:
                done.append(job)
        elif once:
            return _answer(done)
        else:
            time.sleep(_POLL_SECONDS)
            worker.look_again()


def _answer(done: "list[Done]") -> Answer:
    def write(terminal: "Terminal") -> None:
        counts = {what: sum(job.what == what for job in done) for what in ("read", "analysed", "failed")}
        terminal.out(
            ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "Nothing to do."
        )

    return Answer({"schema": "smartimport.worker/1", "jobs": [job._asdict() for job in done]}, write)
