"""What both ends of the wire agree on: Phoenix frames, paths, and the JSON forms. No I/O here."""
