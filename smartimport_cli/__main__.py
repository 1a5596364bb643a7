"""The way in. What must feel instant is answered here, before anything heavy is imported."""

import sys


def main() -> int:
    """Run the command line; the process's exit code."""
    try:
        return _run(sys.argv[1:])
    except KeyboardInterrupt:  # before there is a command that could answer it, or after
        return 130


def _run(words: list[str]) -> int:
    if words == ["--version"] or words == ["-V"]:
        from smartimport_cli import __version__

        sys.stdout.write(f"smartimport {__version__}\n")
        return 0
    if words[:1] == ["__complete"]:
        from smartimport_cli.completion import complete

        return complete(words[1:])
    import gc

    # A command lives for seconds and makes rows by the million: look for cycles rarely. A tenth of its CPU.
    gc.set_threshold(100_000, 20, 20)
    from smartimport_cli.cli import main

    return main(words)


if __name__ == "__main__":
    sys.exit(main())
