"""Numbers in messages."""


def counted(number: int, noun: str) -> str:
    """Say how many: ``1 track``, ``3 tracks``.

    Parameters
    ----------
    number : int
    noun : str
        In the singular; one that takes an ``s``.

    Returns
    -------
    str
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
