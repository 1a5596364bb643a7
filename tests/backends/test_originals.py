"""The statements as they came, kept by several processes at once."""

import hashlib
import io
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from smartimport_cli.backends.local.originals import Originals


def keep(data_dir: Path, first: int) -> list[str]:
    originals = Originals(data_dir)
    return [originals.keep(io.BytesIO(f"{number}".encode())) for number in range(first, first + 400)]


def test_processes_that_keep_originals_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    with ProcessPoolExecutor(3) as pool:
        kept = [name for names in pool.map(keep, [tmp_path] * 3, [0, 400, 800]) for name in names]
    assert kept == [hashlib.sha256(f"{number}".encode()).hexdigest() for number in range(1200)]
    assert all(Originals(tmp_path).path(name).is_file() for name in kept)
    assert not list(tmp_path.glob("originals/.incoming-*"))
