"""A child process for one document, with limits on memory, processor time, wall time and output.

The child (`child`) gets the document on standard input and answers on standard output, one JSON value a line; a
number is that of the bytes that follow, which are an answer as they are.
Whatever becomes of it (killed by a limit, crashed in a C library, silent), the parent goes on with a refusal.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass
from typing import IO, Any, BinaryIO

from smartimport_cli.core.errors import FileRefused
from smartimport_cli.documents.child import SECRET

_MAX_LINE = 16 << 20  # bytes of one answer
_CHILD = "import sys; from smartimport_cli.documents.child import main; sys.exit(main(sys.argv[1]))"
_OUT_OF_MEMORY = 87  # exit status of the child, see `child`


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost."""

    memory: int = 1 << 30  # bytes of address space
    cpu: int = 60  # seconds
    wall: float = 120.0  # seconds
    output: int = 512 << 20  # bytes of answers


def ask(
    task: str,
    source: BinaryIO,
    *,
    name: str,
    limits: Limits = Limits(),
    secret: str | None = None,
    **arguments: Any,
) -> Generator[Any]:
    """The answers of `child.TASKS[task]` about `source`, as they come. Closing the iterator ends the child.
    A `secret` reaches it in its environment, not among its command's arguments, and in no file.

    Raises FileRefused: what the child raised, or `too-complex`, `damaged`.
    """
    with tempfile.TemporaryFile() as copy:
        source.seek(0)
        shutil.copyfileobj(source, copy)
        copy.seek(0)
        lifeline, held = os.pipe()  # held by this process alone: when it dies, the child sees its end
        request: dict[str, Any] = {"task": task, "name": name, "arguments": arguments, "limits": asdict(limits)}
        if os.name == "posix":
            request["lifeline"] = lifeline
        try:
            child = subprocess.Popen(
                [sys.executable, "-P", "-c", _CHILD, json.dumps(request)],
                stdin=copy, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, close_fds=True,
                pass_fds=[lifeline] if os.name == "posix" else [],
                env=None if secret is None else {**os.environ, SECRET: secret},
            )  # fmt: skip
        except BaseException:
            os.close(held)
            raise
        finally:
            os.close(lifeline)
    watchdog = threading.Timer(limits.wall, child.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        assert child.stdout is not None
        yield from _answers(child.stdout, name, limits)
        status = child.wait()
        if status:
            raise _death(status, name)
    finally:
        watchdog.cancel()
        child.kill()
        child.wait()
        os.close(held)
        if child.stdout:
            child.stdout.close()


def _answers(stream: IO[bytes], name: str, limits: Limits) -> Iterator[Any]:
    total = 0
    while line := stream.readline(_MAX_LINE):
        total += len(line)
        if (not line.endswith(b"\n") and len(line) >= _MAX_LINE) or total > limits.output:
            raise _too_complex(name, "it holds too much")
        try:
            answer = json.loads(line)
        except ValueError:  # cut off by the child's death, which is told by its exit status
            return
        if type(answer) is int:
            total += answer
            if not 0 <= answer <= _MAX_LINE or total > limits.output:
                raise _too_complex(name, "it holds too much")
            content = stream.read(answer)
            if len(content) < answer:
                return
            yield content
            continue
        if isinstance(answer, dict) and "refused" in answer:
            raise FileRefused(**answer["refused"])
        yield answer


def _death(status: int, name: str) -> FileRefused:
    if status in (_OUT_OF_MEMORY, -6):  # a library that gets no memory aborts
        return _too_complex(name, "it wants too much memory")
    if status < 0 and -status in (9, 24):  # killed by the watchdog, or by the limit of processor time
        return _too_complex(name, "it takes too long to open")
    return FileRefused(
        "damaged", f"{name} cannot be opened: its reader failed.", hint="Download it again from the bank."
    )


def _too_complex(name: str, why: str) -> FileRefused:
    return FileRefused(
        "too-complex",
        f"{name} is refused: {why}.",
        hint="Export a shorter period, or the same statement as CSV or OFX.",
    )
