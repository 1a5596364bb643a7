"""Events in, state out: the one fold that shows and decides progress. Pure: no clock, no I/O, no mutation.

The order of an import's events is `seq`; without it `created_at`, then arrival. A state remembers the number
up to which nothing is missing, and the events beyond a gap, so a late event is folded at its own place and a
duplicate not at all. Memory stays bounded while numbered events come in order. An event without a number
among numbered ones is folded as it arrives, where it can fill in facts but not move anything back.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from smartimport_cli.core.events import REJECTED, EventRecord, RejectedEvent
from smartimport_cli.core.state import ImportState, Ledger, Status
from smartimport_cli.core.text import clean

Facts = dict[str, Any]  # the fields of an ImportState, while folding
Payload = Mapping[str, Any]  # a validated payload by its Python names; optional keys may be absent

_RANK = {status: rank for rank, status in enumerate(Status)}
_STAGES = ("upload", "parse", "commit", "handoff", "analyze")
_STAGE_RANK = {stage: rank for rank, stage in enumerate(_STAGES)}


def reduce(state: ImportState, record: EventRecord) -> ImportState:
    """The state after `record`. A duplicate, and an event of another import, give the same state back."""
    folding = Folding(state)
    folding.add(record)
    return folding.state()


def fold(records: Iterable[EventRecord], state: ImportState | None = None) -> ImportState:
    """`reduce` over all of `records`, without building the states between."""
    folding = Folding(state)
    for record in records:
        folding.add(record)
    return folding.state()


def reduce_rejected(state: ImportState, rejected: RejectedEvent) -> ImportState:
    """Count an event that did not fit; nothing else changes, but its number is no longer missing."""
    folding = Folding(state)
    folding.add_rejected(rejected)
    return folding.state()


class Folding:
    """A fold under way: the one place where facts change. `state()` may be asked at any time."""

    __slots__ = (
        "_base",
        "_changed",
        "_dirty",
        "_facts",
        "_ids",
        "_log",
        "_settled",
        "_state",
        "_tail",
        "_waiting",
    )

    def __init__(self, state: ImportState | None = None) -> None:
        self._state = state = state or _START
        ledger = state.ledger
        self._facts: Facts = dict(vars(state))
        self._settled = ledger.settled
        self._base = ledger.base
        self._tail: list[Any] = list(ledger.tail)
        self._log: list[Any] = list(ledger.log)
        self._ids: set[UUID] | frozenset[UUID] = ledger.ids
        self._waiting: list[EventRecord] = list(ledger.waiting)
        self._changed = self._dirty = False

    def add(self, record: EventRecord) -> None:
        """Fold one record in, if it is of this import and new."""
        event = record.event
        payload = vars(event)
        name = record.event_type
        mine = self._facts["import_id"]
        import_id = record.import_id or payload.get("import_id")
        if import_id is None:
            if name.startswith("crystal:"):
                handoff = self._facts["handoff_id"]
                if handoff is None:
                    if all(record.id != held.id for held in self._waiting):
                        self._waiting.append(record)
                        self._changed = True
                    return
                if handoff != payload.get("handoff_id"):
                    return
            elif mine is not None:
                return  # it names only the user, who may have several imports
        elif mine is not None and import_id != mine:
            return
        self.add_parts(name, payload, record.created_at, record.seq, record.id, import_id, record.user_id)
        if self._waiting and name == "prime:handoff:initiated":
            held, self._waiting = self._waiting, []
            self._refold()
            for earlier in held:
                self.add(earlier)

    def add_parts(
        self, name: str, payload: Payload, at: datetime, seq: int | None, id: UUID | None,
        import_id: str | None, user_id: str | None,
    ) -> None:  # fmt: skip
        """Fold one event of this import in, given by its parts (a quick reader has no record to offer)."""
        if seq is None:
            self._add_unnumbered((at, id, name, payload, import_id, user_id))
        elif seq == self._settled + 1 and not self._tail:
            if self._log and self._dirty:
                self._refold()
            self._settled = seq
            self._changed = True
            _step(self._facts, name, payload, at, import_id, user_id)
        elif seq > self._settled:
            self._add_beyond((seq, at, name, payload, import_id, user_id))

    def add_rejected(self, rejected: RejectedEvent) -> None:
        """Count an event that could not be read, and take its number as seen."""
        mine = self._facts["import_id"]
        if rejected.import_id is not None and mine is not None and rejected.import_id != mine:
            return
        if rejected.seq is None:
            self._changed = True
            self._facts["rejected_events"] += 1
        else:
            self.add_parts(REJECTED, {}, _NEVER, rejected.seq, None, rejected.import_id, None)

    def _add_unnumbered(self, entry: Any) -> None:
        at, id = entry[:2]
        if id in self._ids:
            return
        if isinstance(self._ids, frozenset):
            self._ids = set(self._ids)
        self._ids.add(id)
        self._changed = True
        numbered = self._settled or self._tail
        if numbered or not self._log or at >= self._log[-1][0]:
            if not numbered:
                self._log.append(entry)
            if not self._dirty or numbered:
                if self._dirty:
                    self._refold()
                _step(self._facts, *_parts(entry))
        else:
            self._log.insert(bisect_right(self._log, at, key=itemgetter(0)), entry)
            self._dirty = True

    def _add_beyond(self, entry: Any) -> None:
        tail, seq = self._tail, entry[0]
        if not tail or seq > tail[-1][0]:
            if not tail:
                self._refold()
                self._base = _snapshot(self._facts)
            tail.append(entry)
            if not self._dirty:
                _step(self._facts, *_parts(entry))
            self._changed = True
            return
        place = bisect_left(tail, seq, key=itemgetter(0))
        if tail[place][0] == seq:
            return
        tail.insert(place, entry)
        self._dirty = self._changed = True
        if seq == self._settled + 1:
            self._settle()

    def _settle(self) -> None:
        """The missing number came: what follows it without a gap is settled."""
        assert self._base is not None
        base, count = _snapshot(self._base), 0
        for entry in self._tail:
            if entry[0] != self._settled + 1:
                break
            _step(base, *_parts(entry))
            self._settled += 1
            count += 1
        del self._tail[:count]
        if self._tail:
            self._base = base
        else:
            self._facts, self._base, self._dirty = base, None, False

    def _refold(self) -> None:
        if self._dirty:
            self._facts = _snapshot(self._base if self._base is not None else vars(_START))
            for entry in self._tail if self._base is not None else self._log:
                _step(self._facts, *_parts(entry))
            self._dirty = False

    def state(self) -> ImportState:
        """The state so far; the very same object where nothing changed."""
        if self._changed:
            self._refold()
            facts = _snapshot(self._facts)
            facts["ledger"] = Ledger(
                self._settled, self._base, tuple(self._tail), tuple(self._log), frozenset(self._ids),
                tuple(self._waiting),
            )  # fmt: skip
            self._state = ImportState.__new__(ImportState)
            vars(self._state).update(facts)
            self._changed = False
        return self._state


_START = ImportState()
_NEVER = datetime.max  # noqa: DTZ901 - never looked at: a rejected event brings no time


def _snapshot(facts: Mapping[str, Any]) -> Facts:
    copy = dict(facts)
    copy["messages"] = tuple(copy["messages"])
    return copy


def _parts(entry: Any) -> Any:
    """Name, payload, time, import id, user id of an entry of the tail or the log."""
    return entry[2], entry[3], entry[0] if isinstance(entry[0], datetime) else entry[1], entry[4], entry[5]


def _step(d: Facts, name: str, p: Payload, at: datetime, import_id: str | None, user_id: str | None) -> None:
    """The next event in order changes the facts; every rule of the contract is here or below."""
    rule = _RULES.get(name)
    if rule is None:
        if name == REJECTED:
            d["rejected_events"] += 1
        return  # unknown types are carried by others and change nothing
    if d["import_id"] is None:
        d["import_id"] = import_id or p.get("import_id")
    if d["user_id"] is None:
        d["user_id"] = user_id or p.get("user_id")
    updated = d["updated_at"]
    if updated is None:
        d["started_at"] = d["updated_at"] = at
    elif at > updated:
        d["updated_at"] = at
    elif at < d["started_at"]:
        d["started_at"] = at
    rule(d, p, at)


def _move(d: Facts, status: Status, progress: int, message: str) -> None:
    """Forward, never back. After an error only a new attempt moves the status."""
    if progress > d["progress"]:
        d["progress"] = progress
    now = d["status"]
    if now is not Status.ERROR and _RANK[status] >= _RANK[now]:
        d["status"] = status
        d["message"] = message
        d["awaiting_approval"] = False


def _begin(d: Facts, stage: str, at: datetime, progress: int) -> None:
    """A stage starts: note when, and if it or a later one had failed, this is a new attempt."""
    d["stage_started_at"] = {**d["stage_started_at"], stage: at}
    if d["status"] is Status.ERROR and _STAGE_RANK[stage] <= _STAGE_RANK[d["failed_stage"]]:
        d["status"] = Status.IDLE
        d["progress"] = progress
        d["error"] = d["error_code"] = d["error_hint"] = d["error_exit"] = d["failed_stage"] = None


def _reached(d: Facts, stage: str, at: datetime) -> None:
    if stage not in d["stage_started_at"]:
        d["stage_started_at"] = {**d["stage_started_at"], stage: at}


def _upload_start(d: Facts, p: Payload, at: datetime) -> None:
    _begin(d, "upload", at, 0)
    d["file_name"] = name = clean(p["file_name"])
    _fill(d, "file_size", p.get("file_size"))
    _move(d, Status.UPLOADING, 0, f"Uploading {name}...")


def _upload_progress(d: Facts, p: Payload, at: datetime) -> None:
    _reached(d, "upload", at)
    d["bytes_sent"] = p["bytes"]
    percent = p["percent"]
    _move(d, Status.UPLOADING, round(33 * percent / 100), f"Uploading... {percent:.10g}%")


def _upload_complete(d: Facts, p: Payload, at: datetime) -> None:
    _reached(d, "parse", at)
    d["file_size"] = d["bytes_sent"] = p["file_size"]
    _move(d, Status.PARSING, 33, "Parsing transactions...")


def _parse_start(d: Facts, p: Payload, at: datetime) -> None:
    _begin(d, "parse", at, 33)
    d["rows_parsed"] = None  # a reading that was killed begins again
    d["rows_expected"] = p.get("rows_expected")
    _move(d, Status.PARSING, 33, "Parsing transactions...")


def _parse_progress(d: Facts, p: Payload, at: datetime) -> None:
    rows = d["rows_parsed"] = p["rows_parsed"]
    expected = p.get("rows_expected")
    if expected is None:
        expected = d["rows_expected"]
    else:
        d["rows_expected"] = expected
    progress = min(33 + 33 * rows // expected, 65) if expected else 33
    _move(d, Status.PARSING, progress, f"Parsing... {rows} rows")


def _parse_complete(d: Facts, p: Payload, at: datetime) -> None:
    rows = d["rows_total"] = p["rows_total"]
    d["preview"] = tuple(_clean(p["preview"]))
    d["new"] = p.get("new_count")
    d["duplicates"] = p.get("duplicate_count")
    d["unreadable"] = p.get("unreadable_count")
    d["excluded"] = p.get("excluded_count")
    d["edited"] = p.get("edited_count")
    d["accounts"] = tuple(map(clean, p.get("accounts") or ()))
    period = p.get("period")
    d["period"] = (clean(period["first"]), clean(period["last"])) if period else None
    d["totals"] = tuple(_clean(p.get("totals") or ()))
    proof = p.get("proof")
    d["proof"] = (
        {("breaks_at" if k == "breaksAt" else k): _clean(v) for k, v in proof.items()} if proof else None
    )
    d["issues"] = tuple(map(clean, p.get("issues") or ()))
    d["digest"] = p.get("digest")
    if d["status"] is not Status.COMMITTING or d["awaiting_approval"]:
        before = _RANK[d["status"]]
        _move(d, Status.COMMITTING, 66, f"Ready to commit {rows} transactions")
        d["awaiting_approval"] = before <= _RANK[Status.COMMITTING]


def _commit_start(d: Facts, p: Payload, at: datetime) -> None:
    _begin(d, "commit", at, 66)
    rows = d["row_count"] = p["row_count"]
    _fill(d, "digest", p.get("digest"))
    _fill(d, "skipped", p.get("skipped"))
    _move(d, Status.COMMITTING, 66, f"Committing {rows} transactions...")


def _commit_complete(d: Facts, p: Payload, at: datetime) -> None:
    _reached(d, "handoff", at)
    d["committed"] = p["committed"]
    _fill(d, "skipped", p.get("skipped"))
    _move(d, Status.HANDOFF, 80, "Handing off to Prime...")


def _handoff_initiated(d: Facts, p: Payload, at: datetime) -> None:
    _begin(d, "handoff", at, 90)
    d["handoff_id"] = p["handoff_id"]
    _move(d, Status.ANALYZING, 90, "Crystal analyzing your data...")


def _prime_message(d: Facts, p: Payload, at: datetime) -> None:
    messages = d["messages"]
    if type(messages) is tuple:  # a list while folding, so that many messages cost no more than their number
        messages = d["messages"] = list(messages)
    messages.append(clean(p["message"]))


def _analyze_start(d: Facts, p: Payload, at: datetime) -> None:
    _begin(d, "analyze", at, 90)
    d["handoff_id"] = p["handoff_id"]
    _move(d, Status.ANALYZING, 90, "Crystal analyzing your data...")


def _analyze_complete(d: Facts, p: Payload, at: datetime) -> None:
    _fill(d, "handoff_id", p["handoff_id"])
    d["advice"] = "\n".join(map(clean, p["advice"].splitlines()))
    d["insights"] = _clean(p["insights"])
    _move(d, Status.COMPLETE, 100, "Analysis complete!")


def _failed(stage: str) -> Callable[[Facts, Payload, datetime], None]:
    def rule(d: Facts, p: Payload, at: datetime) -> None:
        d["status"] = Status.ERROR
        d["error"] = error = clean(p["error"])
        d["message"] = f"Error: {error}"
        d["error_code"] = p.get("code")
        hint = p.get("hint")
        d["error_hint"] = hint and clean(hint)
        d["error_exit"] = p.get("exit")
        d["failed_stage"] = stage
        d["awaiting_approval"] = False

    return rule


def _fill(d: Facts, name: str, value: Any) -> None:
    if value is not None:
        d[name] = value


def _clean(value: Any) -> Any:
    """The same JSON value with every string harmless."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


