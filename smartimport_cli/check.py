"""The smoke check of a backend, end to end: each step by name, with its time and its verdict.

It looks at a backend as its users do (`core.protocols.Backend`), with a small statement that it makes up: rows that
nobody else has, a card number and an IBAN that must not be seen in any event. A step that cannot be tried for want of
an earlier one is skipped and says so; a check in which nothing was verified has failed.
"""

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from smartimport_cli import flow
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.events import EventRecord
from smartimport_cli.core.money import plain
from smartimport_cli.core.privacy import mask_numbers
from smartimport_cli.core.protocols import Backend, Upload
from smartimport_cli.core.reducer import fold
from smartimport_cli.core.state import ImportState, Status

CARD, IBAN = "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00"  # the usual examples: valid, and nobody's
ROWS = 5
_READ = ("import:upload:start", "import:upload:complete", "import:parse:start", "import:parse:complete")
_DECIDED = ("import:commit:start", "import:commit:complete")
_ANALYSED = ("prime:handoff:initiated", "crystal:analyze:start", "crystal:analyze:complete")

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"

BUDGETS: dict[str, float] = {
    "reachable": 5, "signed-in": 5, "schema": 10, "upload": 15, "events": 60, "preview": 10, "privacy": 10,
    "isolation": 20, "stale": 10, "commit": 60, "analysis": 60, "live": 5, "order": 10, "repeat": 60, "clean-up": 30,
}  # fmt: skip
"""Seconds that each step may take, in the order in which they are taken."""

READ_ONLY = ("reachable", "signed-in", "schema", "privacy", "order")


@dataclass(slots=True)
class Step:
    """How one step went. `message`: what was seen, or why not."""

    name: str
    verdict: str
    message: str
    seconds: float = 0.0
    code: str | None = None
    exit_code: int = 0

    def to_json(self) -> dict[str, Any]:
        """As a report has it."""
        return {
            "name": self.name, "verdict": self.verdict, "message": self.message, "code": self.code,
            "seconds": round(self.seconds, 3),
        }  # fmt: skip


class _Broken(Exception):
    """What a step has found wrong."""


class _NotTried(Exception):
    """Why a step does not apply."""


