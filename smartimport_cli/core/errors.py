"""What can go wrong, in one type: a code for scripts, a sentence for people, a hint, an exit code."""

from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """How a command ends (`smartimport help exit-codes` prints this table)."""

    DONE = 0
    BUG = 1
    USAGE = 2
    IMPORT_FAILED = 3
    SIGN_IN = 4
    FILE_REFUSED = 5
    UNREACHABLE = 6
    TIMEOUT = 7
    STAGED = 8
    NOTHING_NEW = 9
    BATCH_SOME_FAILED = 10
    REJECTED = 11
    STALE = 12
    ANALYSIS_FAILED = 13
    HANGUP = 129
    INTERRUPTED = 130
    TERMINATED = 143


EXIT_MEANINGS: dict[ExitCode, str] = {
    ExitCode.DONE: "done",
    ExitCode.BUG: "a bug of ours",
    ExitCode.USAGE: "wrong use or configuration",
    ExitCode.IMPORT_FAILED: "the import failed",
    ExitCode.SIGN_IN: "sign-in needed or refused",
    ExitCode.FILE_REFUSED: "file refused (missing, unsupported, locked, too large, nothing in it, ambiguous)",
    ExitCode.UNREACHABLE: "backend or network unreachable, safe to repeat",
    ExitCode.TIMEOUT: "--timeout passed and the import goes on",
    ExitCode.STAGED: "staged, awaiting approval, or detached",
    ExitCode.NOTHING_NEW: "nothing new (only with --fail-on-empty)",
    ExitCode.BATCH_SOME_FAILED: "batch: some failed",
    ExitCode.REJECTED: "rejected",
    ExitCode.STALE: "approval stale: the preview has changed since it was shown",
    ExitCode.ANALYSIS_FAILED: "committed, but the analysis failed",
    ExitCode.HANGUP: "ended by SIGHUP",
    ExitCode.INTERRUPTED: "ended by SIGINT (Ctrl-C); the import can go on",
    ExitCode.TERMINATED: "ended by SIGTERM",
}


class SmartImportError(Exception):
    """An expected failure. `code` is stable kebab-case for scripts; `message` says what happened to what."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str = "",
        exit_code: ExitCode = ExitCode.IMPORT_FAILED,
        retryable: bool = False,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
        self.retryable = retryable
        self.details = details or {}

    def to_json(self) -> dict[str, Any]:
        """The `error` member of a JSON answer."""
        return {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "retryable": self.retryable,
            "exit": int(self.exit_code),
            **self.details,
        }


class FileRefused(SmartImportError):
    """The statement cannot be taken as it is; nothing was stored (exit 5)."""

    def __init__(
        self, code: str, message: str, *, hint: str = "", details: dict[str, Any] | None = None
    ) -> None:
        super().__init__(code, message, hint=hint, exit_code=ExitCode.FILE_REFUSED, details=details)


class UsageError(SmartImportError):
    """The command was used wrongly, or its configuration is wrong (exit 2)."""

    def __init__(self, code: str, message: str, *, hint: str = "") -> None:
        super().__init__(code, message, hint=hint, exit_code=ExitCode.USAGE)
