"""The embedded backend's tables, step by step."""

STATUSES = ("pending", "parsed", "committed", "failed", "rejected", "undone")
