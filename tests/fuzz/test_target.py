"""The fuzzers' target itself: seeds keep its promises, a reader that does not is caught."""

import pytest

from smartimport_cli.core.model import Reading
from smartimport_cli.resources import load_resources
from smartimport_cli.statements.formats import FORMATS, Format
from tests.fuzz import target
from tests.fuzz.run import seeds


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
def test_seeds_of_every_format_keep_the_promises(format_: Format) -> None:
    found = [target.check(data, format_.name, load_resources()) for data in seeds(format_.suffixes, [])]
    assert not found or max(found) > 0


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"Date,Amount\n" * 3, b"\xff\xfe;;\x1b\n1;2;3\n", b"<OFX><STMTTRN>"])
def test_rubbish_is_refused_or_read_as_nothing(data: bytes) -> None:
    assert target.check(data, None) <= 0


def test_a_reader_that_breaks_its_promise_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object, **__: object) -> Reading:
        return Reading("toy", [], iter(()))

    monkeypatch.setattr(target, "read", nothing)
    with pytest.raises(AssertionError, match="without a statement"):
        target.check(b"x", None)
