"""Single tracks."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from genre.evaluation.report.track_tables import track_losses
from genre.tour import Sound, Tour
from genre.tour.tracks import _share_alike


def test_over_time_is_what_the_tagger_says(small_tour: Tour) -> None:
    shown = small_tour.tracks.over_time()
    assert len(shown.parts) == 1
    assert f"Given: {', '.join(small_tour.subject.tags.genres) or 'nothing'};" in shown.words


def test_the_map_has_all_test_tracks(small_tour: Tour) -> None:
    shown = small_tour.tracks.map()
    assert isinstance(shown.parts[0], Figure)
    assert "of the nearest neighbours share a genre." in shown.words


def test_neighbours_are_counted() -> None:
    points = np.array([[0.0, 0.0], [0.1, 0.0], [5.0, 0.0], [5.1, 0.0]])
    alike = np.array([[1, 0], [1, 0], [0, 1], [1, 0]], dtype=bool)
    assert _share_alike(points, alike) == 0.5
    assert _share_alike(points[:1], alike[:1]) == 1.0


def test_extremes_are_the_nearest_and_the_farthest(small_tour: Tour) -> None:
    run = small_tour.subject.run
    losses = track_losses(run.y_true, run.y_score)
    shown = small_tour.tracks.extremes(n=1)
    lines = [part for part in shown.parts if isinstance(part, str)]
    assert [line.rsplit(" ", 1)[1] for line in lines] == [
        f"{losses.min():.3f}",
        f"{losses.max():.3f}",
    ]
    assert sum(isinstance(part, Sound) for part in shown.parts) == 2


def test_a_table_of_scores(small_tour: Tour) -> None:
    above, table = small_tour.tracks.tagged().parts
    assert isinstance(table, pd.DataFrame)
    tags = small_tour.subject.tags
    assert list(table.columns) == ["score", "threshold", "decided"]
    assert sorted(table["score"]) == sorted(tags.scores.values())
    assert set(table.index[table["decided"]]) == set(tags.genres)
    assert above == f"{small_tour.subject.example.track_id}, 10.0 s"
