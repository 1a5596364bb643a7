"""What the hosted database waits for: statements to be read, and commits to be analysed. A job is one transaction:
its row stays locked from the claim to the result, so that several workers never do the same, and one that is killed
leaves the job as it was."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from smartimport_cli.core.events import Event
from smartimport_cli.core.privacy import guard

if TYPE_CHECKING:
    from psycopg import Connection

    Db = Connection[tuple[Any, ...]]


class Pending(NamedTuple):
    """An import whose statement is to be read."""

    id: str
    user_id: str
    file_url: str


class Handoff(NamedTuple):
    """A committed import that is to be analysed."""

    id: str
    user_id: str
    import_id: str


def next_pending(db: "Db", passed_over: Sequence[str] = ()) -> Pending | None:
    """The oldest import that nobody reads yet, claimed. Wants an open transaction."""
    row = db.execute(
        "SELECT id::text, user_id::text, file_url FROM public.imports WHERE status = 'pending' "
        "AND file_url IS NOT NULL AND NOT id::text = ANY(%s) ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED",
        (list(passed_over),),
    ).fetchone()
    return Pending(*row) if row else None


def next_handoff(db: "Db") -> Handoff | None:
    """The oldest handoff that nobody analyses yet, claimed. Wants an open transaction."""
    row = db.execute(
        "SELECT h.id::text, h.user_id::text, e.import_id::text FROM public.handoffs h JOIN public.import_events e "
        "ON e.event_type IN ('prime:handoff:initiated', 'handoff:initiated') AND e.payload ->> 'handoffId' = h.id::text "
        "AND e.user_id = h.user_id WHERE h.status = 'initiated' ORDER BY h.created_at, h.id LIMIT 1 "
        "FOR UPDATE OF h SKIP LOCKED"
    ).fetchone()
    return Handoff(*row) if row else None


def tell(db: "Db", import_id: str, user_id: str, event: Event) -> None:
    """Record an event, as it may be stored."""
    db.execute(
        "INSERT INTO public.import_events (import_id, user_id, event_type, payload) VALUES (%s, %s, %s, %s)",
        (import_id, user_id, event.type, json.dumps(guard(event.to_payload()), ensure_ascii=False)),
    )


def stage(db: "Db", job: Pending, rows: Iterator[str]) -> None:
    """Keep what was read: each row the JSON text of `data_json` and `hash`, whose numbers stay as they are written.
    Rows that are there stay, too."""
    with db.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO public.transactions_staging (import_id, user_id, data_json, hash) "
            "SELECT %s, %s, read.row -> 'data_json', read.row ->> 'hash' FROM (SELECT %s::jsonb AS row) read "
            "ON CONFLICT DO NOTHING",
            ((job.id, job.user_id, row) for row in rows),
        )
    db.execute("UPDATE public.imports SET status = 'parsed', updated_at = now() WHERE id = %s", (job.id,))


def already_there(db: "Db", job: Pending) -> int:
    """How many of the staged rows the user has committed before."""
    row = db.execute(
        "SELECT count(*) FROM public.transactions_staging s WHERE s.import_id = %s AND EXISTS "
        "(SELECT FROM public.transactions t WHERE t.user_id = s.user_id AND t.hash = s.hash)",
        (job.id,),
    ).fetchone()
    return int(row[0]) if row else 0


def fail(db: "Db", job: Pending, why: str) -> None:
    """The statement cannot be read, now or later."""
    db.execute(
        "UPDATE public.imports SET status = 'failed', error = %s, updated_at = now() WHERE id = %s",
        (why, job.id),
    )


def committed(db: "Db", user_id: str) -> Iterator[dict[str, Any]]:
    """All committed rows of a user, as PostgREST would give them."""
    with db.cursor() as cursor:
        cursor.execute(
            "SELECT id::text, import_id::text, account_id::text, posted_at::text, amount, merchant, category, memo "
            "FROM public.transactions WHERE user_id = %s AND import_id IS NOT NULL ORDER BY posted_at, id",
            (user_id,),
        )
        names = [column.name for column in cursor.description or ()]
        for row in cursor:
            yield dict(zip(names, row, strict=True))


def advise(db: "Db", job: Handoff, advice: str, insights: Mapping[str, Any]) -> None:
    """Keep what the analysis brought."""
    db.execute(
        "INSERT INTO public.advice_messages (user_id, handoff_id, employee_key, content, insights_json) "
        "VALUES (%s, %s, 'crystal-analytics', %s, %s)",
        (job.user_id, job.id, advice, json.dumps(insights, ensure_ascii=False)),
    )
    db.execute("UPDATE public.handoffs SET status = 'completed' WHERE id = %s", (job.id,))