_RULES: dict[str, Callable[[Facts, Payload, datetime], None]] = {
    "import:upload:start": _upload_start,
    "import:upload:progress": _upload_progress,
    "import:upload:complete": _upload_complete,
    "import:upload:error": _failed("upload"),
    "import:parse:start": _parse_start,
    "import:parse:progress": _parse_progress,
    "import:parse:complete": _parse_complete,
    "import:parse:error": _failed("parse"),
    "import:commit:start": _commit_start,
    "import:commit:complete": _commit_complete,
    "import:commit:error": _failed("commit"),
    "prime:handoff:initiated": _handoff_initiated,
    "prime:message": _prime_message,
    "crystal:analyze:start": _analyze_start,
    "crystal:analyze:complete": _analyze_complete,
    "crystal:analyze:error": _failed("analyze"),
}


@dataclass(frozen=True)
class Board:
    """Many imports at once. An event that names only its handoff or upload waits until that is known."""

    imports: Mapping[str, ImportState] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)  # handoff or upload id -> import id
    waiting: Mapping[str, tuple[EventRecord, ...]] = field(default_factory=dict, compare=False)
    unplaced: int = 0  # events that name no import, handoff or upload at all


class _Place(NamedTuple):
    import_id: str | None
    link: str | None  # what to wait for where the import is not known


