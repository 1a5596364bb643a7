"""smartimport: bank statements in, read and proved, approved, committed once, and explained."""

__version__ = "0.1.0"
