"""The jobs of the hosted database, done here: statements are read as the embedded backend reads them, in a folder of
their own that lasts as long as the job, and commits are analysed as it analyses them."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from smartimport_cli.backends.hosted import jobs
from smartimport_cli.backends.remote.caller import is_uuid
from smartimport_cli.backends.remote.http import Http, expect
from smartimport_cli.backends.remote.profile import Profile
from smartimport_cli.backends.remote.refusal import said
from smartimport_cli.core.errors import ExitCode, FileRefused, SmartImportError
from smartimport_cli.core.events import (
    AnalyzeComplete,
    AnalyzeStart,
    Event,
    ParseComplete,
    ParseError,
    ParseStart,
)
from smartimport_cli.core.protocols import Upload
from smartimport_cli.core.reducer import Folding
from smartimport_cli.core.text import clean
from smartimport_cli.flow import read
from smartimport_cli.statements.formats import Resources
from smartimport_cli.wire import codec, paths

if TYPE_CHECKING:
    from smartimport_cli.backends.hosted.jobs import Db

_PAGE = 5000  # rows that are handed over at once
_PLACES = ("public", "sign", "authenticated")  # in addresses of the storage, before the bucket


class Done(NamedTuple):
    """A job that is done: `read` or `analysed`, or that it `failed` for good and why."""

    import_id: str
    what: str
    why: str = ""


class Storage:
    """Where the statements lie, with the right to read them all: the key never goes anywhere else."""

    def __init__(self, profile: Profile, service_key: str, http: Http) -> None:
        self._base = profile.supabase_url
        self._key = service_key
        self._http = http

    def statement(self, job: jobs.Pending) -> tuple[str, bytes] | None:
        """Name and bytes of an import's statement; None where it has not come yet. Raises FileRefused for a place
        that is not its user's, Unanswered, and every refusal."""
        path = self._path(job)
        headers = {"apikey": self._key, "Authorization": f"Bearer {self._key}"}
        try:
            reply = self._http.send(
                "GET", f"{self._base}{paths.STORAGE}/object/{quote(path)}", headers=headers, repeat=True
            )
        except SmartImportError as error:
            if error.code == "answer-too-large":  # now and whenever it is asked for
                raise FileRefused("too-large", "The import's file is too large.") from None
            raise
        if reply.status >= 400 and said(reply).status == 404:
            return None
        return clean(path.rpartition("/")[2]), expect(reply, "give a statement").body

    def _path(self, job: jobs.Pending) -> str:
        """Bucket and name: `file_url` is an address of this storage, or a path with or without the bucket."""
        url = job.file_url.partition("?")[0]
        parts = url.strip("/").split("/")
        if "://" in url:
            base, found, rest = url.partition(f"{paths.STORAGE}/object/")
            parts = unquote(rest).split("/")
            if not found or urlsplit(base).netloc != urlsplit(self._base).netloc:
                raise _elsewhere()
            parts = parts[1:] if parts[0] in _PLACES else parts
        if is_uuid(parts[0]):
            parts.insert(0, paths.BUCKET)
        if len(parts) < 3 or parts[1] != job.user_id or {"", ".", ".."} & set(parts):
            raise _elsewhere()
        return "/".join(parts)


