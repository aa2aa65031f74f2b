"""Divide groups (artists) over parts so that every label is balanced: arrays in, arrays out.

Iterative stratification (Sechidis, Tsoumakas and Vlahavas, ECML PKDD 2011) places examples of the
rarest label first, each in the part that still wants most of it. Here a group is placed as a whole,
the largest first. A few single moves then mend what is left, above all a label without any group
in a part.
"""

from dataclasses import dataclass, field

import numpy
from numpy.typing import NDArray

Floats = NDArray[numpy.float64]
Ints = NDArray[numpy.int64]

# One missing label must outweigh every imbalance; a part's imbalance is at most about n_labels.
UNCOVERED_COST = 1e4
# Above this many groups × labels the first placing is good, and more of either takes minutes.
SMALL_PROBLEM = 100_000
N_RESTARTS = 30
# With few groups single moves get stuck in poor balance; among many there is always one that fits.
FEW_GROUPS = 50
N_TRIES = 10
N_MOVES = {"small": 300, "large": 30}


@dataclass(frozen=True, kw_only=True)
class Groups:
    """What is to be divided.

    Parameters
    ----------
    counts : ndarray of shape (n_groups, n_labels)
        Tracks of each group with each label.
    sizes : ndarray of shape (n_groups,)
        Tracks of each group.
    fixed : ndarray of shape (n_groups,), int
        The part that a group must be in; -1 where it may be anywhere.
    ratios : ndarray of shape (n_parts,)
        The share of the tracks that each part should have; sums to 1.
    is_open : ndarray of shape (n_parts,), bool
        False where a part takes fixed groups only.
    priorities : ndarray of shape (n_parts,)
        How bad it is, against other parts, when a label is missing there.
    """

    counts: Floats
    sizes: Floats
    fixed: Ints
    ratios: Floats
    is_open: NDArray[numpy.bool_]
    priorities: Floats
    # The size is balanced as one more label; all columns count in fractions of their total.
    weights: Floats = field(init=False)

    def __post_init__(self) -> None:
        columns = numpy.column_stack([self.counts, self.sizes])
        totals = numpy.maximum(columns.sum(axis=0), 1.0)
        object.__setattr__(self, "weights", columns / totals)


def stratify(groups: Groups, *, rng: numpy.random.Generator) -> Ints:
    """Choose a part for every group.

    Parameters
    ----------
    groups : Groups
        What is to be divided, and how.
    rng : numpy Generator
        Decides between equals; another state gives another division.

    Returns
    -------
    ndarray of shape (n_groups,), int
        The index of each group's part.
    """
    if (groups.fixed >= 0).all():
        return groups.fixed
    best = _improve(groups, _place_rarest_first(groups, rng=rng))
    best_cost = _cost(groups, best)
    attainable = _attainable_cost(groups) + UNCOVERED_COST / 2
    for restart in range(N_RESTARTS if groups.counts.size <= SMALL_PROBLEM else 0):
        if best_cost < attainable and (restart >= N_TRIES or len(best) > FEW_GROUPS):
            break
        parts = _improve(groups, _place_at_random(groups, rng=rng))
        cost = _cost(groups, parts)
        if cost < best_cost - 1e-9:
            best, best_cost = parts, cost
    return best


def _place_rarest_first(groups: Groups, *, rng: numpy.random.Generator) -> Ints:
    n_groups, n_labels = groups.counts.shape
    parts = groups.fixed.copy()
    # (n_parts, n_labels + 1): what each part still wants, in fractions of the total
    wanted = numpy.tile(groups.ratios[:, None], (1, n_labels + 1))
    for part in range(len(groups.ratios)):
        wanted[part] -= groups.weights[parts == part].sum(axis=0)
    wanted[~groups.is_open] = -numpy.inf
    has = groups.weights > 0
    has[:, -1] = True  # a group without any label comes last, by its size
    shuffled = rng.permutation(n_groups)
    while (parts < 0).any():
        n_left = has[parts < 0].sum(axis=0).astype(float)
        n_left[-1] = n_groups + 1.0
        n_left[n_left == 0] = numpy.inf
        label = int(numpy.argmin(n_left))
        free = shuffled[(parts < 0)[shuffled] & has[shuffled, label]]
        for group in free[numpy.argsort(-groups.weights[free, label], kind="stable")]:
            part = _hungriest(wanted, label, rng=rng)
            parts[group] = part
            wanted[part] -= groups.weights[group]
    return parts


def _hungriest(wanted: Floats, label: int, *, rng: numpy.random.Generator) -> int:
    most = numpy.flatnonzero(wanted[:, label] >= wanted[:, label].max() - 1e-12)
    most = most[wanted[most, -1] >= wanted[most, -1].max() - 1e-12]
    return int(most[0]) if len(most) == 1 else int(rng.choice(most))


def _place_at_random(groups: Groups, *, rng: numpy.random.Generator) -> Ints:
    chances = numpy.where(groups.is_open, groups.ratios, 0.0)
    parts = rng.choice(len(chances), size=len(groups.fixed), p=chances / chances.sum())
    return numpy.where(groups.fixed >= 0, groups.fixed, parts)


def _state(groups: Groups, parts: Ints) -> tuple[Floats, Floats]:
    """Compute each part's surplus per column, and its number of groups per label."""
    member = (parts == numpy.arange(len(groups.ratios))[:, None]).astype(float)
    surplus = member @ groups.weights - groups.ratios[:, None]
    return surplus, member @ (groups.counts > 0)


def _cost(groups: Groups, parts: Ints) -> float:
    surplus, n_groups = _state(groups, parts)
    uncovered = ((n_groups == 0) * groups.priorities[:, None]).sum()
    return float((surplus**2).sum() + UNCOVERED_COST * uncovered)


def _attainable_cost(groups: Groups) -> float:
    """Bound the cost of missing labels from below: n groups cover at most n parts."""
    n_groups = (groups.counts > 0).sum(axis=0)
    cheapest_last = numpy.sort(groups.priorities)[::-1]
    return UNCOVERED_COST * float(sum(cheapest_last[n:].sum() for n in n_groups))


def _improve(groups: Groups, parts: Ints) -> Ints:
    """Move one group at a time, always the move that helps most, until none helps."""
    parts = parts.copy()
    movable = numpy.flatnonzero(groups.fixed < 0)
    weights, has = groups.weights[movable], (groups.counts[movable] > 0).astype(float)
    squares = (weights**2).sum(axis=1)
    rows = numpy.arange(len(movable))
    n_moves = N_MOVES["small" if groups.counts.size <= SMALL_PROBLEM else "large"]
    for _ in range(n_moves):
        surplus, n_groups = _state(groups, parts)
        home = parts[movable]
        # (x ± w)² − x² = w² ± 2xw, summed over the columns; (n_movable, n_parts)
        change = (2 * weights @ surplus.T) + squares[:, None]
        change += (squares - 2 * (weights * surplus[home]).sum(axis=1))[:, None]
        gained = (has @ (n_groups == 0).T.astype(float)) * groups.priorities
        lost = (has * (n_groups[home] == 1)).sum(axis=1) * groups.priorities[home]
        change += UNCOVERED_COST * (lost[:, None] - gained)
        change[:, ~groups.is_open] = numpy.inf
        change[rows, home] = numpy.inf
        row, part = numpy.unravel_index(int(numpy.argmin(change)), change.shape)
        if change[row, part] > -1e-9:
            break
        parts[movable[row]] = part
    return parts
