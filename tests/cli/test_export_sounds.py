"""What an exported model is checked on: genre.cli.export_sounds."""

from pathlib import Path

import numpy as np

from genre.cli.export_sounds import checked_sounds, synthesised
from tests.bundles import small_bundle
from tests.sounds import tone, write


def test_without_files_the_synthesiser_plays() -> None:
    sounds = list(checked_sounds(small_bundle(), ()))
    lengths = [len(sound) / 22050 for sound in sounds]
    np.testing.assert_allclose(lengths, [0.1, 1.0, 4.0, 5.2, 6.0, 11.0, 16.0], atol=1e-4)
    assert {sound.dtype for sound in sounds} == {np.dtype(np.float32)}
    assert np.abs(sounds[-1]).max() > 0.1


def test_files_are_cut_at_the_rate_of_the_model(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(4.5, 44100), 44100)
    sounds = list(checked_sounds(small_bundle(), [path, path]))
    np.testing.assert_allclose([len(sound) / 22050 for sound in sounds], 2 * [0.1, 1.0, 4.0, 4.5])


def test_the_synthesiser_plays_the_same_at_any_rate() -> None:
    np.testing.assert_array_equal(synthesised(8000), synthesised(8000))
    assert len(synthesised(8000)) == 16 * 8000
