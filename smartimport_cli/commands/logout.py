"""smartimport logout: forget a sign-in."""

from typing import TYPE_CHECKING

import typer

from smartimport_cli.context import Answer, Context

if TYPE_CHECKING:
    from smartimport_cli.terminal import Terminal


def logout(ctx: typer.Context) -> Answer:
    """Forget the stored sign-in, and end it on the backend."""
    from contextlib import closing

    from smartimport_cli.backends import open_session

    context: Context = ctx.obj
    with closing(open_session(context.settings)) as session:
        was_signed_in = session.sign_out()
        profile = session.profile

    def write(terminal: "Terminal") -> None:
        terminal.out(
            f"Signed out of {profile.name}."
            if was_signed_in
            else f"You were not signed in to {profile.name}."
        )

    return Answer(
        {"schema": "smartimport.logout/1", "backend": profile.name, "was_signed_in": was_signed_in}, write
    )
