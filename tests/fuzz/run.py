"""Coverage-guided fuzzing of one reader: `python -m tests.fuzz.run --format ofx --minutes 30`.

Seeds are the samples beside the tests, the layouts that they write, and any folders named. What breaks the
reader's promises (`target`), takes longer than ten seconds or more than a gigabyte ends the run and is kept
in the work folder; it becomes a test once it is understood. Needs the extra `fuzz`.
"""

import argparse
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--format", required=True, help="the reader: delimited, ofx ...")
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--work", type=Path, help="folder of what was found (default: a new one)")
    parser.add_argument("seeds", nargs="*", type=Path, help="folders of more files to begin with")
    options = parser.parse_args()

    import atheris

    with atheris.instrument_imports(include=["smartimport_cli.core", "smartimport_cli.statements"]):
        from importlib import import_module

        from smartimport_cli.statements.formats import by_name
        from tests.fuzz import target

        format_ = by_name(options.format)
        if format_ is None:
            parser.error(f"there is no reader {options.format}")
        import_module(f"smartimport_cli.statements.{format_.module}")
    work = options.work or Path(tempfile.mkdtemp(prefix=f"fuzz-{format_.name}-"))
    corpus = work / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(format_.suffixes, options.seeds)):
        (corpus / f"seed-{number}").write_bytes(data)
    print(f"fuzzing {format_.name} in {work}", file=sys.stderr)

    def one(data: bytes) -> None:
        target.check(data, format_.name)

    atheris.Setup(
        [
            sys.argv[0], str(corpus), f"-artifact_prefix={work}/", f"-max_total_time={int(options.minutes * 60)}",
            "-timeout=10", "-rss_limit_mb=1024", "-max_len=20000", "-print_final_stats=1",
        ],
        one,
    )  # fmt: skip
    atheris.Fuzz()


def seeds(suffixes: tuple[str, ...], folders: list[Path]) -> list[bytes]:
    """Files with these endings among the samples and in `folders`, and the layouts of delimited text."""
    from tests.statements.delimited_layouts import LAYOUTS

    found = [
        file.read_bytes()
        for folder in (TESTS / "statements" / "samples", *folders)
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in suffixes and file.stat().st_size < 20_000
    ]
    if ".csv" in suffixes:
        found += [layout.text.encode(layout.encoding) for layout in LAYOUTS]
    return found


if __name__ == "__main__":
    main()
