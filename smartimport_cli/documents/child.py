"""What runs in the child process: limits first, then the one task, answers as `isolation` reads them."""

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from smartimport_cli.core.errors import FileRefused

SECRET = "SMARTIMPORT_CHILD_SECRET"  # noqa: S105 - the variable's name
TASKS: dict[str, str] = {
    "sheets": "smartimport_cli.documents.workbook:sheets",
    "pdf": "smartimport_cli.documents.pdf:pages",
    "image": "smartimport_cli.documents.ocr:pages",
    "scan": "smartimport_cli.documents.pdf:recognised",
    "locked": "smartimport_cli.documents.pdf:locked",
    "unlocked": "smartimport_cli.documents.pdf:unlocked",
}
"""task -> module:function; the function gets the document's bytes and the arguments, and yields answers: dicts,
lists and truth values are sent as JSON, bytes as they are."""


def main(request: str) -> int:
    """Answer one request (see `isolation.ask`); the exit status."""
    asked = json.loads(request)
    arguments = asked["arguments"]
    if (secret := os.environ.pop(SECRET, None)) is not None:
        arguments["secret"] = secret
    _limit(asked["limits"])
    gc.set_threshold(100_000, 20, 20)  # as the main process has it
    if "lifeline" in asked:
        _end_with_parent(asked["lifeline"])
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    try:
        module, _, function = TASKS[asked["task"]].partition(":")
        task: Callable[..., Iterator[Any]] = getattr(import_module(module), function)
        for answer in task(sys.stdin.buffer.read(), name=asked["name"], **arguments):
            if isinstance(answer, bytes):
                out.write(b"%d\n%b" % (len(answer), answer))
            else:
                out.write(json.dumps(answer, separators=(",", ":")).encode() + b"\n")
    except FileRefused as refused:
        told = {"code": refused.code, "message": refused.message, "hint": refused.hint, "details": refused.details}
        out.write(json.dumps({"refused": told}).encode() + b"\n")
    except MemoryError:
        return 87
    out.flush()
    return 0


def _limit(limits: dict[str, Any]) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's watchdog and cap on output remain
        return
    for kind, value in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["cpu"]),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _end_with_parent(lifeline: int) -> None:
    """Die when the other end of this pipe is closed, whatever a library is busy with: SIGIO ends a process."""
    import fcntl

    try:
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
        os.set_blocking(lifeline, False)
        if not os.read(lifeline, 1):  # it has died already
            raise SystemExit(0)
    except OSError:  # nothing to read: it lives; or a system without these: then the limits end the child
        pass
