"""smartimport serve: the embedded backend over HTTP and websocket."""

from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from smartimport_cli.server.app import Server
    from smartimport_cli.terminal import Terminal

_SCHEMA = "smartimport.serve/1"


def serve(
    ctx: typer.Context,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes any that is free.")] = 8787,
    host: Annotated[str, typer.Option("--host", help="The one address to listen on.")] = "127.0.0.1",
    origin: Annotated[
        list[str] | None,
        typer.Option(
            "--origin", help="A page's origin that may use it, e.g. http://localhost:3000. Repeatable."
        ),
    ] = None,
    rate: Annotated[
        int, typer.Option("--rate", min=1, help="Requests a second that one address may make.")
    ] = 500,
    followers: Annotated[
        int, typer.Option("--followers", min=1, help="Websockets that one user may have open.")
    ] = 200,
    add_user: Annotated[
        str | None,
        typer.Option(
            "--add-user", metavar="EMAIL", help="Add a user (asks for a password, or reads it from stdin)."
        ),
    ] = None,
) -> Answer:
    """Serve the embedded backend: functions, Realtime websocket, REST reads, sign-in, and a page at /."""
    context: Context = ctx.obj
    _check_installed()
    if context.settings.backend != "local":
        raise UsageError(
            "not-local", "Only the embedded backend can be served.", hint="Leave out --backend, or say local."
        )
    if add_user is not None:
        return _added(context, add_user)
    return _run(context, host, port, origin or [], rate, followers)


def _check_installed() -> None:
    from importlib.util import find_spec

    missing = [
        name for name in ("starlette", "uvicorn", "jwt", "python_multipart") if find_spec(name) is None
    ]
    if missing:
        raise UsageError(
            "extra-missing", f"serve needs packages that are not installed ({', '.join(missing)}).",
            hint="Install them: pip install 'smartimport[serve]'",
        )  # fmt: skip


def _added(context: Context, email: str) -> Answer:
    from smartimport_cli.backends.local.store import Store, utc_now
    from smartimport_cli.server.users import Users

    password = context.terminal.read_secret(f"Password for {email}: ")
    folder = context.settings.data_dir
    store = Store(folder)
    try:
        users = Users(folder, utc_now)
        try:
            user = users.add(email, password, store.user_id)
        finally:
            users.close()
        owner = user.id == store.user_id
    finally:
        store.close()

    def write(terminal: "Terminal") -> None:
        whose = "sees the imports of this data folder" if owner else "has imports of their own"
        terminal.out(f"{user.email} may sign in and {whose}.")

    return Answer({"schema": _SCHEMA, "user": {"id": user.id, "email": user.email, "owner": owner}}, write)


def _run(context: Context, host: str, port: int, origins: list[str], rate: int, followers: int) -> Answer:
    import json
    import os

    from smartimport_cli.server.admission import Switches
    from smartimport_cli.server.app import Server, Serving
    from smartimport_cli.server.faults import Faults

    settings, terminal = context.settings, context.terminal
    server = Server(
        Serving(
            settings.data_dir, host, port, origins, settings.config_file.parent / "categories.toml",
            context.resources, Switches.of(os.environ), per_second=rate, max_sockets_of_user=followers,
            faults=Faults.parse(os.environ.get("SMARTIMPORT_SERVE_FAULTS", "")),
        ),
        (lambda line: None) if settings.quiet else terminal.err,
    )  # fmt: skip

    def ready() -> None:
        if settings.output == "text":
            terminal.raw_out(f"{server.url}\n")
        else:
            document = {"schema": _SCHEMA, "url": server.url, "key": server.public_key, "pid": os.getpid()}
            terminal.raw_out(json.dumps(document) + "\n")
        _welcome(context, server)

    stopped_by = server.run(ready)
    return Answer(None, exit_code=ExitCode(128 + stopped_by) if stopped_by else ExitCode.DONE)


def _welcome(context: Context, server: "Server") -> None:
    context.terminal.err(f"Sign in once: {server.sign_in_url}")
    if not server.on_loopback:
        context.terminal.err("Others on the network can reach it, and read what is sent: there is no TLS.")
    context.say(f"API key for clients: {server.public_key}")
    context.say("Ctrl-C stops it; imports go on at the next start.")
