"""Names of files, artists and genres in a form that any terminal and any page can show."""

import unicodedata


def printable(text: str) -> str:
    """Write what cannot be seen as an escape: control characters, marks of direction, half codes.

    A name may hold a newline, an order to the terminal, or a mark that turns the rest of the line
    around; none of them may act where the name is shown.

    Returns
    -------
    str
        The same text where all of it can be seen.
    """
    if text.isprintable():
        return text
    return "".join(
        letter
        if letter.isprintable() or unicodedata.category(letter) == "Zs"
        else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )
