"""Many statements, unattended: which files (`files`), who reads them (`workers`), in which order they are committed
(`run`), what earlier runs have finished (`checkpoint`), and what a folder brings as it comes (`folder`)."""
