"""genre.backbones.joining: several networks that hear as one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre.audio.decode import load_waveform
from genre.audio.decoder import DecodeConfig
from genre.audio.frontend import Extracted, FrontEndConfig, extract
from genre.audio.rows import RowFrontEnd, RowPart
from genre.audio.windows import WindowConfig
from genre.backbones.joining import join
from genre.errors import BundleError
from genre.inference import Bundle, Standardisation
from genre.inference.bundle import load_backbone
from genre.inference.network import Embeddings
from genre.inference.writing import write_bundle
from tests.audio.test_rows import write_steps
from tests.networks import level
from tests.pretrained_examples import MEL, small_backbone

LONG = WindowConfig(window_seconds=0.5, step_seconds=0.3, min_tail_seconds=0.1)


def long_backbone() -> Bundle:
    """Make one of half a second at another rate, with bands of other levels."""
    mel = replace(MEL, sample_rate=4000, hop_length=50, f_max=2000.0, n_mels=4)
    return replace(
        small_backbone(),
        network_onnx=level(n_mels=4, n_frames=40, n_labels=2),
        front_end=FrontEndConfig(decode=DecodeConfig(sample_rate=4000), mel=mel),
        windows=LONG,
        standardisation=Standardisation(mean=(0.25,) * 4, deviation=(2.0,) * 4),
    )


def waveform_backbone() -> Bundle:
    """Give the mean sample of a tenth of a second."""
    windows = WindowConfig(window_seconds=0.1, step_seconds=0.1, min_tail_seconds=0.1)
    return replace(
        small_backbone(),
        network_onnx=level(n_mels=800, n_frames=1, n_labels=2),
        front_end=RowFrontEnd(
            decode=DecodeConfig(sample_rate=8000),
            parts=(RowPart(sample_rate=8000),),
            windows=windows,
        ),
        windows=windows,
        standardisation=Standardisation(mean=(0.0,), deviation=(1.0,)),
    )


def heard(bundle: Bundle, path: Path) -> tuple[Embeddings, Extracted]:
    extracted = extract(path, bundle.front_end)
    return bundle.network(n_threads=1).embed(extracted.mel), extracted


def test_each_hears_what_it_hears_alone(tmp_path: Path) -> None:
    path = write_steps(tmp_path / "a.wav")
    long, short, plain = long_backbone(), small_backbone(), waveform_backbone()
    write_bundle(join([short, long, plain]), tmp_path / "joined")
    joined = load_backbone(tmp_path / "joined")
    assert [one.name for one in joined.backbones] == ["ears"] * 3
    assert joined.model_name == "ears+ears+ears"
    found, extracted = heard(joined, path)
    alone, _ = heard(long, path)
    starts = joined.starts_seconds(extracted)
    np.testing.assert_allclose(starts, [0.0, 0.3, 0.6, 0.9, 1.2, 1.5], atol=0.01)
    np.testing.assert_allclose(found[:, 1:2], alone, atol=1e-6)
    # Half a second is two of its windows, and five of the waveform's.
    mel = extract(path, short.front_end).mel.astype(np.float64)
    sound = load_waveform(path, DecodeConfig(sample_rate=8000)).samples
    for row, start in zip(found, starts, strict=True):
        first = round(start * 80)
        np.testing.assert_allclose(row[0], mel[first : first + 40].mean(), atol=2e-3)
        samples = sound[round(start * 8000) :][:4000]
        np.testing.assert_allclose(row[2], samples.mean(), atol=1e-5)


def test_what_hears_a_little_less_listens_once(tmp_path: Path) -> None:
    path = write_steps(tmp_path / "a.wav")
    short = small_backbone()
    shorter = replace(
        short,
        network_onnx=level(n_mels=8, n_frames=19, n_labels=2),
        windows=WindowConfig(window_seconds=0.2375, step_seconds=0.2375, min_tail_seconds=0.1),
    )
    found, _ = heard(join([short, shorter]), path)
    mel = extract(path, short.front_end).mel.astype(np.float64)
    np.testing.assert_allclose(found[0, 1], mel[:19].mean(), atol=2e-3)


def test_a_network_that_is_several_is_not_joined_again() -> None:
    several = join([small_backbone(), long_backbone()])
    with pytest.raises(BundleError, match=r"ears\+ears must be one network"):
        join([several, small_backbone()])
