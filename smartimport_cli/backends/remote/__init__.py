"""A backend over the network: serverless functions, and Supabase for what is stored and how it is followed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from uuid import UUID

from smartimport_cli.backends.remote import functions
from smartimport_cli.backends.remote.caller import Caller
from smartimport_cli.backends.remote.channel import Timing
from smartimport_cli.backends.remote.credentials import Credentials
from smartimport_cli.backends.remote.driver import Driver
from smartimport_cli.backends.remote.extensions import Extensions
from smartimport_cli.backends.remote.http import Http
from smartimport_cli.backends.remote.profile import Profile, origin, profile_named
from smartimport_cli.backends.remote.realtime import Follower
from smartimport_cli.backends.remote.rows import NO_SUCH_COLUMN, Events
from smartimport_cli.backends.remote.session import Session, environment_tokens
from smartimport_cli.backends.remote.staged import preview_of
from smartimport_cli.core.edits import Change
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError
from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.model import Account, Transaction
from smartimport_cli.core.protocols import Budget, ImportRecord, Preview, Upload, Uploaded
from smartimport_cli.core.reducer import Folding, fold
from smartimport_cli.core.state import ImportState
from smartimport_cli.core.text import clean
from smartimport_cli.wire import codec, paths

_MIN_PREFIX = 4
_PREVIEW_ROWS = 1000  # in one answer
_HASHES = 80  # in one question: an address has its limits


class RemoteBackend:
    """See `core.protocols.Backend`. Use it from one thread; following has threads of its own."""

    def __init__(self, caller: Caller, folder: Path, *, timing: Timing = Timing()) -> None:  # noqa: B008 - immutable
        """`folder` is where locks lie that several processes on this machine share."""
        self.name = caller.profile.name
        self._caller = caller
        self._folder = folder
        self._timing = timing
        self._events = Events(caller)
        self._extensions = Extensions(caller)
        self._given: dict[str, set[UUID]] = {}  # records without a number that the caller has
        self._followers: list[Follower] = []
        self._drivers: list[Driver] = []

    @property
    def connection(self) -> str | None:
        """How the events of the import that is being followed come."""
        return self._followers[-1].connection if self._followers else None

    @property
    def heard(self) -> list[int] | None:
        """Numbers of events as the live channel of the import that is being followed brought them."""
        return list(self._followers[-1].heard) if self._followers else []

    @property
    def connections(self) -> int:
        """How many subscriptions were confirmed since it was opened."""
        return sum(follower.connections for follower in self._followers)

    def upload(self, upload: Upload) -> Uploaded:
        return functions.upload(self._caller, upload)

    def follow(
        self, import_id: str, *, after: int = 0, until_quiet: float | None = None
    ) -> Iterator[EventRecord | None]:
        follower = Follower(
            self._caller, self._events, import_id, after=after,
            given=frozenset(self._given.get(import_id, ())), timing=self._timing,
        )  # fmt: skip
        self._followers.append(follower)
        stream = follower.records(until_quiet=until_quiet)
        return self._driven(import_id, stream) if self._caller.profile.pipeline == "client" else stream

    def _driven(self, import_id: str, stream: Iterator[EventRecord | None]) -> Iterator[EventRecord | None]:
        folding = Folding(self._state(import_id))
        driver = Driver(self._caller, import_id, self._folder, lambda: self._state(import_id))
        self._drivers.append(driver)
        for record in stream:
            if record is not None:
                folding.add(record)
            else:
                driver.look(folding.state())
                if driver.error is not None:
                    raise driver.error
            yield record

    def events(self, import_id: str, *, after: int = 0) -> Iterator[EventRecord]:
        given = self._given.setdefault(import_id, set())
        for page in self._events.since(import_id, after=after):
            for record in page:
                if record.seq is None:
                    given.add(record.id)
                yield record

    def preview(self, import_id: str, *, offset: int = 0, limit: int | None = 10) -> Preview:
        record = self.get(import_id)
        if record.status in ("pending", "failed", "rejected", "undone"):
            raise _nothing_staged(record)
        state = self._state(import_id)
        if state.digest is not None:  # one of ours: it knows its own preview
            return self._own_preview(import_id, offset, limit)
        mine = {"import_id": f"eq.{import_id}", "select": "id,hash,data_json"}
        rows = list(self._caller.all_rows(paths.STAGING, mine))
        there = {} if record.status == "committed" else self._there(rows, import_id)
        return preview_of(rows, there, state, import_id, offset=offset, limit=limit)

    def _own_preview(self, import_id: str, offset: int, limit: int | None) -> Preview:
        """The preview in the backend's own words, a page at a time: it gives so many rows at once."""
        preview = page = self._preview_page(import_id, offset, limit)
        rows = list(page.rows)
        wanted = preview.rows_total - offset if limit is None else min(limit, preview.rows_total - offset)
        while page.rows and len(rows) < wanted:
            page = self._preview_page(import_id, offset + len(rows), wanted - len(rows))
            if page.digest != preview.digest:
                return self._own_preview(import_id, offset, limit)  # it changed meanwhile
            rows += page.rows
        return replace(preview, rows=rows)

    def _preview_page(self, import_id: str, offset: int, limit: int | None) -> Preview:
        body = {
            "userId": self._caller.session.user_id, "importId": import_id, "preview": True, "offset": offset,
            "limit": _PREVIEW_ROWS if limit is None else min(limit, _PREVIEW_ROWS),
        }  # fmt: skip
        answer = self._caller.function(paths.PARSE, body, "show what is staged", repeat=True)
        ours = answer.get("smartimport")
        try:
            return codec.preview_from_json(ours if isinstance(ours, Mapping) else {}, import_id)
        except ValueError:
            raise SmartImportError(
                "odd-answer", "The backend does not say what is staged.", exit_code=ExitCode.UNREACHABLE
            ) from None

    def _there(self, rows: list[dict[str, Any]], import_id: str) -> dict[str, str]:
        """By hash: what each staged row repeats that another import has committed."""
        hashes = sorted({h for row in rows if isinstance(h := row.get("hash"), str) and h.isalnum()})
        found: dict[str, str] = {}
        for start in range(0, len(hashes), _HASHES):
            page = self._caller.rows(
                paths.TRANSACTIONS,
                {"select": "hash,import_id", "hash": f"in.({','.join(hashes[start : start + _HASHES])})"},
            )
            for row in page:
                if row.get("import_id") != import_id:
                    found[str(row.get("hash"))] = f"import {clean(str(row.get('import_id')))[:8]}"
        return found

    def commit(self, import_id: str, digest: str) -> None:
        record = self.get(import_id)
        if record.status == "committed":
            return  # decided before: the first decision holds
        if record.status == "rejected":
            raise SmartImportError(
                "rejected", f"Import {import_id[:8]} was rejected. Nothing was committed.",
                hint="To bring it in after all: smartimport import FILE", exit_code=ExitCode.REJECTED,
            )  # fmt: skip
        if self.preview(import_id, limit=0).digest != digest:
            raise SmartImportError(
                "stale-approval",
                f"The preview of import {import_id[:8]} has changed since it was shown. Nothing was committed.",
                hint=f"Look at it again: smartimport approve {import_id[:8]}",
                exit_code=ExitCode.STALE,
                retryable=True,
            )
        functions.commit(self._caller, import_id, digest, lambda: self.get(import_id).status)

    def reject(self, import_id: str, reason: str = "") -> None:
        record = self.get(import_id)
        if record.status in ("rejected", "failed"):
            return
        if record.status in ("committed", "undone"):
            raise UsageError(
                "already-approved", f"Import {import_id[:8]} was approved before; the first decision holds.",
                hint=f"Take it back: smartimport undo {import_id[:8]}",
            )  # fmt: skip
        functions.reject(self._caller, import_id, reason)

    def undo(self, import_id: str) -> int:
        return functions.undo(self._caller, import_id)

    def analyse(self, import_id: str) -> None:
        if self.get(import_id).status != "committed":
            raise UsageError(
                "not-committed", f"Import {import_id[:8]} is not committed, so there is nothing to analyse.",
                hint=f"Look at it: smartimport show {import_id[:8]}",
            )  # fmt: skip
        if self._extensions.offers(paths.ANALYSE):
            self._extensions.analyse(import_id)
            return
        Driver(self._caller, import_id, self._folder, lambda: self._state(import_id)).drive(again=True)

    def advice(self, import_id: str) -> tuple[str, Any] | None:
        if self._extensions.offers(paths.SUMMARY):
            return self._extensions.summary(import_id)
        state = self._state(import_id)
        if state.advice is not None:
            return state.advice, state.insights
        if state.handoff_id is None:
            return None
        rows = self._caller.rows(
            paths.ADVICE,
            {
                "select": "content,insights_json", "handoff_id": f"eq.{state.handoff_id}",
                "order": "created_at.desc", "limit": "1",
            },
        )  # fmt: skip
        return (clean(str(rows[0].get("content"))), rows[0].get("insights_json")) if rows else None

    def resolve(self, reference: str) -> str:
        if reference == "@latest":
            rows = self._caller.rows(
                paths.IMPORTS, {"select": "id", "order": "created_at.desc", "limit": "1"}
            )
            if not rows:
                raise UsageError(
                    "no-imports", "There is no import yet.", hint="Bring one in: smartimport import FILE"
                )
            return str(rows[0].get("id"))
        prefix = reference.strip().lower()
        if len(prefix) >= _MIN_PREFIX and set(prefix) <= set("0123456789abcdef-") and len(prefix) <= 36:
            found = [one for one in self._between(prefix) if one.id.startswith(prefix)]
            if len(found) == 1:
                return found[0].id
            if found:
                raise UsageError(
                    "ambiguous-import", f"Several imports begin with {prefix}.",
                    hint="Write more of it: " + ", ".join(f"{one.id[:13]} ({one.file_name})" for one in found),
                )  # fmt: skip
        raise self._unknown(reference, prefix)

    def _between(self, prefix: str) -> list[ImportRecord]:
        """Imports whose id begins so: a uuid can be compared, not matched."""
        digits = prefix.replace("-", "")
        if len(digits) > 32:
            return []
        first, last = (UUID(digits.ljust(32, fill)) for fill in "0f")
        rows = self._caller.rows(
            paths.IMPORTS,
            {
                "select": "*",
                "and": f"(id.gte.{first},id.lte.{last})",
                "order": "created_at.desc",
                "limit": "5",
            },
        )
        return [one for row in rows if (one := codec.import_from_json(row)) is not None]

    def _unknown(self, reference: str, prefix: str) -> UsageError:
        near = get_close_matches(
            prefix, [one.id[: max(8, len(prefix))] for one in self.imports()[:500]], n=2, cutoff=0.5
        )
        hint = f"Did you mean {' or '.join(near)}?" if near else "smartimport list shows what there is."
        if len(prefix) < _MIN_PREFIX:
            hint = f"At least {_MIN_PREFIX} characters of an id are needed. {hint}"
        return UsageError("unknown-import", f"There is no import {clean(reference)}.", hint=hint)

    def get(self, import_id: str) -> ImportRecord:
        rows = (
            self._caller.rows(paths.IMPORTS, {"select": "*", "id": f"eq.{import_id}"})
            if _as_uuid(import_id)
            else []
        )
        record = codec.import_from_json(rows[0]) if rows else None
        if record is None:
            raise self._unknown(import_id, import_id)
        return record

    def imports(self) -> list[ImportRecord]:
        rows = self._caller.all_rows(paths.IMPORTS, {"select": "*"})
        found = [one for row in rows if (one := codec.import_from_json(row)) is not None]
        return sorted(found, key=lambda one: one.created_at, reverse=True)

    def transactions(self, import_id: str | None = None) -> Iterator[Transaction]:
        mine = {"import_id": f"eq.{import_id}"} if import_id else {}
        found: list[Transaction] = []
        for row in self._caller.all_rows(paths.TRANSACTIONS, {**mine, "select": "*"}):
            transaction = codec.transaction_from_json(row)
            if transaction is None:
                raise SmartImportError(
                    "odd-answer", f"Transaction {clean(str(row.get('id')))} of the backend has no date or no amount.",
                    hint="Nothing was left out silently: the list is not given at all.", exit_code=ExitCode.UNREACHABLE,
                )  # fmt: skip
            found.append(transaction)
        yield from sorted(found, key=lambda t: (t.posted_date, t.import_id, t.line))

    def categorised(self, import_id: str | None = None) -> Iterator[Transaction]:
        labels = self._extensions.labels(import_id)
        for row in self.transactions(import_id):
            yield row._replace(category=labels.get(row.id, row.category))

    def edit(self, import_id: str, changes: Sequence[Change], *, digest: str | None = None) -> Preview:
        return self._extensions.edit(import_id, changes, digest)

    def categorize(self, import_id: str, line: int, category: str) -> Transaction:
        return self._extensions.categorize(import_id, line, category)

    def budgets(self) -> list[Budget]:
        return self._extensions.budgets()[0]

    def set_budget(self, budget: Budget) -> None:
        self._extensions.budgets(set=codec.budget_to_json(budget))

    def remove_budget(self, category: str, currency: str | None = None) -> int:
        return self._extensions.budgets(remove={"category": category, "currency": currency})[1]

    def accounts(self) -> dict[str, Account]:
        found = {}
        try:
            for row in self._caller.all_rows(paths.TRANSACTIONS, {"select": "id,account_id,account"}):
                if isinstance(row.get("account"), str):
                    key = clean(str(row.get("account_id")))
                    found[key] = Account(key, clean(row["account"]))
        except SmartImportError as error:
            if error.code != NO_SUCH_COLUMN:  # the hosted table does not name accounts; ours does
                raise
        return found

    def close(self) -> None:
        for follower in self._followers:
            follower.close()
        for driver in self._drivers:
            driver.close()
        self._caller.http.close()

    def _state(self, import_id: str) -> ImportState:
        return fold(record for page in self._events.since(import_id) for record in page)


