"""What the room offers stands in its `__all__`, and is loaded when it is asked for."""

import pytest

import genre.serving


def test_all_that_is_offered_is_there() -> None:
    assert set(genre.serving.__all__) <= set(dir(genre.serving))
    for name in genre.serving.__all__:
        assert getattr(genre.serving, name).__module__.startswith("genre.serving.")
    with pytest.raises(AttributeError, match=r"'genre\.serving' has no attribute 'Jazz'"):
        genre.serving.Jazz  # noqa: B018 - asked for on purpose
