"""smartimport login: sign in to a backend over the network."""

from typing import TYPE_CHECKING, Annotated

import typer

from smartimport_cli.context import Answer, Context
from smartimport_cli.core.errors import ExitCode, SmartImportError

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal


def login(
    ctx: typer.Context,
    email: Annotated[
        str | None, typer.Option("--email", metavar="ADDRESS", help="Who you are there.")
    ] = None,
    token_stdin: Annotated[
        bool,
        typer.Option("--token-stdin", help="Take a token from standard input (a refresh token may follow)."),
    ] = False,
) -> Answer:
    """Sign in with e-mail and password, or with a token from standard input."""
    from contextlib import closing

    from smartimport_cli.backends import open_session

    context: Context = ctx.obj
    with closing(open_session(context.settings)) as session:
        stored = (
            session.paste(context.terminal.read_all())
            if token_stdin
            else session.sign_in(*_asked(context, email))
        )
        profile, user_id, who = session.profile, session.user_id, session.email
    if session.given:
        context.say("SMARTIMPORT_TOKEN is set, and goes before what was stored now.")

    def write(terminal: "Terminal") -> None:
        terminal.out(f"Signed in to {profile.name} ({profile.url}){f' as {who}' if who else ''}.")
        context.say(f"The tokens are kept {stored}.")

    document = {
        "schema": "smartimport.login/1", "backend": profile.name, "url": profile.url, "user_id": user_id,
        "email": who, "stored": stored,
    }  # fmt: skip
    return Answer(document, write)


def _asked(context: Context, email: str | None) -> tuple[str, str]:
    if not context.may_ask:
        raise SmartImportError(
            "cannot-ask", "Nobody can be asked for a password here.",
            hint="Pipe a token: smartimport login --token-stdin; or set SMARTIMPORT_TOKEN.", exit_code=ExitCode.SIGN_IN,
        )  # fmt: skip
    email = email or context.terminal.read_line("E-mail: ")
    try:
        password = context.terminal.read_secret("Password: ") if email else None
    except EOFError:
        password = None
    if not email or not password:
        raise SmartImportError(
            "not-signed-in", "Nothing was entered; you are not signed in.", exit_code=ExitCode.SIGN_IN
        )
    return email.strip(), password
