"""Which differences are asked for."""

from typing import Any

import pytest

from genre.evaluation.comparison.contrasts import (
    ARCHITECTURE,
    DESIGN,
    Contrast,
    Kind,
    pair_contrasts,
    planned_contrasts,
)
from genre.grid import GridConfig
from genre.models.spectrogram_cnn import SpectrogramCNNConfig
from tests.synthetic_experiment import SKILLS


def test_the_planned_contrasts_of_the_design() -> None:
    attention, loss, interaction = planned_contrasts(SKILLS)
    values = {
        "attnTrue_lossbce": 1.0,
        "attnTrue_lossfocal": 10.0,
        "attnFalse_lossbce": 100.0,
        "attnFalse_lossfocal": 1000.0,
    }

    def total(contrast: Contrast) -> float:
        return sum(weight * values[name] for name, weight in contrast.weights.items())

    assert total(attention) == (1 + 10) / 2 - (100 + 1000) / 2
    assert total(loss) == (10 + 1000) / 2 - (1 + 100) / 2
    assert total(interaction) == (10 - 1000) - (1 - 100)


def test_an_incomplete_design_has_no_planned_contrasts() -> None:
    assert planned_contrasts(list(SKILLS)[:3]) == ()


@pytest.mark.parametrize("loss", ["cross_entropy", "bce"])
def test_of_one_loss_alone_attention_is_planned(loss: str) -> None:
    on, off = f"attnTrue_loss{loss}", f"attnFalse_loss{loss}"
    (contrast,) = planned_contrasts([off, "frozen_musicnn_lossbce", on])
    assert contrast == Contrast(kind=Kind.ATTENTION, side_a=(on,), side_b=(off,))
    assert contrast.weights == {on: 1.0, off: -1.0}
    settings = {
        "mine": recorded(attention=True, loss=loss),
        "yours": recorded(attention=False, loss=loss),
    }
    (contrast,) = planned_contrasts(["yours", "mine"], settings)
    assert (contrast.side_a, contrast.side_b) == (("mine",), ("yours",))
    assert planned_contrasts([on]) == ()
    # Two losses, and not both arms of each: nothing can be asked of either alone.
    assert planned_contrasts([on, "attnFalse_lossasl"]) == ()
    assert planned_contrasts([on, off, "attnTrue_lossasl"]) == ()


def test_every_pair_stands_once_with_attention_first() -> None:
    pairs = pair_contrasts(SKILLS)
    assert len(pairs) == 6
    assert len({frozenset(pair.weights) for pair in pairs}) == 6
    for pair in pairs:
        assert not (pair.side_a[0].startswith("attnFalse") and "attnTrue" in pair.side_b[0])


# The design is recognised by what was trained, else by exact names


def recorded(
    *, attention: bool, loss: str, architecture: str = "spectrogram_cnn"
) -> dict[str, Any]:
    model = {"channel_attention": attention, "spatial_attention": attention}
    return {"architecture": architecture, "loss": loss, "model": model}


MINE = {
    "one": recorded(attention=True, loss="bce"),
    "two": recorded(attention=True, loss="focal"),
    "three": recorded(attention=False, loss="bce"),
    "four": recorded(attention=False, loss="focal"),
}


def test_the_names_of_the_design_are_those_of_the_grid() -> None:
    config = GridConfig()
    assert set(config.configs) == set(DESIGN.values())
    for (attention, loss), name in DESIGN.items():
        run = config.run_config(name)
        assert isinstance(run.model, SpectrogramCNNConfig)
        assert (run.architecture, run.loss) == (ARCHITECTURE, loss)
        assert (run.model.channel_attention, run.model.spatial_attention) == (attention, attention)


def test_the_design_is_recognised_by_what_was_trained() -> None:
    attention, loss, interaction = planned_contrasts([*MINE, "another"], MINE)
    assert (attention.side_a, attention.side_b) == (("one", "two"), ("three", "four"))
    assert (loss.side_a, loss.side_b) == (("two", "four"), ("one", "three"))
    assert (interaction.side_a, interaction.side_b) == (("two", "three"), ("four", "one"))
    kinds = [contrast.kind for contrast in (attention, loss, interaction)]
    assert kinds == [Kind.ATTENTION, Kind.LOSS, Kind.INTERACTION]
    assert planned_contrasts(MINE) == ()  # the names alone say nothing


@pytest.mark.parametrize(
    "other",
    [
        recorded(attention=True, loss="bce", architecture="short_chunk_cnn"),
        recorded(attention=True, loss="asl"),
        recorded(attention=False, loss="bce"),
        {"architecture": "spectrogram_cnn", "loss": "bce", "model": {"channel_attention": True}},
        {
            "architecture": "spectrogram_cnn",
            "loss": "bce",
            "model": {"channel_attention": True, "spatial_attention": False},
        },
        {"architecture": "spectrogram_cnn", "loss": "bce"},
    ],
)
def test_a_name_does_not_help_where_a_record_says_otherwise(other: dict[str, Any]) -> None:
    assert len(planned_contrasts(SKILLS)) == 3
    assert planned_contrasts(SKILLS, {"attnTrue_lossbce": other}) == ()


@pytest.mark.parametrize("name", ["attnTrue_lossbce_2", "my attnTrue_lossbce", "attntrue_lossbce"])
def test_a_name_that_holds_one_of_the_design_is_another(name: str) -> None:
    three = list(SKILLS)[1:]
    assert "attnTrue_lossbce" not in three
    assert planned_contrasts([*three, name]) == ()
    assert len(planned_contrasts([*SKILLS, name])) == 3


def test_of_two_configurations_alike_the_one_of_the_design_counts() -> None:
    copy = {"copy": recorded(attention=True, loss="bce")}
    assert planned_contrasts([*SKILLS, "copy"], copy) == planned_contrasts(SKILLS)
    assert planned_contrasts([*MINE, "copy"], MINE | copy) == ()


def test_names_of_pairs_can_be_told_apart() -> None:
    pairs = pair_contrasts(["a - b", "c", "a", "b - c"])
    names = [pair.name for pair in pairs]
    assert len(set(names)) == len(pairs) == 6
    assert "'a - b' - a" in names
    assert "c - 'a - b'" in names
    assert all(pair.kind is Kind.PAIR for pair in pairs)
