"""The scripts that shells load; copies lie in completions/ at the top of the project, kept in step by a test."""
