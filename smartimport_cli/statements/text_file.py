"""The text of a file in blocks, every line break `\\n`."""

import io
from collections.abc import Iterator
from typing import BinaryIO

BLOCK = 1 << 18  # characters at a time: a few thousand rows


def blocks(source: BinaryIO, encoding: str) -> Iterator[tuple[str, int]]:
    """Blocks of text, each with the bytes read so far. Bytes that are no text in `encoding` become U+FFFD."""
    source.seek(0)
    text = io.TextIOWrapper(source, encoding, errors="replace", newline=None)
    try:
        while block := text.read(BLOCK):
            yield block, source.tell()
    finally:
        if not source.closed:
            text.detach()  # the file is the caller's
