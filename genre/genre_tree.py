"""Genres below genres: what each is a kind of, how deep it stands, and what is above it.

Genres are known by their canonical names. A genre may have several parents; one without any stands
on level 0, the top, and every other one level below the deepest of its parents.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["GenreTree", "above", "find_cycle", "leaves", "levels"]

Parents = Mapping[str, Sequence[str]]
"""By genre, its direct parents; one that is absent has none."""


def above(parents: Parents, genre: str) -> tuple[str, ...]:
    """List the parents of a genre, theirs, and so on up.

    Parameters
    ----------
    parents : mapping of str to sequence of str
        Of every genre that has some; without a cycle.
    genre : str
        Where to begin; it is not in the answer.

    Returns
    -------
    tuple of str
        Sorted, each once.

    Examples
    --------
    >>> above({"jungle": ["dnb"], "dnb": ["electronic", "dance"]}, "jungle")
    ('dance', 'dnb', 'electronic')
    """
    found: set[str] = set()
    left = [*parents.get(genre, ())]
    while left:
        if (one := left.pop()) not in found:
            found.add(one)
            left += parents.get(one, ())
    return tuple(sorted(found))


def levels(parents: Parents, genres: Iterable[str]) -> dict[str, int]:
    """Find how deep each genre stands: 0 at the top.

    Parameters
    ----------
    parents : mapping of str to sequence of str
        Of every genre that has some; without a cycle.
    genres : iterable of str
        Those that are asked for.

    Examples
    --------
    >>> levels({"jazz_rap": ["jazz", "rap"], "rap": ["hiphop"]}, ["jazz_rap", "jazz", "rap"])
    {'jazz_rap': 2, 'jazz': 0, 'rap': 1}
    """
    asked = tuple(genres)
    known: dict[str, int] = {}
    ahead = [*asked]
    while ahead:
        over = parents.get(ahead[-1], ())
        if left := [parent for parent in over if parent not in known]:
            ahead += left
        else:
            known[ahead.pop()] = max((1 + known[parent] for parent in over), default=0)
    return {genre: known[genre] for genre in asked}


def leaves(parents: Parents, genres: Iterable[str]) -> tuple[str, ...]:
    """Select the genres that none of the others is below.

    Parameters
    ----------
    parents : mapping of str to sequence of str
        Of every genre that has some; without a cycle.
    genres : iterable of str
        Those among which is asked.

    Returns
    -------
    tuple of str
        In their order.

    Examples
    --------
    >>> leaves({"jungle": ["dnb"], "dnb": ["electronic"]}, ["electronic", "jungle", "jazz"])
    ('jungle', 'jazz')
    """
    asked = tuple(genres)
    covered = {parent for genre in asked for parent in above(parents, genre)}
    return tuple(genre for genre in asked if genre not in covered)


def find_cycle(parents: Parents) -> tuple[str, ...]:
    """Find genres that stand above themselves.

    Parameters
    ----------
    parents : mapping of str to sequence of str
        Of every genre that has some.

    Returns
    -------
    tuple of str
        One way round, its first genre once more at its end; empty where there is none.

    Examples
    --------
    >>> find_cycle({"a": ["b"], "b": ["c", "a"]})
    ('a', 'b', 'a')
    """
    done: set[str] = set()
    for start in parents:
        trail: list[str] = []
        ahead = [[start]]
        while ahead:
            if not ahead[-1]:
                ahead.pop()
                if trail:
                    done.add(trail.pop())
                continue
            genre = ahead[-1].pop(0)
            if genre in trail:
                return (*trail[trail.index(genre) :], genre)
            if genre not in done:
                trail.append(genre)
                ahead.append([*parents.get(genre, ())])
    return ()


@dataclass(frozen=True, kw_only=True)
class GenreTree:
    """The genres of a collector: what they are below, and how they are spelled.

    Parameters
    ----------
    parents : mapping of str to tuple of str
        The direct parents of each genre that has some; without a cycle.
    also : mapping of str to str
        From other names to the genre that they mean.
    names : mapping of str to str
        How each genre is written for people, as far as that is said.
    """

    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def whole(self, genres: Iterable[str]) -> tuple[str, ...]:
        """Call genres by their own names and add all that are above them.

        Parameters
        ----------
        genres : iterable of str
            As labels have them.

        Returns
        -------
        tuple of str
            Sorted, each once.
        """
        own = {self.also.get(genre, genre) for genre in genres}
        return tuple(sorted(own.union(*(above(self.parents, genre) for genre in own))))

    def among(self, genres: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Cut the tree down to some genres, each below the nearest of them.

        Parameters
        ----------
        genres : iterable of str
            Those that are kept.

        Returns
        -------
        dict of str to tuple of str
            The parents of each genre that has some, sorted.
        """
        kept = set(genres)
        found: dict[str, tuple[str, ...]] = {}
        for genre in sorted(kept):
            over = [parent for parent in above(self.parents, genre) if parent in kept]
            further = {far for parent in over for far in above(self.parents, parent)}
            if nearest := tuple(parent for parent in over if parent not in further):
                found[genre] = nearest
        return found
