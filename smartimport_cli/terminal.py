"""The outside world of a command: standard streams, what they can show, the keyboard, the clock.

One object, with a test constructor that is no terminal. Text that people see passes `out` or `err`: the last
gate, where anything that could act on a terminal (but our own styles) is made harmless.
"""

import io
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

from smartimport_cli.core.text import clean

if TYPE_CHECKING:
    from rich.console import Console

_STYLE = re.compile(r"(\x1b\[[0-9;]*m)")
_DEFAULT_WIDTH = 80


class Terminal:
    """See the module. Build it with `system` or `test`."""

    def __init__(
        self,
        stdin: TextIO,
        stdout: TextIO,
        stderr: TextIO,
        *,
        env: Mapping[str, str],
        color: str = "auto",
        no_input: bool = False,
        tty: tuple[bool, bool, bool] | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._stdin, self._stdout, self._stderr = stdin, stdout, stderr
        self._env = env
        self._now = now
        self.no_input = no_input
        self.in_tty, self.out_tty, self.err_tty = tty or (_is_tty(stdin), _is_tty(stdout), _is_tty(stderr))
        self.dumb = env.get("TERM") == "dumb"
        self.accessible = env.get("ACCESSIBLE", "") not in ("", "0")
        self.color_out = self._colored(color, self.out_tty)
        self.color_err = self._colored(color, self.err_tty)
        self.unicode = _can_unicode(stderr) and _can_unicode(stdout)

    @classmethod
    def system(cls, env: Mapping[str, str], *, color: str = "auto", no_input: bool = False) -> "Terminal":
        """The process's own streams."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a name that the encoding lacks must not end a command
        return cls(sys.stdin, sys.stdout, sys.stderr, env=env, color=color, no_input=no_input)

    @classmethod
    def test(
        cls,
        *,
        width: int = 80,
        tty: bool = False,
        input: str = "",
        color: bool = False,
        unicode: bool = True,
        env: Mapping[str, str] | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> "Terminal":
        """Streams in memory; read what was written from `stdout` and `stderr`."""
        encoding = "utf-8" if unicode else "ascii"
        streams = [
            io.TextIOWrapper(
                io.BytesIO(), encoding=encoding, errors="replace", write_through=True, newline=""
            )
            for _ in range(2)
        ]
        return cls(
            io.StringIO(input), *streams, env={"COLUMNS": str(width), **(env or {})},
            color="always" if color else "never", tty=(tty, tty, tty), now=now,
        )  # fmt: skip

    @property
    def stdout(self) -> str:
        """What was written to standard output; for `test`."""
        return _written(self._stdout)

    @property
    def stderr(self) -> str:
        """What was written to standard error; for `test`."""
        return _written(self._stderr)

    @property
    def width(self) -> int:
        """Columns, now; COLUMNS goes before what the terminal says."""
        columns = self._env.get("COLUMNS", "")
        if columns.isdecimal() and int(columns):
            return int(columns)
        for stream in (self._stderr, self._stdout):
            try:
                return os.get_terminal_size(stream.fileno()).columns or _DEFAULT_WIDTH
            except (OSError, ValueError):
                continue
        return _DEFAULT_WIDTH

    @property
    def height(self) -> int:
        """Lines, now."""
        return shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).lines

    def now(self) -> datetime:
        """The time, in UTC."""
        return self._now() if self._now else datetime.now(UTC)  # noqa: TID251 - the terminal's clock

    def local(self, moment: datetime) -> datetime:
        """`moment` in the time zone of the person at the terminal."""
        return moment if self._now else moment.astimezone()

    def clock(self) -> float:
        """Seconds that only go forward."""
        return time.monotonic()

    def can_prompt(self) -> bool:
        """Whether a person is there to answer a question."""
        return self.in_tty and self.err_tty and not self.no_input

    def out(self, text: str = "") -> None:
        """Lines for standard output."""
        self._stdout.write(harmless(text, styles=self.color_out) + "\n")

    def err(self, text: str = "") -> None:
        """Lines for standard error."""
        try:
            self._stderr.write(harmless(text, styles=self.color_err) + "\n")
            self._stderr.flush()
        except BrokenPipeError:
            pass  # nobody listens to what is said on the way

    def raw_out(self, text: str) -> None:
        """For programs (JSON, exports, scripts): nothing is changed."""
        self._stdout.write(text)
        self._stdout.flush()

    def prompt(self, text: str) -> None:
        """A question, with the cursor left behind it."""
        self._stderr.write(harmless(text, styles=self.color_err))
        self._stderr.flush()

    def console(self) -> "Console":
        """A rich console on standard error, for the live view."""
        from rich.console import Console

        return Console(
            file=self._stderr, force_terminal=self.err_tty, width=self.width, no_color=not self.color_err,
            color_system="auto" if self.color_err else None, highlight=False, markup=False, emoji=False,
            legacy_windows=False, safe_box=not self.unicode,
        )  # fmt: skip

    def read_line(self, question: str) -> str | None:
        """One line of answer; None where the input has ended."""
        self.prompt(question)
        line = self._stdin.readline()
        return line.rstrip("\r\n") if line else None

    def read_secret(self, question: str) -> str | None:
        """One line of answer that is not shown; None where the input has ended."""
        from getpass import getpass

        if self._stdin is not sys.stdin:  # nothing to hide it from
            return self.read_line(question)
        self.prompt(question)
        try:
            return getpass("")
        except EOFError:
            return None

    @contextmanager
    def keys(self) -> Iterator[Callable[[float], str | None]]:
        """Single keys, unechoed: the block gets a function that waits for one so many seconds (None: none
        came; '' : the input has ended). The terminal is as before afterwards, however the block ends."""
        if not (self.in_tty and _has_termios()):
            yield lambda seconds: (self._stdin.readline() or "").strip()[:1].lower() or ""
            return
        import select
        import termios
        import tty

        number = self._stdin.fileno()
        before = termios.tcgetattr(number)
        try:
            tty.setcbreak(number, termios.TCSADRAIN)

            def read(seconds: float) -> str | None:
                ready, _, _ = select.select([number], [], [], seconds)
                # All that is there: a pasted word is one answer, by its first letter.
                return os.read(number, 1024).decode("utf-8", "replace")[:1] if ready else None

            yield read
        finally:
            termios.tcsetattr(number, termios.TCSAFLUSH, before)

    def page(self, text: str) -> None:
        """Long text through the pager (PAGER, else less) on a terminal."""
        import shlex
        import subprocess

        command = shlex.split(self._env.get("PAGER") or "less -RFX")
        if not (self.in_tty and self.err_tty) or not command or shutil.which(command[0]) is None:
            self.err(text)
            return
        env = {**self._env, "LESSSECURE": "1"}
        # In the terminal's own encoding: a sign that it lacks must not end the command.
        shown = harmless(text, styles=self.color_err).encode(self._stderr.encoding or "ascii", "replace")
        subprocess.run(command, input=shown, env=env, stdout=self._stderr, check=False)

    def _colored(self, color: str, tty: bool) -> bool:
        if color != "auto":
            return color == "always"
        if self._env.get("NO_COLOR"):
            return False
        if self._env.get("FORCE_COLOR", "") not in ("", "0"):
            return True
        return tty and not self.dumb


def harmless(text: str, *, styles: bool = False) -> str:
    """`text`, line by line, with nothing left that acts on a terminal but (with `styles`) colours."""
    if text.isprintable():
        return text
    if not styles:
        return "\n".join(map(_clean_part, text.split("\n")))
    return "\n".join(
        "".join(part if index % 2 else _clean_part(part) for index, part in enumerate(_STYLE.split(line)))
        for line in text.split("\n")
    )


def _clean_part(part: str) -> str:
    if part.isprintable():
        return part
    # `clean` collapses blanks; here they are layout.
    return "".join(char if char.isprintable() else clean(f"x{char}x")[1:-1] for char in part)


def _is_tty(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def _can_unicode(stream: TextIO) -> bool:
    try:
        "█▇●✓•·…–".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _written(stream: TextIO) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def _has_termios() -> bool:
    try:
        import termios  # noqa: F401
    except ImportError:
        return False
    return True
