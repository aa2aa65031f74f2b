"""A user's folders → clean, labelled, split and cached tracks."""
