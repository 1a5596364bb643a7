"""smartimport completions: the script that a shell loads to complete commands, options, ids and formats."""
