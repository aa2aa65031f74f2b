"""`genre export`: a trained model as one file for other programs."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jsonargparse import Namespace

from genre.atomic import atomic_file, ensure_writable
from genre.cli.bundles import HELP, bundle_at
from genre.cli.export_sounds import checked_sounds
from genre.cli.export_upgrade import upgrade
from genre.cli.options import OptionParser, add_plugins
from genre.cli.tag_output import name_of
from genre.dataset.places import refuse_inside
from genre.errors import ConfigError
from genre.extras import need
from genre.inference.bundle import load_bundle
from genre.tagging.onnx_export import largest_difference, to_onnx
from genre.tagging.onnx_export.checking import INT8_TOLERANCE, TOLERANCE
from genre.tagging.web_export import check_page, write_page
from genre.wording import counted

MODEL_NAME, INT8_NAME = "model.onnx", "model.int8.onnx"


def run(argv: Sequence[str]) -> int:
    """Export a bundle, check the model against it, and write it; or bring the bundle up to date.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre export`.

    Returns
    -------
    int
        The exit status.
    """
    words = make_parser().read(argv)
    _check(words)
    words.bundle = bundle_at(words.bundle)
    if words.upgrade:
        upgrade(words.bundle, words.out)
    else:
        _export(words)
    return 0


def _export(words: Namespace) -> None:
    need("onnx")
    if words.web is not None:
        check_page(words.web, assets=words.web_assets)
    out: Path = words.out or words.bundle / (INT8_NAME if words.int8 else MODEL_NAME)
    bundle = load_bundle(words.bundle)
    if words.web is None:
        ensure_writable(out.parent, option="out")
    network, notes = None, dict[str, str]()
    if words.int8:
        from genre.cli.export_int8 import int8_network

        network, notes = int8_network(bundle, words.calibrate, cache=words.cache, force=words.force)
    model = to_onnx(bundle, network=network, notes=notes)
    sounds = list(checked_sounds(bundle, words.check or ()))
    used = bundle if network is None else replace(bundle, network_onnx=network)
    tolerance = TOLERANCE if network is None else INT8_TOLERANCE
    difference = largest_difference(model, used, sounds, tolerance=tolerance)
    seconds = sorted(len(sound) / bundle.spectrogram.mel.sample_rate for sound in sounds)
    print(
        f"largest difference of scores: {difference:.2g}, over {counted(len(sounds), 'sound')} of "
        f"{seconds[0]:.1f} to {seconds[-1]:.1f} s"
    )
    if words.web is not None:
        write_page(used, model, words.web, assets=words.web_assets)
        place = name_of(words.web)
        print(f"page: {place}; to see it: python -m http.server --directory {place}")
        return
    with atomic_file(out) as file:
        file.write(model)
    print(f"model: {name_of(out)} ({len(model) / 1e6:.1f} MB)")


def _check(words: Namespace) -> None:
    if not words.onnx:
        raise ConfigError("onnx=False must be true: ONNX is the one format there is")
    if words.int8 and words.calibrate is None:
        raise ConfigError("int8=True must come with --calibrate EXPERIMENT, or a folder of music")
    if words.calibrate is not None and not words.int8:
        raise ConfigError(f"calibrate={name_of(words.calibrate)} must come with --int8")
    if words.web is not None and words.out is not None:
        raise ConfigError(f"web={name_of(words.web)} must come without --out: it is written there")
    if words.upgrade and (words.int8 or words.check or words.web is not None):
        raise ConfigError("upgrade=True must stand alone, or with --out: it exports no model")
    music = list(words.check or ())
    if words.calibrate is not None:
        from genre.cli.export_music import is_experiment  # pandas takes a second

        if not is_experiment(words.calibrate):
            music.append(words.calibrate)
    refuse_inside(music, out=words.out, web=words.web)


def make_parser() -> OptionParser:
    """Make the parser of `genre export`."""
    parser = OptionParser(
        prog="genre export",
        description=(
            "Write a trained model as one ONNX file from a mono waveform of any length to scores; "
            "what it needs is installed by `pip install '.[train]'`."
        ),
    )
    parser.add_argument("bundle", type=Path, help=HELP)
    parser.add_argument(
        "--onnx", action="store_true", default=True, help="The format: ONNX, which is the default."
    )
    parser.add_argument(
        "--out",
        type=Path | None,
        default=None,
        help=f"The file; by default BUNDLE/{MODEL_NAME}, with --int8 BUNDLE/{INT8_NAME}. With "
        "--upgrade the folder; by default BUNDLE.",
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
    _add_web(parser)
    _add_int8(parser)
    parser.add_argument(
        "--upgrade",
        action="store_true",
        help="Write no model: give a bundle of an older version its network.onnx, without which it "
        "needs torch to be used.",
    )
    add_plugins(parser)
    return parser


def _add_web(parser: OptionParser) -> None:
    parser.add_argument(
        "--web",
        type=Path | None,
        default=None,
        help="A folder for any web server, in place of the file: a page that tags music in the "
        "browser alone. It is made anew.",
    )
    parser.add_argument(
        "--web-assets",
        type=Path | None,
        default=None,
        help="What `make web-assets` has made for --web; by default build/web-assets.",
    )


def _add_int8(parser: OptionParser) -> None:
    parser.add_argument(
        "--int8",
        action="store_true",
        help="Compute the network's convolutions in whole numbers of 8 bits: about twice as fast.",
    )
    parser.add_argument(
        "--calibrate",
        type=Path | None,
        default=None,
        help="For --int8, where the scales are found: the folder of the experiment that the model "
        "comes from, whose validation tracks then judge it, or a folder of audio files.",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="Write an int8 model that lost accuracy, or whose accuracy is not known.",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path("data/cache"),
        help="Folder of computed spectrograms, for --calibrate.",
    )
