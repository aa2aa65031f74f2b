"""genre.serving.review_ears: where to start listening; who may judge is in test_reviewing."""

from genre.serving.review_ears import telling_seconds


def test_the_telling_window_speaks_most_against_the_label() -> None:
    timeline = {"genres": ["a", "b", "c"], "starts_seconds": [0, 2, 4]}
    timeline["scores"] = [[0.9, 0.8, 0.1], [0.2, 0.5, 0.9], [0.1, 0.6, 0.0]]
    assert telling_seconds({"timeline": timeline}, ("a",), "b") == 4
    assert telling_seconds({"timeline": timeline}, ("a",), None) == 2
    assert telling_seconds({"timeline": timeline}, (), None) == 0
