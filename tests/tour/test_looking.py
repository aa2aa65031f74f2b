"""Where the network looks."""

import numpy as np
import torch
from matplotlib.figure import Figure

from genre.models import SpectrogramCNN, SpectrogramCNNConfig
from genre.tour import Subject, Tour
from genre.tour.looking import Looking


def test_attention_is_drawn_for_each_block(small_tour: Tour) -> None:
    assert len(small_tour.looking.spatial().parts) == 1
    channels = small_tour.looking.channels()
    assert sum(isinstance(part, Figure) for part in channels.parts) == 2
    assert channels.words.count(" to ") == 3  # "from block to block", and two blocks


def test_evidence_is_of_the_highest_logits(small_tour: Tour) -> None:
    shown = small_tour.looking.evidence(n_genres=2)
    (picture,) = shown.parts
    assert isinstance(picture, Figure)
    titles = [axes.get_title(loc) for axes in picture.axes for loc in ("left", "center")]
    assert sum(title.startswith("for ") for title in titles) == 2
    with torch.inference_mode():
        logits = small_tour.subject.network(small_tour.looking._inputs)[0].numpy()
    highest = small_tour.subject.genres[int(np.argmax(logits))]
    assert f"The highest logit is that of {highest};" in shown.words


def test_a_network_without_attention_says_so(small_tour: Tour) -> None:
    subject = Subject(small_tour.subject.music, small_tour.subject.experiment)
    vars(subject).update(vars(small_tour.subject))
    config = SpectrogramCNNConfig(
        channels=(4, 8), hidden=8, channel_attention=False, spatial_attention=False
    )
    vars(subject)["network"] = SpectrogramCNN(config, n_labels=3)
    vars(subject)["attending"] = subject.best
    for step in (Looking(subject).spatial, Looking(subject).channels):
        assert step().parts == ()
        assert "No network here has attention" in step().words
    assert len(Looking(subject).evidence().parts) == 1
