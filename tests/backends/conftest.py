import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smartimport_cli.backends.local import LocalBackend
from smartimport_cli.core.model import Choices
from smartimport_cli.core.protocols import Upload
from smartimport_cli.core.reducer import fold
from smartimport_cli.core.state import ImportState
from smartimport_cli.flow import ended, read


class Desk:
    """A backend with the few moves that most tests make."""

    def __init__(self, folder: Path) -> None:
        self.backend = LocalBackend(folder)

    def upload(self, content: bytes, name: str = "march.ofx", **choices: str) -> str:
        return self.put(content, name, **choices)[0]

    def put(self, content: bytes, name: str = "march.ofx", **choices: str) -> tuple[str, bool]:
        upload = Upload(io.BytesIO(content), name, len(content), Choices(**choices))
        uploaded = self.backend.upload(upload)
        return uploaded.import_id, uploaded.existing

    def until(self, import_id: str, done: Callable[[ImportState], bool]) -> ImportState:
        state = fold(self.backend.events(import_id))
        if done(state):
            return state
        for record in self.backend.follow(import_id, after=state.ledger.settled):
            if record is not None:
                state = fold([record], state)
                if done(state):
                    return state
        raise AssertionError("follow never ends by itself")

    def staged(self, content: bytes, name: str = "march.ofx", **choices: str) -> str:
        import_id = self.upload(content, name, **choices)
        self.until(import_id, read)
        return import_id

    def approve(self, import_id: str) -> ImportState:
        self.backend.commit(import_id, self.backend.preview(import_id).digest)
        return self.until(import_id, ended)

    def committed(self, content: bytes, name: str = "march.ofx", **choices: str) -> str:
        import_id = self.staged(content, name, **choices)
        self.approve(import_id)
        return import_id

    def descriptions(self, import_id: str | None = None) -> list[str]:
        return [row.description for row in self.backend.transactions(import_id)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "data")
    yield desk
    desk.backend.close()
