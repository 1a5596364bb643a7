"""The embedded backend's tables, step by step."""

STATUSES = ("pending", "parsed", "committed", "failed", "rejected", "undone")


def ids(import_no: int) -> tuple[int, int]:
    """The ids that the staged rows of an import, and the edits of them, lie between."""
    return import_no << 32, (import_no << 32) + 0xFFFFFFFF
