"""What may have been meant by a name that nothing has."""

from collections.abc import Iterable

__all__ = ["did_you_mean", "not_among"]


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Name what is most like an unknown name.

    Parameters
    ----------
    wrong : str
        As it was typed.
    known : iterable of str
        The names that there are.

    Returns
    -------
    str
        ``; did you mean …?``, to stand behind a message; empty where nothing is like it. Letter
        case is no difference, and a name that only begins a known one stands for that.

    Examples
    --------
    >>> did_you_mean("trian", ["doctor", "train"])
    '; did you mean train?'
    >>> did_you_mean("--split", ["--split-by", "--split-seed", "--seeds"])
    '; did you mean --split-by or --split-seed?'
    >>> did_you_mean("xyz", ["doctor", "train"])
    ''
    """
    # Every command imports this module, and hardly one makes a mistake.
    from difflib import get_close_matches

    by_fold = {name.casefold(): name for name in known}
    plain = wrong.casefold()
    begun = [fold for fold in by_fold if plain and fold.startswith(plain)]
    meant = begun if 0 < len(begun) <= 3 else get_close_matches(plain, by_fold, n=1)
    return f"; did you mean {' or '.join(by_fold[fold] for fold in meant)}?" if meant else ""


def not_among(name: str, value: object, known: Iterable[str]) -> str:
    """Write the message of a value that is none of those that there are.

    Parameters
    ----------
    name : str
        Of the option or the key.
    value : object
        What it was given.
    known : iterable of str
        The legal values.

    Examples
    --------
    >>> not_among("task", "exclusiv", ["multilabel", "exclusive"])
    "task='exclusiv' must be one of: multilabel, exclusive; did you mean exclusive?"
    """
    legal = tuple(known)
    return f"{name}={value!r} must be one of: {', '.join(legal)}{did_you_mean(str(value), legal)}"
