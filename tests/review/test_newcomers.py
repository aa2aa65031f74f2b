"""genre.review.newcomers: new tracks are heard, ordered, and named with what the model hears."""

from pathlib import Path

from genre.execution import ExecutionConfig
from genre.review.newcomers import unlabelled_items
from genre.review.reasons import UNLABELLED
from genre.tagging.tagger import Tagger
from tests.browser import write_noise
from tests.bundles import completed, small_bundle
from tests.review.examples import small_folder, small_session


def test_new_tracks_come_in_an_order_and_bad_ones_are_said(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for number in range(3):
        write_noise(tmp_path / "deep" / f"{number}.wav", 3.0, seed=number, level=0.03 * 4**number)
    known = write_noise(tmp_path / "known.wav", 3.0)
    (tmp_path / "page.mp3").write_text("<html>")
    items, bad = unlabelled_items(
        tmp_path,
        Tagger(completed(small_bundle())),
        known=[known],
        execution=ExecutionConfig(n_workers=1),
    )
    assert sorted(item.track_id for item in items) == [f"deep/{n}.wav" for n in range(3)]
    assert [item.reasons[0].weight for item in items] == [3.0, 2.0, 1.0]
    assert {item.reasons[0].kind for item in items} == {UNLABELLED}
    assert items[0].reasons[0].words.startswith("nobody has labelled it; the model hears ")
    assert len(bad) == 1
    assert "page.mp3" in bad[0]
    none = unlabelled_items(tmp_path / "deep", Tagger(completed(small_bundle())),
                            known=[item.file for item in items])  # fmt: skip
    assert none == ([], [])


def test_copies_of_labelled_files_are_left_out(tmp_path: Path) -> None:
    session = small_session(small_folder(tmp_path / "music"), tmp_path / "cache")
    (tmp_path / "new").mkdir()
    labelled = session.music.tracks[0].file
    (tmp_path / "new" / "copy.wav").write_bytes(labelled.read_bytes())
    write_noise(tmp_path / "new" / "new.wav", 3.0, seed=99)
    items, bad = unlabelled_items(
        tmp_path / "new",
        Tagger(completed(small_bundle())),
        music=session.music,
        execution=ExecutionConfig(n_workers=1),
    )
    assert [item.track_id for item in items] == ["new.wav"]
    assert bad == []
