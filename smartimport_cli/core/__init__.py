"""The pure heart: what an import is, what happens to it, and what follows from that. No I/O."""
