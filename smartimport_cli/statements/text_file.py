"""The text of a file in blocks, every line break `\\n`; and whether it is UTF-16."""

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


def is_utf16(head: bytes) -> str | None:
    """`utf-16-le`, `utf-16-be` where the bytes are UTF-16 (a mark, or a zero beside nearly every letter)."""
    if head.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if head.startswith(b"\xfe\xff"):
        return "utf-16-be"
    pairs = head[: len(head) // 2 * 2][:4096]
    if len(pairs) < 8:
        return None
    half = len(pairs) // 2
    if pairs[1::2].count(0) > half * 0.7 and pairs[::2].count(0) < half * 0.05:
        return "utf-16-le"
    if pairs[::2].count(0) > half * 0.7 and pairs[1::2].count(0) < half * 0.05:
        return "utf-16-be"
    return None
