"""What is let in: the switches of the environment, and the rules for names, types and users of an upload."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from smartimport_cli.core.text import clean
from smartimport_cli.server.answers import Refused
from smartimport_cli.statements.formats import FORMATS

MAX_FILE = 26_214_400  # bytes
MAX_NAME = 255
IMPORTS_AN_HOUR = 50
_TYPES = ("application/pdf", "text/csv", "image/png", "image/jpeg")
_SUFFIXES = frozenset(suffix for form in FORMATS if form.name != "zip" for suffix in form.suffixes)
_OFF = ("0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Switches:
    """What the environment turns on and off, by the hosted backend's names."""

    enabled: bool = True
    imports: bool = True
    reading: bool = True
    max_file: int = MAX_FILE
    imports_an_hour: int = IMPORTS_AN_HOUR
    debug: bool = False

    @classmethod
    def of(cls, env: Mapping[str, str]) -> "Switches":
        """From SMART_IMPORT_ENABLED, IMPORTS_ENABLED, BYTE_OCR_ENABLED, SMART_IMPORT_MAX_FILE_SIZE (bytes),
        SMART_IMPORT_MAX_FILES_PER_HOUR and SMART_IMPORT_DEBUG."""

        def on(name: str, default: str = "true") -> bool:
            return env.get(name, default).strip().lower() not in _OFF

        def number(name: str, default: int) -> int:
            text = env.get(name, "").strip()
            return int(text) if text.isdecimal() and int(text) > 0 else default

        return cls(
            on("SMART_IMPORT_ENABLED"), on("IMPORTS_ENABLED"), on("BYTE_OCR_ENABLED"),
            number("SMART_IMPORT_MAX_FILE_SIZE", MAX_FILE),
            number("SMART_IMPORT_MAX_FILES_PER_HOUR", IMPORTS_AN_HOUR), on("SMART_IMPORT_DEBUG", "false"),
        )  # fmt: skip


def check_user(named: object, user_id: str) -> None:
    """Raises Refused (403) where a request names another user than its token does."""
    if named not in (None, "") and str(named).lower() != user_id:
        raise Refused(403, "user_mismatch", "The request names another user than its token.")


def check_name(name: str) -> None:
    """Raises Refused (400) for a name that is none, too long, or would lead out of its folder."""
    if not name or len(name) > MAX_NAME or ".." in name or "/" in name or "\\" in name or "\0" in name:
        raise Refused(
            400,
            "invalid_file_name",
            f"A file name has 1 to {MAX_NAME} characters, without '..', '/' and '\\'.",
        )


def check_type(name: str, content_type: str) -> None:
    """Raises Refused (400) for a file that cannot be a statement by its type and by its name."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in _TYPES and PurePosixPath(name.lower()).suffix not in _SUFFIXES:
        raise Refused(400, "unsupported_type", f"{clean(kind) or 'This type of file'} is not taken.")
