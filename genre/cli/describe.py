"""`genre describe`: the track card, what ready-made models say of sound, words, cover and video."""

import os
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from jsonargparse import Namespace

from genre.addresses import Address, Place, place
from genre.atomic import ensure_writable, write_text
from genre.backbones.shelf import open_backbone
from genre.cli.bundles import bundle_at
from genre.cli.inputs import find_files
from genre.cli.options import DEVICE, OptionParser, add_shelf
from genre.cli.terminal import note, put
from genre.dataset.places import refuse_inside, title_of
from genre.describe import PARTS, Card, Describer, Settings, card_text, load_settings
from genre.describe.encodings import decoded
from genre.describe.frames import VIDEO_SUFFIXES
from genre.describe.llm import check_url
from genre.describe.mood import moods_of_texts
from genre.describe.tables import card_lines, cards_csv, results_csv, texts_csv
from genre.errors import BundleError, ConfigError, MissingPackageError
from genre.suggestions import not_among
from genre.tagging.tagger import Tagger
from genre.wording import counted, printable, shown

MAX_TEXTS_BYTES = 100_000_000


def run(argv: Sequence[str]) -> int:
    """Make the cards of tracks, or find the moods of texts.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre describe`.

    Returns
    -------
    int
        0 when the cards were written, whatever is absent on them; 1 where not one part of a track
        could be made.
    """
    words = make_parser().read(argv)
    if bool(words.paths) == (words.texts is not None):
        raise ConfigError("paths must name tracks, or --texts FILE a list of texts, and not both")
    if words.offline:  # read when the hub's library is loaded, which is later
        os.environ["HF_HUB_OFFLINE"] = "1"
    settings, named = _settings(words)
    parts = _parts(words.parts)
    refuse_inside(words.paths, out=words.out)
    ensure_writable(words.out, option="out")
    with Describer(
        settings,
        tagger=_tagger(words, parts),
        listener=_listener(words, parts),
        device=_device(words.device),
        may_fetch=lambda name: name in named and not words.offline,
    ) as describer:
        if words.texts is not None:
            return _texts(words.texts, words.out, describer)
        return _cards(_tracks(words.paths), words, describer, parts)


def _tracks(paths: Sequence[Place]) -> list[Path]:
    """List the tracks; in a folder, a video beside a track of its name is that track's."""
    found: list[Path] = []
    for path in find_files(paths):
        if isinstance(path, Address) or not path.is_file():
            raise ConfigError(f"paths={shown(path)} must be a file or a folder of this machine")
        found.append(path)
    sounds = {path.with_suffix("") for path in found if _is_sound(path)}
    return [
        path
        for path in found
        if path in paths or _is_sound(path) or path.with_suffix("") not in sounds
    ]


def _is_sound(path: Path) -> bool:
    return path.suffix.lower() not in VIDEO_SUFFIXES


def _cards(
    paths: Sequence[Path], words: Namespace, describer: Describer, parts: Collection[str]
) -> int:
    is_one = len(words.paths) == 1 and list(paths) == list(words.paths)
    made: list[tuple[str, Card]] = []
    for path in paths:
        name = "" if is_one else _folder_name(path)
        folder = words.out / name
        folder.mkdir(parents=True, exist_ok=True)
        card = describer.describe(path, folder, parts=parts, on_text=put if is_one else _silent)
        if is_one and card.result("words"):
            put("\n\n")
        put("\n".join(card_lines(card)) + "\n")
        write_text(folder / "card.json", card_text(card))
        _write_page(folder / "card.html", lambda pages, card=card: pages.card_page(card))
        made.append((name, card))
    cards = [card for _, card in made]
    write_text(words.out / "results.csv", results_csv(cards))
    if not is_one:
        write_text(words.out / "cards.csv", cards_csv(cards))
        title = title_of(words.paths[0]) or str(words.paths[0])
        _write_page(words.out / "index.html", lambda pages: pages.index_page(made, name=title))
    note(f"{counted(len(cards), 'card')}: {shown(words.out)}")
    has_answer = [any(part.state == "there" for part in card.parts.values()) for card in cards]
    return 0 if all(has_answer) else 1


def _write_page(path: Path, make: Callable[..., str]) -> None:
    """Write a page, or say why there is none: the JSON is worth having without it."""
    try:
        from genre.describe import page
    except ModuleNotFoundError as error:
        if error.name != "jinja2":
            raise
        note(f"{shown(path)} is not written: pip install '.[train,describe]' in a clone of genre")
        return
    write_text(path, make(page))


