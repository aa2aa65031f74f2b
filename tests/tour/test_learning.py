"""The network, the losses and the training."""

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from genre.models import count_parameters
from genre.tour import Tour
from genre.tour.learning import Learning


def test_each_picture_is_one_and_says_something(small_tour: Tour) -> None:
    room = Learning(small_tour.subject)
    for step in (room.network, room.losses, room.augmentation, room.curves, room.all_curves):
        shown = step()
        assert sum(isinstance(part, Figure) for part in shown.parts) == 1, step
        assert shown.words.endswith("."), step


def test_the_network_is_counted(small_tour: Tour) -> None:
    words = small_tour.learning.network().words
    assert f"{count_parameters(small_tour.subject.network):,} parameters" in words
    assert words.endswith("1 × 96 × 200 numbers go in, 3 come out.")


def test_attention_has_a_price(small_tour: Tour) -> None:
    shown = small_tour.learning.attention()
    (table,) = shown.parts
    assert isinstance(table, pd.DataFrame)
    with_it, without = table["parameters"]
    assert with_it == count_parameters(small_tour.subject.network)
    assert f"Attention adds {with_it - without:,} parameters" in shown.words


def test_binary_cross_entropy_costs_what_it_should(small_tour: Tour) -> None:
    easy, wrong = (math.log1p(math.exp(logit)) for logit in (-3, 3))
    words = small_tour.learning.losses().words
    assert f"{easy:.2g} under `bce`" in words
    assert f"{wrong:.2g} under `bce`" in words


def test_another_seed_draws_otherwise(small_tour: Tour) -> None:
    pictures = [small_tour.learning.augmentation(seed=seed).parts[0] for seed in (4, 4, 5)]
    drawn = [
        [np.asarray(axes.images[0].get_array()) for axes in picture.axes if axes.images]
        for picture in pictures
        if isinstance(picture, Figure)
    ]
    same, other = (
        all(np.array_equal(a, b) for a, b in zip(drawn[0], drawn[n], strict=True)) for n in (1, 2)
    )
    assert (same, other) == (True, False)
