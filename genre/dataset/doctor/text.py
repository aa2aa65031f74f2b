"""Lists of names for people."""

from collections.abc import Sequence


def listed(names: Sequence[str], *, limit: int, separator: str = ", ") -> str:
    """Join names; past the limit say how many more there are."""
    shown = separator.join(names[:limit])
    n_more = len(names) - limit
    return f"{shown} and {n_more} more" if n_more > 0 else shown