def _texts(file: Path, out: Path, describer: Describer) -> int:
    if not file.is_file() or file.stat().st_size > MAX_TEXTS_BYTES:
        raise ConfigError(f"texts={shown(file)} must be a file of a text a line, of at most 100 MB")
    texts = [line.strip() for line in decoded(file.read_bytes()).split("\n") if line.strip()]
    if not texts:
        raise ConfigError(f"texts={shown(file)} must hold at least one line")
    said = moods_of_texts(texts, hub=describer.hub, settings=describer.settings.mood)
    table = texts_csv(texts, said)
    write_text(out / "texts.csv", table)
    put("".join(f"{printable(line)}\n" for line in table.split("\n")[:-1]))
    note(f"table: {shown(out / 'texts.csv')}")
    return 0


def _settings(words: Namespace) -> tuple[Settings, frozenset[str]]:
    settings, named = Settings(), frozenset[str]()
    if words.models is not None:
        settings, named = load_settings(words.models)
    of_words = settings.words
    if words.llm is not None:
        of_words = replace(of_words, url=words.llm)
    if words.llm_model is not None:
        of_words = replace(of_words, model=words.llm_model)
    if of_words.url:
        check_url(of_words.url)
    return replace(settings, words=of_words), named


def _parts(names: Sequence[str]) -> list[str]:
    for name in names:
        if name not in PARTS:
            raise ConfigError(not_among("parts", name, PARTS))
    return list(names)


def _tagger(words: Namespace, parts: Collection[str]) -> Tagger | None:
    if words.bundle is None or "genres" not in parts:
        return None
    from genre.loading import load_tagger

    return load_tagger(bundle_at(words.bundle), device=words.device)


def _listener(words: Namespace, parts: Collection[str]) -> Tagger | None:
    if words.heard is None or "heard" not in parts:
        return None
    bundle = open_backbone(words.heard, words.backbones)
    if not bundle.genres:
        raise BundleError(f"heard={words.heard} must have tags of its own; it has none")
    return Tagger(bundle)


def _device(name: str) -> str:
    if name == "cpu":
        return name
    try:
        from genre.models.devices import pick_device

        return str(pick_device(name))
    except MissingPackageError:
        if name != "auto":
            raise
        return "cpu"


def _folder_name(path: Path) -> str:
    """Name a card's folder: readable, and another for a file of the same name elsewhere."""
    digits = sha256(os.fsencode(path)).hexdigest()[:8]
    plain = re.sub(r"[^\w-]+", "_", path.stem.encode(errors="replace").decode())[:60]
    return f"{plain.strip('_') or 'track'}-{digits}"


def _silent(_: str) -> None:
    """Show nothing as it comes."""


def make_parser() -> OptionParser:
    """Make the parser of `genre describe`."""
    parser = OptionParser(
        prog="genre describe",
        description=(
            "Gather what ready-made models say of a track into one card: what is heard, genres, "
            "the mood of its words, what cover and video show, and a short text. Every part is "
            "optional; what is absent is said with what would help. Models of the hub are used "
            "where they are on this machine; those that --models names are fetched."
        ),
    )
    parser.add_argument(
        "paths", type=place, nargs="*", help="Tracks, and folders to search at any depth."
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("results/cards"),
        help="Folder of card.json and card.html, or of a folder for each of several tracks.",
    )
    parser.add_argument(
        "--models",
        type=Path | None,
        default=None,
        metavar="describe.toml",
        help="Which model answers which part, and the limits: docs/describe.md.",
    )
    parser.add_argument(
        "--parts", type=str, nargs="+", default=list(PARTS), help=f"Which: {', '.join(PARTS)}."
    )
    _add_models(parser)
    parser.add_argument(
        "--texts",
        type=Path | None,
        default=None,
        help="In place of tracks: a file of a text a line, whose moods are told.",
    )
    return parser


def _add_models(parser: OptionParser) -> None:
    parser.add_argument(
        "--bundle", type=Path | None, default=None, help="Your model, for the genres: its folder."
    )
    parser.add_argument(
        "--heard",
        type=str | None,
        default=None,
        help="A network of `genre backbone` that hears, in place of a model of the hub.",
    )
    add_shelf(parser)
    parser.add_argument("--llm", type=str | None, default=None, help=_LLM)
    parser.add_argument(
        "--llm-model", type=str | None, default=None, help="Its name there, such as llama3:8b."
    )
    parser.add_argument("--offline", action="store_true", help="Fetch nothing.")
    parser.add_argument("--device", type=str, default="cpu", help=DEVICE)


_LLM = (
    "Address of a language model's server: Ollama's, http://localhost:11434, or one that speaks "
    "OpenAI's protocol. Nothing is sent anywhere else."
)
