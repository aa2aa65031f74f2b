"""`genre backbone`: take in pre-trained networks, and see which there are."""

import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import indent

from genre.backbones.adding import add_offer
from genre.backbones.catalogue import OFFERS
from genre.backbones.hf import add_model, read_folder
from genre.backbones.own_description import EXAMPLE
from genre.backbones.own_network import add_file
from genre.backbones.shelf import check_name, names_on
from genre.cli.options import OptionParser, add_shelf
from genre.cli.tag_output import name_of
from genre.cli.terminal import note
from genre.errors import BundleError, ConfigError
from genre.inference.bundle import NETWORK_NAME, Bundle, load_backbone
from genre.inference.pretrained import licence_note
from genre.suggestions import did_you_mean, not_among
from genre.wording import aligned, counted, printable

_ACTIONS = ("list", "add")
_MB = 10**6
_HF = "hf:"
_HELP = f"""
A model of Hugging Face transformers is a folder as its save_pretrained, and that of its feature
extractor, write it, with safetensors of at most 268 million numbers:

  genre backbone add hf:downloads/mert --name mert

Those that hear a waveform (wav2vec2, hubert, wavlm and their kin; MERT as a hubert) and audio
spectrogram transformers are taken in. It needs pip install '.[hf]'; nothing is fetched, no code of
the folder is run, and what was written is held against transformers before it is kept.

A network of your own is an ONNX file with a description beside it: ears.toml (or ears.json) beside
ears.onnx. All but n_frames and [mel] may be left out; [mel] has the fields of
genre.audio.MelConfig.

{indent(EXAMPLE, "  ")}"""


def run(argv: Sequence[str]) -> int:
    """Add a network, or list those that are there and can be had.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre backbone`.

    Returns
    -------
    int
        0 when it was done.
    """
    parser = make_parser()
    words = parser.read(argv)
    if words.action not in _ACTIONS:
        parser.error(not_among("action", words.action, _ACTIONS))
    if words.action == "list":
        if words.what or words.name:
            raise ConfigError("genre backbone list must stand alone, or with --backbones")
        print("\n".join(_lines(words.backbones)))
        return 0
    if not words.what:
        raise ConfigError(
            f"what must be one of: {', '.join(OFFERS)}, or an ONNX file, or {_HF}FOLDER"
        )
    if words.window_seconds is not None and not words.what.startswith(_HF):
        raise ConfigError(
            f"window_seconds={words.window_seconds:g} must come with {_HF}FOLDER: other networks "
            "hear as long as they were made for"
        )
    _add(words.what, words.name, words.backbones, window_seconds=words.window_seconds)
    return 0


def _add(what: str, name: str | None, shelf: Path, *, window_seconds: float | None) -> None:
    offer = OFFERS.get(what)
    if offer is not None:
        folder = shelf / check_name(name or what)
        note(f"fetching {offer.origin.source} {offer.origin.version} ({offer.download_mb} MB)")
        bundle = add_offer(offer, folder)
    elif name is None:
        own = what.startswith(_HF) or Path(what).suffix == ".onnx"
        known = "" if own else f" (or be one of: {', '.join(OFFERS)})"
        meant = "" if own else did_you_mean(what, OFFERS)
        raise ConfigError(
            f"what={printable(what)} must come with --name, its name here{known}{meant}"
        )
    elif what.startswith(_HF):
        folder = shelf / check_name(name)
        model = read_folder(Path(what.removeprefix(_HF)).expanduser())
        note(f"writing {model.model_type} as ONNX and comparing that with transformers")
        bundle = add_model(model, folder, name=name, window_seconds=window_seconds)
    else:
        folder = shelf / check_name(name)
        bundle = add_file(Path(what), folder, name=name)
    print(licence_note(bundle.backbones))
    print(f"backbone: {name_of(folder)} ({_content(bundle)})")


def _content(bundle: Bundle) -> str:
    tags = counted(len(bundle.genres), "tag") if bundle.genres else "embeddings, no tags"
    return f"{bundle.n_parameters:,} numbers; {tags}"


def _lines(shelf: Path) -> list[str]:
    rows = [("name", "what", "licence", "size", "here")]
    there = names_on(shelf)
    for name, offer in OFFERS.items():
        if name not in there:
            to_fetch = f"{offer.download_mb} MB to fetch"
            rows.append((name, offer.about, offer.origin.licence, to_fetch, "no"))
    for name in there:
        try:
            bundle = load_backbone(shelf / name)
        except BundleError as error:
            print(f"error: {printable(str(error))}", file=sys.stderr)
            continue
        (origin, *_), size = bundle.backbones, (shelf / name / NETWORK_NAME).stat().st_size
        what = OFFERS[name].about if name in OFFERS else _content(bundle)
        rows.append((name, what, origin.licence or "unknown", f"{size / _MB:.1f} MB", "yes"))
    return [*aligned(rows), f"in {name_of(shelf)}; `genre backbone add NAME` brings one"]


def make_parser() -> OptionParser:
    """Make the parser of `genre backbone`."""
    parser = OptionParser(
        prog="genre backbone",
        description=(
            "Take in pre-trained networks: their embeddings and tags without any training, and "
            "models trained on top of them in seconds. Nothing is fetched but by `add`, from your "
            "own package index; the licence is kept beside the network."
        ),
        epilog=_HELP,
    )
    parser.add_argument("action", type=str, help="What to do: list or add.")
    parser.add_argument(
        "what",
        type=str,
        nargs="?",
        help=f"With add: {', '.join(OFFERS)}, or an ONNX file with a description beside it, or "
        f"{_HF}FOLDER, a model of Hugging Face transformers.",
    )
    parser.add_argument(
        "--name",
        type=str | None,
        default=None,
        help="What it is called from now on: letters, digits and hyphens; by default as it is "
        "called there.",
    )
    parser.add_argument(
        "--window-seconds",
        type=float | None,
        default=None,
        help=f"With {_HF}FOLDER: how long the model listens at a time, in seconds, every half of "
        "that; by default what it was made for, or 5.",
    )
    add_shelf(parser)
    return parser
