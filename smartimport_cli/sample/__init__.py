"""The statement that `smartimport demo` reads: an invented account, invented merchants."""