class Worker:
    """Takes one job after the other. Several may run at once, also on other machines."""

    def __init__(self, db: "Db", storage: Storage, resources: Resources) -> None:
        self._db = db
        self._storage = storage
        self._resources = resources
        self._not_there: list[str] = []  # imports whose statement had not come when it was asked for

    def next_job(self) -> Done | None:
        """Do the next job, whole; None where there is none. Raises what keeps it from being done now."""
        return self._read() or self._analyse()

    def look_again(self) -> None:
        """Also at imports whose statement had not come."""
        self._not_there.clear()

    def _read(self) -> Done | None:
        while True:
            with self._db.transaction():
                job = jobs.next_pending(self._db, self._not_there)
                if job is None:
                    return None
                try:
                    found = self._storage.statement(job)
                    if found is not None:
                        return self._read_into(job, *found)
                except FileRefused as refused:
                    return self._failed(job, refused)
            self._not_there.append(job.id)

    def _read_into(self, job: jobs.Pending, name: str, content: bytes) -> Done:
        from smartimport_cli.backends.local import LocalBackend

        with TemporaryDirectory(prefix="smartimport-worker-") as folder:
            backend = LocalBackend(Path(folder), resources=self._resources)
            try:
                uploaded = backend.upload(Upload(io.BytesIO(content), name, len(content))).import_id
                folding = Folding()
                for record in backend.follow(uploaded):
                    if record is not None:
                        folding.add(record)
                        if read(folding.state()):
                            break
                told = [record.event for record in backend.events(uploaded)]
                error = next((event for event in told if isinstance(event, ParseError)), None)
                if error is not None:
                    raise FileRefused(error.code or "unreadable", error.error, hint=error.hint or "")
                jobs.stage(self._db, job, _rows(Path(folder)))
            finally:
                backend.close()
        for event in told:
            if isinstance(event, ParseStart):
                self._tell(job, event.model_copy(update={"import_id": job.id, "user_id": job.user_id}))
            elif isinstance(event, ParseComplete):
                self._tell(job, self._complete(job, event))
        return Done(job.id, "read")

    def _complete(self, job: jobs.Pending, event: ParseComplete) -> ParseComplete:
        """What was read, beside what the user has committed before: only the database knows that. The digest is of
        a preview that is gone."""
        there = jobs.already_there(self._db, job)
        facts: dict[str, Any] = {"import_id": job.id, "digest": None}
        if there and event.new_count is not None:
            facts |= {"new_count": max(event.new_count - there, 0), "duplicate_count": there, "totals": None}
        return event.model_copy(update=facts)

    def _failed(self, job: jobs.Pending, refused: FileRefused) -> Done:
        jobs.fail(self._db, job, refused.message)
        self._tell(
            job,
            ParseError(
                import_id=job.id, error=refused.message, code=refused.code, hint=refused.hint,
                exit=int(ExitCode.IMPORT_FAILED),
            ),
        )  # fmt: skip
        return Done(job.id, "failed", refused.message)

    def _tell(self, job: jobs.Pending, event: Event) -> None:
        jobs.tell(self._db, job.id, job.user_id, event)

    def _analyse(self) -> Done | None:
        from smartimport_cli import crystal

        with self._db.transaction():
            job = jobs.next_handoff(self._db)
            if job is None:
                return None
            rows = (codec.transaction_from_json(row) for row in jobs.committed(self._db, job.user_id))
            found = crystal.analyse((row for row in rows if row is not None), import_id=job.import_id)
            start = AnalyzeStart(handoff_id=job.id, import_id=job.import_id)
            complete = AnalyzeComplete(
                handoff_id=job.id, import_id=job.import_id, advice=found.advice, insights=found.insights
            )
            jobs.tell(self._db, job.import_id, job.user_id, start)
            jobs.advise(self._db, job, found.advice, found.insights)
            jobs.tell(self._db, job.import_id, job.user_id, complete)
        return Done(job.import_id, "analysed")


def _rows(folder: Path) -> Iterator[str]:
    """What was staged in the folder, as a hosted table holds it."""
    from smartimport_cli.backends.local.store import Store
    from smartimport_cli.backends.local.tables import Order, Query, Tables

    tables = Tables(Store(folder))
    columns = (("data_json", "data_json"), ("hash", "hash"))
    offset = 0
    try:
        while rows := tables.read(
            Query("transactions_staging", columns, order=(Order("id"),), limit=_PAGE, offset=offset)
        ).rows:
            yield from rows
            offset += len(rows)
    finally:
        tables.close()


def _elsewhere() -> FileRefused:
    return FileRefused("not-there", "The import's file does not lie in its user's folder of this storage.")


def service_key(env: Mapping[str, str]) -> str:
    """The key that reads everybody's statements. Raises SmartImportError `sign-in` where there is none."""
    key = env.get("SMARTIMPORT_SERVICE_KEY", "")
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise SmartImportError(
            "sign-in", "The worker needs the service role's key, to read the statements.",
            hint="Set SMARTIMPORT_SERVICE_KEY, where only the worker sees it.", exit_code=ExitCode.SIGN_IN,
        )  # fmt: skip
    return key
