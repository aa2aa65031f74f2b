"""Which differences are asked for: the planned contrasts of a 2 x 2 design, then all pairs.

Besides, the best network is held against the best baseline, each of them chosen on validation.

The design is attention (on, off) times loss (bce, focal) in the same network; with any one loss
alone it is attention.
"""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

Cell = tuple[bool, str]
"""Attention and loss of a configuration of the design."""
ARCHITECTURE = "spectrogram_cnn"
DESIGN: dict[Cell, str] = {
    (True, "bce"): "attnTrue_lossbce",
    (True, "focal"): "attnTrue_lossfocal",
    (False, "bce"): "attnFalse_lossbce",
    (False, "focal"): "attnFalse_lossfocal",
}
"""The names that the four have where nobody names them otherwise."""
OWN_NAME = re.compile("attn(True|False)_loss([a-z_]+)")
"""With one loss alone, the names of its two."""


class Kind(Enum):
    """What a contrast asks."""

    PAIR = "pair"
    ATTENTION = "attention"
    LOSS = "loss"
    INTERACTION = "interaction"
    BASELINE = "network and baseline"


MAIN_EFFECTS = (Kind.ATTENTION, Kind.LOSS)
NAMES = {
    Kind.ATTENTION: "attention: on - off",
    Kind.LOSS: "loss: focal - bce",
    Kind.INTERACTION: "interaction: attention effect under focal - under bce",
}


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """A weighted sum of configurations.

    Parameters
    ----------
    kind : Kind
        What it asks.
    side_a, side_b : tuple of str
        Configurations whose mean is A and whose mean is B; matched position by position.
    """

    kind: Kind = Kind.PAIR
    side_a: tuple[str, ...]
    side_b: tuple[str, ...]

    @property
    def name(self) -> str:
        """For tables, such as ``attention: on - off``; nothing is ever read from it."""
        pair = f"{_as_one_word(self.side_a[0])} - {_as_one_word(self.side_b[0])}"
        return NAMES.get(self.kind, pair)

    @property
    def is_interaction(self) -> bool:
        """Whether it is the difference of two differences, which has no exchange test."""
        return self.kind is Kind.INTERACTION

    @property
    def weights(self) -> Mapping[str, float]:
        """The weight of each configuration, with A - B as the sum."""
        size = 1.0 if self.is_interaction else 1.0 / len(self.side_a)
        return {name: size for name in self.side_a} | {name: -size for name in self.side_b}


def planned_contrasts(
    configurations: Iterable[str], settings: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[Contrast, ...]:
    """List what the design asks: both main effects and the interaction, or of one loss attention.

    All four configurations must be there, or both of the only loss that is there.

    Parameters
    ----------
    configurations : iterable of str
        Names.
    settings : mapping of name to mapping of str to plain value, optional
        The options of each, as records have them; where a configuration has none, only its exact
        name says whether it is of the design.
    """
    by_cell = _cells(configurations, settings or {})
    if not by_cell.keys() >= DESIGN.keys():
        if len(by_cell) == 2 and len({loss for _, loss in by_cell}) == 1:
            on, off = (by_cell[cell] for cell in sorted(by_cell, reverse=True))
            return (Contrast(kind=Kind.ATTENTION, side_a=(on,), side_b=(off,)),)
        return ()
    on_bce, on_focal, off_bce, off_focal = (by_cell[cell] for cell in DESIGN)
    return (
        Contrast(kind=Kind.ATTENTION, side_a=(on_bce, on_focal), side_b=(off_bce, off_focal)),
        Contrast(kind=Kind.LOSS, side_a=(on_focal, off_focal), side_b=(on_bce, off_bce)),
        Contrast(kind=Kind.INTERACTION, side_a=(on_focal, off_bce), side_b=(off_focal, on_bce)),
    )


def _cells(
    configurations: Iterable[str], settings: Mapping[str, Mapping[str, Any]]
) -> dict[Cell, str]:
    """Find the one configuration of each cell; of several, the one with the cell's own name."""
    found: dict[Cell, list[str]] = {}
    for name in configurations:
        cell = _recorded_cell(settings[name]) if name in settings else _named_cell(name)
        if cell is not None:
            found.setdefault(cell, []).append(name)
    own = {
        cell: [name for name in names if _named_cell(name) == cell] for cell, names in found.items()
    }
    return {
        cell: (names if len(names) == 1 else own[cell])[0]
        for cell, names in found.items()
        if len(names) == 1 or own[cell]
    }


def _named_cell(name: str) -> Cell | None:
    """Look up a configuration's cell in its name; None outside the design."""
    found = OWN_NAME.fullmatch(name)
    return None if found is None else (found[1] == "True", found[2])


def _recorded_cell(config: Mapping[str, Any]) -> Cell | None:
    """Look up a configuration's cell in its options; None outside the design."""
    model = config.get("model")
    if config.get("architecture") != ARCHITECTURE or not isinstance(model, Mapping):
        return None
    attention = {model.get("channel_attention"), model.get("spatial_attention")}
    if attention not in ({True}, {False}):
        return None
    return True in attention, str(config.get("loss"))


def _as_one_word(name: str) -> str:
    """Quote a name that would read as a difference itself."""
    return f"'{name}'" if " - " in name else name


def pair_contrasts(configurations: Iterable[str]) -> tuple[Contrast, ...]:
    """List every pair once, attention before none and focal before bce.

    Parameters
    ----------
    configurations : iterable of str
        Names.
    """
    ordered = sorted(configurations, reverse=True)
    return tuple(Contrast(side_a=(a,), side_b=(b,)) for a, b in itertools.combinations(ordered, 2))
