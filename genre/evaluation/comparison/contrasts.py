"""Which differences are asked for: the planned contrasts of a 2 x 2 design, then all pairs."""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DESIGN_NAME = re.compile(r"attn(True|False)_loss(bce|focal)")
DESIGN = tuple(
    f"attn{attention}_loss{loss}" for attention in (True, False) for loss in ("bce", "focal")
)


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """A weighted sum of configurations.

    Parameters
    ----------
    name : str
        For tables, such as ``attention: on - off``.
    side_a, side_b : tuple of str
        Configurations whose mean is A and whose mean is B; matched position by position.
    is_interaction : bool
        True for the difference of two differences, which has no exchange test.
    """

    name: str
    side_a: tuple[str, ...]
    side_b: tuple[str, ...]
    is_interaction: bool = False

    @property
    def weights(self) -> Mapping[str, float]:
        """The weight of each configuration, with A - B as the sum."""
        size = 1.0 if self.is_interaction else 1.0 / len(self.side_a)
        return {name: size for name in self.side_a} | {name: -size for name in self.side_b}


def planned_contrasts(configurations: Iterable[str]) -> tuple[Contrast, ...]:
    """Give both main effects and the interaction, where all four configurations are there."""
    if not set(DESIGN) <= set(configurations):
        return ()
    on_bce, on_focal, off_bce, off_focal = DESIGN
    return (
        Contrast(
            name="attention: on - off", side_a=(on_bce, on_focal), side_b=(off_bce, off_focal)
        ),
        Contrast(name="loss: focal - bce", side_a=(on_focal, off_focal), side_b=(on_bce, off_bce)),
        Contrast(
            name="interaction: attention effect under focal - under bce",
            side_a=(on_focal, off_bce),
            side_b=(off_focal, on_bce),
            is_interaction=True,
        ),
    )


def pair_contrasts(configurations: Iterable[str]) -> tuple[Contrast, ...]:
    """Give every pair once, attention before none and focal before bce."""
    ordered = sorted(configurations, reverse=True)
    return tuple(
        Contrast(name=f"{a} - {b}", side_a=(a,), side_b=(b,))
        for a, b in itertools.combinations(ordered, 2)
    )
