"""smartimport approve: say yes to what is staged, and follow it to the summary."""

import typer

from smartimport_cli.commands import options as o
from smartimport_cli.context import Answer, Context


def approve(
    ctx: typer.Context,
    id: o.IdArgument,
    yes: o.YesOption = False,
    approve_if: o.ApproveIfOption = None,
    digest: o.DigestOption = None,
) -> Answer:
    """Commit a staged import. On a terminal the preview is shown and asked about; --yes is an answer too."""
    from smartimport_cli.attend import Deciding, attend, open_run
    from smartimport_cli.core.policy import Policy

    context: Context = ctx.obj
    import_id = context.backend.resolve(id)
    record = context.backend.get(import_id)
    # Elsewhere the command itself is the yes: nothing else could be meant by it.
    policy = Policy.parse(approve_if) if approve_if else None
    deciding = Deciding(yes=yes or not context.may_ask or digest is not None, policy=policy, digest=digest)
    return attend(context, open_run(context, import_id, record.file_name), "smartimport.approve/1", deciding)
