"""How long to wait before the next attempt."""

import random
from collections.abc import Iterator


def delays(first: float, most: float) -> Iterator[float]:
    """Seconds before each further attempt, for ever: full jitter below a bound that doubles from `first` to
    `most`, so that many clients of one server that went away do not come back together."""
    bound = first
    while True:
        yield random.uniform(0, bound)  # noqa: S311 - not for secrets
        bound = min(bound * 2, most)