def reduce_board(board: Board, record: EventRecord) -> Board:
    """The board after `record`: it changes the one import that it belongs to."""
    where = _place(board, record)
    if where.import_id is None:
        if where.link is None:
            return Board(board.imports, board.links, board.waiting, board.unplaced + 1)
        held = board.waiting.get(where.link, ())
        if any(record.id == other.id for other in held):
            return board
        waiting = {**board.waiting, where.link: (*held, record)}
        return Board(board.imports, board.links, waiting, board.unplaced)
    before = board.imports.get(where.import_id)
    placed = record.model_copy(update={"import_id": where.import_id})
    after = reduce(before or _START, placed)
    imports = board.imports if after is before else {**board.imports, where.import_id: after}
    link = _announces(record)
    if link is None or board.links.get(link) == where.import_id:
        return (
            board if imports is board.imports else Board(imports, board.links, board.waiting, board.unplaced)
        )
    waiting = dict(board.waiting)
    held = waiting.pop(link, ())
    board = Board(imports, {**board.links, link: where.import_id}, waiting, board.unplaced)
    for earlier in held:
        board = reduce_board(board, earlier)
    return board


def _place(board: Board, record: EventRecord) -> _Place:
    payload = vars(record.event)
    named = payload.get("import_id")
    if record.event_type.startswith("import:upload:"):
        envelope = record.import_id or named
        if envelope is None:
            return _Place(None, None)
        if record.event_type == "import:upload:complete":
            return _Place(named, None)
        return _Place(board.links.get(f"upload {envelope}", envelope), None)
    import_id = record.import_id or named
    if import_id is not None:
        return _Place(import_id, None)
    handoff = payload.get("handoff_id")
    if not isinstance(handoff, str):
        return _Place(None, None)
    link = f"handoff {handoff}"
    return _Place(board.links.get(link), link)


def _announces(record: EventRecord) -> str | None:
    """The link that this record makes: a handoff's import."""
    if record.event_type in ("prime:handoff:initiated", "crystal:analyze:start"):
        return f"handoff {vars(record.event)['handoff_id']}"
    return None
