"""What the run of an import asks of a backend, whichever it is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, NamedTuple, Protocol

from smartimport_cli.core.edits import Change, Part
from smartimport_cli.core.events import EventRecord, UploadProgress
from smartimport_cli.core.model import Account, Choices, Proof, StagedTransaction, Transaction, Unreadable


@dataclass(frozen=True, slots=True)
class Upload:
    """A statement to bring in: an open seekable file, its (clean) name and size in bytes."""

    file: BinaryIO
    name: str
    size: int
    choices: Choices = Choices()
    on_progress: Callable[[UploadProgress], None] | None = None  # told of bytes that have really been sent


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Which import the upload became, and whether it had been there before (same content, account, choices)."""

    import_id: str
    existing: bool = False


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One row of `imports`, as lists show it. Status: pending, parsed, committed, failed, rejected, undone."""

    id: str
    file_name: str
    file_size: int
    file_type: str | None
    status: str
    created_at: datetime
    updated_at: datetime
    error: str | None = None
    account: str | None = None
    row_count: int | None = None
    committed_count: int | None = None
    committed_at: datetime | None = None
    undone_at: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """The row as JSON values; times in ISO 8601, UTC."""
        return {
            name: value.isoformat() if isinstance(value := getattr(self, name), datetime) else value
            for name in self.__slots__
        }


class PreviewRow(NamedTuple):
    """A staged row as it would be committed and, where it is already there, what it repeats ('line 12 of
    march.csv, import 7f3a'). `number` is its place among the import's rows, from 1."""

    row: StagedTransaction
    account: str
    duplicate_of: str | None = None
    number: int = 0
    read: StagedTransaction | None = None  # as it was read, where a person has changed a value
    parts: tuple[Part, ...] = ()  # of a row that is split
    excluded: str | None = None  # `left out`, or by which earlier import


class Budget(NamedTuple):
    """What a category may cost in a month: units; currency None means whichever."""

    category: str
    currency: str | None
    amount: int


class Total(NamedTuple):
    """What a preview would commit in one currency: units in (>= 0) and out (<= 0), new rows only."""

    currency: str | None
    money_in: int
    money_out: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What an approval is about. `digest` binds a decision to exactly this."""

    import_id: str
    digest: str
    accounts: tuple[str, ...]
    first_date: str | None
    last_date: str | None
    rows_total: int
    new: int  # transactions that a commit would add; a split row is several
    duplicates: int
    unreadable_count: int
    totals: tuple[Total, ...]
    proof: Proof
    issues: tuple[str, ...]
    rows: Sequence[PreviewRow]  # the page that was asked for, in file order
    unreadable: Sequence[Unreadable] = ()
    pending: int = 0  # not posted yet: shown, left for a later statement, never committed
    excluded: int = 0  # left out by a person, here or in an earlier import: never committed, not to come again
    edited: int = 0  # rows about which a person has decided something here


class Backend(Protocol):
    """Where imports live. Every method is safe to repeat. Raises SmartImportError subclasses only."""

    name: str

    @property
    def connection(self) -> str | None:
        """How the events of the import that is followed come at present, for people: 'live', 'polling',
        'lost (why), trying again'. None where there is nothing between it and us."""
        ...

    @property
    def heard(self) -> list[int] | None:
        """Numbers of the followed import's events as a live channel brought them, before they were put in order
        and completed from the store. None where nothing lies between."""
        ...

    def upload(self, upload: Upload) -> Uploaded:
        """Store the file and start its import; returns as soon as the import has an id."""
        ...

    def follow(
        self, import_id: str, *, after: int = 0, until_quiet: float | None = None
    ) -> Iterator[EventRecord | None]:
        """Stored events with seq > `after` in order, then live ones, for ever. Yields None whenever nothing
        came for a tenth of a second, so that a view can draw and a caller can stop. Drives the import on
        where nobody else does (resuming what a killed process left)."""
        ...

    def events(self, import_id: str, *, after: int = 0) -> Iterator[EventRecord]:
        """The stored events, in order."""
        ...

    def preview(self, import_id: str, *, offset: int = 0, limit: int | None = 10) -> Preview: ...

    def edit(self, import_id: str, changes: Sequence[Change], *, digest: str | None = None) -> Preview:
        """Decide about staged rows before the commit: all of `changes` or none. The preview as it is then; its
        digest is another one, so an approval of the earlier one is stale. With `digest` only if the preview is
        still that one. Raises UsageError `bad-edit`, `no-such-row`, `nothing-to-edit` (a row that is not to be
        committed) and `already-approved`; exit 11 `rejected`, exit 12 `stale-edit`."""
        ...

    def commit(self, import_id: str, digest: str) -> None:
        """Record the approval of the preview with this digest and start the commit (follow shows it).
        Raises exit 12 `stale-approval` where the preview is another one now; a repeat of a commit that was
        decided already changes nothing; exit 11 `rejected` where the decision was no."""
        ...

    def reject(self, import_id: str, reason: str = "") -> None: ...

    def undo(self, import_id: str) -> int:
        """Take a committed import back; how many transactions were removed (0: it was undone before)."""
        ...

    def analyse(self, import_id: str) -> None:
        """Start the analysis of a committed import again (follow shows it)."""
        ...

    def advice(self, import_id: str) -> tuple[str, Any] | None:
        """The latest advice and insights of an import; None where there are none."""
        ...

    def resolve(self, reference: str) -> str:
        """The full import id for a unique prefix of at least four characters or `@latest`.
        Raises UsageError `unknown-import` with near misses in the hint, or `ambiguous-import`."""
        ...

    def get(self, import_id: str) -> ImportRecord: ...

    def imports(self) -> list[ImportRecord]:
        """All imports, newest first."""
        ...

    def transactions(self, import_id: str | None = None) -> Iterator[Transaction]:
        """Committed transactions by posted date; of one import or of all."""
        ...

    def categorised(self, import_id: str | None = None) -> Iterator[Transaction]:
        """The same with the category that the summary counts them in, where it knows one. Raises UsageError
        `bad-rules`."""
        ...

    def accounts(self) -> dict[str, Account]:
        """Each account by its key, which is what transactions call it."""
        ...

    def categorize(self, import_id: str, line: int, category: str) -> Transaction:
        """Say what a committed row was for; others like it follow. Raises UsageError `unknown-row`."""
        ...

    def budgets(self) -> list[Budget]: ...

    def set_budget(self, budget: Budget) -> None: ...

    def remove_budget(self, category: str, currency: str | None = None) -> int:
        """Remove a category's budgets (of one currency); how many there were."""
        ...

    def close(self) -> None: ...
