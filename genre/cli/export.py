"""`genre export`: a trained model as one file for other programs."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from genre.atomic import atomic_file, ensure_writable
from genre.audio.decode import load_waveform
from genre.cli.options import OptionParser, add_plugins
from genre.cli.tag_output import name_of
from genre.dataset.places import refuse_inside
from genre.errors import ConfigError
from genre.models.bundle import Bundle, load_bundle
from genre.sample import render_excerpt
from genre.tagging.onnx_export import excerpts, largest_difference, to_onnx
from genre.tagging.web_export import check_page, write_page
from genre.wording import counted

MODEL_NAME = "model.onnx"
# Shorter than a window, one window, with and without a last window of their own; then the whole.
CHECKED_SECONDS = (0.1, 1.0, 4.0, 5.2, 6.0, 11.0)
SYNTHESISED_SECONDS = 16.0


def run(argv: Sequence[str]) -> int:
    """Export a bundle, check the model against it, and write it.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre export`.

    Returns
    -------
    int
        The exit status.
    """
    words = _parser().read(argv)
    if not words.onnx:
        raise ConfigError("onnx=False must be true: ONNX is the one format there is")
    refuse_inside(words.check or (), out=words.out, web=words.web)
    if words.web is not None:
        check_page(words.web, assets=words.web_assets)
    bundle = load_bundle(words.bundle)
    model = to_onnx(bundle)
    sounds = list(_sounds(bundle, words.check or ()))
    difference = largest_difference(model, bundle, sounds)
    seconds = sorted(len(sound) / bundle.front_end.mel.sample_rate for sound in sounds)
    print(
        f"largest difference of scores: {difference:.2g}, over {counted(len(sounds), 'sound')} of "
        f"{seconds[0]:.1f} to {seconds[-1]:.1f} s"
    )
    if words.web is not None:
        write_page(bundle, model, words.web, assets=words.web_assets)
        print(
            f"page: {name_of(words.web)}; `python -m http.server -d {name_of(words.web)}` shows it"
        )
        return 0
    out: Path = words.out or words.bundle / MODEL_NAME
    ensure_writable(out.parent, option="out")
    with atomic_file(out) as file:
        file.write(model)
    print(f"model: {name_of(out)} ({len(model) / 1e6:.1f} MB)")
    return 0


def _sounds(bundle: Bundle, paths: Sequence[Path]) -> Iterator[NDArray[np.float32]]:
    for path in paths:
        waveform = load_waveform(path, bundle.front_end.decode)
        yield from excerpts(waveform.samples, waveform.sample_rate, CHECKED_SECONDS)
    if not paths:
        rate = bundle.front_end.mel.sample_rate
        samples, rendered_rate = render_excerpt(
            "jazz", rng=np.random.default_rng(0), duration_seconds=SYNTHESISED_SECONDS
        )
        samples = np.asarray(soxr.resample(samples, rendered_rate, rate), dtype=np.float32)
        yield from excerpts(samples, rate, CHECKED_SECONDS)


def _parser() -> OptionParser:
    parser = OptionParser(
        prog="genre export",
        description=(
            "Write a trained model as one ONNX file from a mono waveform of any length to scores; "
            "what it needs is installed by `pip install 'genre[onnx]'`."
        ),
    )
    parser.add_argument("bundle", type=Path, help="A model's folder, e.g. results/demo/best.")
    parser.add_argument(
        "--onnx", action="store_true", default=True, help="The format: ONNX, which is the default."
    )
    parser.add_argument(
        "--out", type=Path | None, default=None, help=f"The file; by default BUNDLE/{MODEL_NAME}."
    )
    parser.add_argument(
        "--web",
        type=Path | None,
        default=None,
        help="A folder for any web server, in place of the file: a page that tags in the browser.",
    )
    parser.add_argument(
        "--web-assets",
        type=Path | None,
        default=None,
        help="What `make web-assets` made for --web; by default build/web-assets.",
    )
    parser.add_argument(
        "--check",
        type=Path,
        nargs="+",
        help=(
            "Audio files on which the model must score as the bundle does, whole and cut to "
            "several lengths; by default a synthesised sound."
        ),
    )
    add_plugins(parser)
    return parser