class _Quiet:
    """A view that shows nothing and keeps what it was told."""

    def __init__(self) -> None:
        self.seen: list[EventRecord] = []

    def show(self, state: ImportState, record: EventRecord) -> None:
        self.seen.append(record)

    def tick(self, state: ImportState) -> None: ...
    def connection(self, how: str) -> None: ...
    def pause(self, state: ImportState) -> None: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class Check:
    """One check of `backend`. `other` is the same backend as another user has it. `token` makes the rows its own:
    eight letters or digits that no other check has. `clock` counts seconds."""

    backend: Backend
    token: str
    today: date
    clock: Callable[[], float]
    other: Backend | None = None
    budgets: Mapping[str, float] = field(default_factory=dict)
    read_only: bool = False
    _import_id: str | None = None
    _view: _Quiet = field(default_factory=_Quiet)
    _run: flow.Run | None = None
    _digest: str = ""
    _committed: bool = False

    def steps(self, names: Sequence[str]) -> Iterator[Step]:
        """The named steps (of BUDGETS, in that order), each as it is done."""
        for name in BUDGETS:
            if name in names:
                yield self._step(name)

    def _step(self, name: str) -> Step:
        started = self.clock()
        step = Step(name, PASSED, "")
        try:
            step.message = getattr(self, f"_{name.replace('-', '_')}")()
        except _NotTried as why:
            step.verdict, step.message = SKIPPED, str(why)
        except _Broken as why:
            step.verdict, step.message, step.code = FAILED, str(why), name
        except SmartImportError as error:
            step.verdict, step.message, step.code = FAILED, error.message, error.code
            step.exit_code = int(error.exit_code)
        step.seconds = self.clock() - started
        budget = self.budgets.get(name, BUDGETS[name])
        if step.verdict == PASSED and step.seconds > budget:
            step.verdict, step.code = FAILED, "slow"
            step.message = f"it took {step.seconds:.1f} s; its budget is {budget:g} s ({step.message})"
        return step

    # Where it is

    def _reachable(self) -> str:
        return f"{self.backend.name} answers, {len(self.backend.imports())} imports"

    def _signed_in(self) -> str:
        self.backend.imports()
        return "imports may be listed"

    def _schema(self) -> str:
        """Everything that is stored can be read, table by table."""
        self.backend.accounts()
        next(iter(self.backend.transactions()), None)
        newest = next(iter(self.backend.imports()), None)
        if newest is not None:
            list(self.backend.events(newest.id))
            self.backend.advice(newest.id)
        return "imports, events, transactions, accounts and advice can be read"

    # The main job

    def _upload(self) -> str:
        content = self._statement()
        uploaded = self.backend.upload(Upload(io.BytesIO(content), f"check-{self.token}.csv", len(content)))
        if uploaded.existing:
            raise _Broken("a statement that was never sent before is said to be there already")
        self._import_id = uploaded.import_id
        return f"{len(content)} bytes became import {flow.short(uploaded.import_id)}"

    def _events(self) -> str:
        run = self._following()
        run.allow(self._limit("events"))
        state = run.until(flow.read)
        if state.status is Status.ERROR:
            raise _Broken(f"the statement could not be read: {state.error}")
        self._expect(_READ)
        while self.backend.connection not in (None, "live", "polling"):  # the rest is to be followed live
            run.step()
        return f"{len(self._view.seen)} events up to the preview, in order"

    def _preview(self) -> str:
        self._following()
        assert self._import_id is not None
        preview = self.backend.preview(self._import_id, limit=None)
        found = sorted((row.row.posted_date.isoformat(), plain(row.row.amount)) for row in preview.rows)
        sent = sorted((day.isoformat(), plain_cents(cents)) for day, cents, _ in self._rows())
        if found != sent:
            raise _Broken(f"{len(sent)} rows were sent, the preview shows others: {found[:3]} ...")
        if preview.new != ROWS:
            raise _Broken(f"all {ROWS} rows are new, the preview says {preview.new}")
        self._digest = preview.digest
        return f"{len(found)} rows as they were sent; {preview.proof.verdict}"

    def _privacy(self) -> str:
        """No event shows a card, an account or anything else that is long enough to be one."""
        records = self._stored()
        for record in records:
            text = json.dumps(record.to_wire().get("payload"), ensure_ascii=False)
            for secret in (CARD, CARD.replace(" ", ""), IBAN, IBAN.replace(" ", "")):
                if secret in text:
                    raise _Broken(f"{record.event_type} (seq {record.seq}) shows a card or account number")
            if mask_numbers(text) != text:
                raise _Broken(f"{record.event_type} (seq {record.seq}) shows a number that should be masked")
        return f"{len(records)} events show no card and no account"

    def _isolation(self) -> str:
        self._following()
        assert self._import_id is not None
        if len({record.user_id for record in self._stored()}) > 1:
            raise _Broken("events of another user are among those of this import")
        if self.other is None:
            raise _NotTried("no second user was named (--other PROFILE)")
        if any(record.id == self._import_id for record in self.other.imports()):
            raise _Broken("another user sees this import in their list")
        for what, look in (("events", self.other.events), ("transactions", self.other.transactions)):
            try:
                rows = list(look(self._import_id))
            except SmartImportError as error:
                if error.code in ("unknown-import", "not-found", "forbidden"):
                    continue
                raise
            if rows:
                raise _Broken(f"another user sees {len(rows)} {what} of this import")
        return "another user sees none of it"

    def _stale(self) -> str:
        """A yes to something else than what is staged commits nothing."""
        self._following()
        assert self._import_id is not None
        try:
            self.backend.commit(self._import_id, "0" * 32)
        except SmartImportError as error:
            if error.exit_code is ExitCode.STALE:
                return "an approval of another preview is refused"
            raise
        raise _Broken("an approval of another preview was taken")

    def _commit(self) -> str:
        run = self._following()
        assert self._import_id is not None
        if not self._digest:
            raise _NotTried("the preview was not right")
        self.backend.commit(self._import_id, self._digest)
        run.allow(self._limit("commit"))
        state = run.until(lambda state: state.committed is not None or flow.ended(state))
        self._expect(_DECIDED)
        if state.committed != ROWS:
            raise _Broken(f"{ROWS} transactions were approved, {state.committed} are said to be committed")
        self._committed = True
        self._count()
        return f"{ROWS} transactions committed"

    def _analysis(self) -> str:
        run = self._following()
        if not self._committed:
            raise _NotTried("nothing was committed")
        run.allow(self._limit("analysis"))
        state = run.until(flow.ended)
        if state.status is not Status.COMPLETE:
            raise _Broken(f"the analysis failed: {state.error}")
        self._expect(_ANALYSED)
        assert self._import_id is not None
        if self.backend.advice(self._import_id) is None:
            raise _Broken("the analysis is said to be complete, but there is no advice")
        return "handoff, analysis and advice are there"

    def _live(self) -> str:
        """Once it is live, the channel brings each event, once, in order, without help from the store."""
        self._following()
        heard = self.backend.heard
        if heard is None:
            raise _NotTried("nothing lies between this backend and its followers")
        if not heard:
            raise _Broken("no event came live; all of them had to be read from the store")
        last = max(record.seq or 0 for record in self._stored())
        if heard != list(range(heard[0], last + 1)):
            raise _Broken(f"live came {_short(heard)} of {last}: one is lost, came twice or out of order")
        return f"{len(heard)} events came live"

    def _order(self) -> str:
        """What is stored is whole and in order, and is what was seen live."""
        records = self._stored()
        numbers = [record.seq for record in records]
        if None in numbers:
            raise _NotTried("this backend does not number its events")
        if numbers != list(range(1, len(numbers) + 1)):
            raise _Broken(f"the stored events are numbered {_short(numbers)}: one is missing, or out of order")
        if self._view.seen:
            seen = [record.seq for record in self._view.seen]
            if seen != numbers[: len(seen)]:
                raise _Broken(f"live came {_short(seen)}, stored are {_short(numbers)}")
            if self._run is not None and fold(records[: len(seen)]) != self._run.state:
                raise _Broken("the state that was followed is not that of the stored events")
        return f"{len(records)} events without a gap"

    def _repeat(self) -> str:
        """The same statement again commits nothing."""
        if not self._committed:
            raise _NotTried("nothing was committed")
        assert self._import_id is not None
        content = self._statement()
        again = self.backend.upload(Upload(io.BytesIO(content), f"again-{self.token}.csv", len(content)))
        run = flow.Run(self.backend, again.import_id, _Quiet(), clock=self.clock, timeout=self._limit("repeat"))
        state = run.until(flow.read)
        if again.import_id != self._import_id and state.awaiting_approval:
            preview = self.backend.preview(again.import_id)
            if preview.new:
                raise _Broken(f"the same statement again has {preview.new} new rows")
            self.backend.reject(again.import_id)
        self.backend.commit(self._import_id, self._digest)
        self._count()
        return "the same statement again brings nothing"

    def _clean_up(self) -> str:
        if self._import_id is None:
            raise _NotTried("nothing was brought in")
        if not self._committed:
            self.backend.reject(self._import_id, "smoke check")
        else:
            self.backend.undo(self._import_id)
        left = list(self.backend.transactions(self._import_id))
        left += [row for row in self.backend.transactions() if self.token in row.description]
        if left:
            raise _Broken(f"{len(left)} transactions are left")
        return "no row is left"

    # What steps have in common

    def _following(self) -> flow.Run:
        if self._import_id is None:
            raise _NotTried("the upload did not go through")
        if self._run is None:
            self._run = flow.Run(
                self.backend, self._import_id, self._view, clock=self.clock, timeout=self._limit("events")
            )
        return self._run

    def _limit(self, name: str) -> float:
        return self.budgets.get(name, BUDGETS[name])

    def _stored(self) -> list[EventRecord]:
        """The stored events of the check's import; read only: of the newest there is."""
        import_id = self._import_id
        if import_id is None and self.read_only:
            newest = next((record for record in self.backend.imports()), None)
            import_id = newest.id if newest else None
        if import_id is None:
            raise _NotTried("there is no import to look at")
        records = list(self.backend.events(import_id))
        if not records:
            raise _Broken("an import is there, but none of its events")
        return records

    def _expect(self, types: Sequence[str]) -> None:
        """These types were seen, each once, in this order."""
        seen = [record.event_type for record in self._view.seen if record.event_type in types]
        if seen != list(types):
            missing = [name for name in types if name not in seen]
            twice = sorted({name for name in seen if seen.count(name) > 1})
            why = f"missing: {', '.join(missing)}" if missing else f"twice: {', '.join(twice)}" if twice else ""
            raise _Broken(f"events did not come as they should ({why or 'out of order: ' + ', '.join(seen)})")

    def _count(self) -> None:
        assert self._import_id is not None
        rows = list(self.backend.transactions(self._import_id))
        if len(rows) != ROWS:
            raise _Broken(f"{ROWS} transactions should be there, {len(rows)} are")

    def _rows(self) -> list[tuple[date, int, str]]:
        """Day, cents and description of the rows that are sent."""
        texts = ("COFFEE", f"CARD {CARD}", f"TO {IBAN}", "SALARY", "COFFEE")
        cents = (-450, -1299, -25_000, 310_000, -450)
        return [
            (self.today - timedelta(days=40 - n), amount, f"CHECK {self.token} {text}")
            for n, (amount, text) in enumerate(zip(cents, texts, strict=True))
        ]

    def _statement(self) -> bytes:
        balance = 100_000
        lines = ["Date,Description,Amount,Balance"]
        for day, cents, text in self._rows():
            balance += cents
            lines.append(f"{day.isoformat()},{text},{plain_cents(cents)},{plain_cents(balance)}")
        return ("\n".join(lines) + "\n").encode()


def plain_cents(cents: int) -> str:
    """`-4.50` for -450."""
    return f"{Decimal(cents) / 100:.2f}"


def verdict(steps: Sequence[Step]) -> ExitCode:
    """How the check ends: 0 where every step passed that was tried, and one was; 6 or 4 where the backend cannot be
    reached or wants a sign-in; else 3."""
    failed = [step for step in steps if step.verdict == FAILED]
    for code in (ExitCode.UNREACHABLE, ExitCode.SIGN_IN):
        if any(step.exit_code == code for step in failed):
            return code
    return ExitCode.IMPORT_FAILED if failed or not any(step.verdict == PASSED for step in steps) else ExitCode.DONE


def _short(numbers: Sequence[int | None]) -> str:
    return ", ".join(map(str, numbers[:12])) + (" ..." if len(numbers) > 12 else "")
