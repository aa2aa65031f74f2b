"""Modules whose tests stand in another file than the one of their name."""

TESTED_ELSEWHERE: dict[str, str] = {
}

# Tested through others only, so far; each gets a file of its own.
UNNAMED: tuple[str, ...] = (
)