def open_remote(
    backend: str, profiles: Mapping[str, Mapping[str, Any]], folder: Path, env: Mapping[str, str],
    *, by_project: bool = False,
) -> RemoteBackend:  # fmt: skip
    """The backend that `--backend NAME|URL` means. `by_project`: a project's file named it, so a token of the
    environment, which is bound to no backend, stays here. Raises UsageError."""
    profile = profile_named(backend, profiles, env.get("SMARTIMPORT_API_KEY", ""))
    http = Http()
    return RemoteBackend(
        Caller(profile, session_of(profile, folder, env, http, by_project=by_project), http), folder
    )


def session_of(
    profile: Profile, folder: Path, env: Mapping[str, str], http: Http, *, by_project: bool = False
) -> Session:
    """Who we are to a backend: by the environment, else by what `login` stored for exactly this place."""
    given = environment_tokens(env)
    if given is not None and by_project:
        raise UsageError(
            "token-not-sent", "A project file names the backend, and SMARTIMPORT_TOKEN does not say which it is for.",
            hint=f"If it is for this one: --backend {clean(profile.name)} (or SMARTIMPORT_BACKEND).",
        )  # fmt: skip
    key = f"{profile.name} {origin(profile.supabase_url)}"
    return Session(profile, http, Credentials(folder, key), given)


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _nothing_staged(record: ImportRecord) -> SmartImportError:
    short = record.id[:8]
    if record.status == "pending":
        return SmartImportError(
            "not-read-yet", f"Import {short} has not been read yet.", hint=f"Go on: smartimport watch {short}",
            exit_code=ExitCode.STAGED, retryable=True,
        )  # fmt: skip
    code = ExitCode.REJECTED if record.status == "rejected" else ExitCode.IMPORT_FAILED
    return SmartImportError(
        record.status, f"Import {short} is {record.status}; nothing of it is staged.",
        hint="Bring it in again: smartimport import FILE", exit_code=code,
    )  # fmt: skip
