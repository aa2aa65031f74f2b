"""`genre features`: the spectrograms of a folder of music, labelled or not, before they are needed.

Training finds them in the cache. Several processes, on one machine or on many, may fill one cache.
"""

from collections.abc import Sequence
from pathlib import Path

from genre.addresses import Address, Place, place
from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.cli.feature_costs import dry_run, told_early
from genre.cli.options import OptionParser, add_options, add_plugins, add_shard, take
from genre.cli.tag_output import name_of
from genre.cli.terminal import add_log_json, note, put
from genre.dataset.content_index import CONTENTS_NAME, ContentIndex
from genre.dataset.faults import Fault, write_quarantine
from genre.dataset.features import FeatureStore
from genre.dataset.layouts.files import list_files, track_ids
from genre.dataset.manifest import is_manifest, read_manifest
from genre.dataset.places import check_cache, refuse_inside
from genre.dataset.sampled import KeptFrames, kept_of
from genre.dataset.tracks import Track
from genre.dataset.unlabelled import read_listed, read_unlabelled
from genre.errors import ConfigError
from genre.execution import ExecutionConfig
from genre.execution.log_lines import log_as_json
from genre.execution.shards import Shard
from genre.remote.copying import put as put_at
from genre.wording import counted, printable


def run(argv: Sequence[str]) -> int:
    """Compute the spectrograms that are not in the cache yet.

    Parameters
    ----------
    argv : sequence of str
        The words after `genre features`.

    Returns
    -------
    int
        0 when every file of the part has one, 1 when some cannot.
    """
    words = make_parser().read(argv)
    log_as_json(words.log_json)
    data, cache, shard = words.data, words.cache, Shard.parse(words.shard)
    execution = take(ExecutionConfig, words)
    refuse_inside([data], cache=cache)
    kept = _kept(words.recipe, words.windows_per_track)
    check_cache(cache)
    if words.pack != "none" and isinstance(cache, Address):
        raise ConfigError(f"pack={words.pack} must come with a cache on this machine, not {cache}")
    store = FeatureStore(cache, kept)
    index = ContentIndex(store.cache / CONTENTS_NAME)
    n_mine, tracks, unread = _read(data, shard, store, index)
    if words.dry_run:
        return dry_run(tracks, store, execution)
    told = told_early(len(tracks), store)
    filled = store.fill(
        tracks, execution=execution, progress=True, index=index, is_kept=False, on_done=told
    )
    n_packed = store.pack(is_all=shard.count == 1) if words.pack == "shards" else 0
    reasons = [f"{fault.kind}: {name_of(fault.path)} {fault.message}" for fault in unread]
    reasons += [f"{fault.kind}: {printable(fault.message)}" for fault in filled.faults]
    for reason in reasons:
        note(reason)
    _keep_reasons([*unread, *filled.faults], store, shard)
    # Of files with the same bytes, the first is new.
    n_cached = n_mine - filled.n_new - len(reasons)
    part = f"part {shard}, " if shard.count > 1 else ""
    put(
        f"{part}{counted(n_mine, 'file')}: {filled.n_new} new, {n_cached} cached, "
        f"{len(reasons)} bad{f', {n_packed} packed' if n_packed else ''}\n"
    )
    return 1 if reasons else 0


def _keep_reasons(faults: Sequence[Fault], store: FeatureStore, shard: Shard) -> None:
    """Write why files are bad beside the features, a list for each part."""
    part = f"-{shard.number:05}-of-{shard.count:05}" if shard.count > 1 else ""
    path = store.folder / f"quarantine{part}.jsonl"
    if faults or path.exists():
        write_quarantine(faults, path)
        if store.origin is not None:
            put_at(path, store.origin / path.name)


def _read(
    data: Place, shard: Shard, store: FeatureStore, index: ContentIndex
) -> tuple[int, list[Track], list[Fault]]:
    """Count the files of a part, and read those that the store has not by what is known of them."""
    if is_manifest(data):
        mine = read_manifest(data).only(shard.holds)
        # Before there are objects: a million rows that are done are over in seconds.
        there = store.contents()
        rows = [row for row, sha256 in enumerate(mine.sha256) if sha256 not in there]
        tracks, unread = read_listed(mine, rows, index, progress=True)
        n_mine = len(mine)
    else:
        names = {path: name for path, name in _names(data).items() if shard.holds(name)}
        tracks, unread = read_unlabelled(names, index, progress=True)
        there, n_mine = store.contents(), len(names)
    return n_mine, [track for track in tracks if track.sha256 not in there], unread


def _names(data: Place) -> dict[Path, str]:
    """Name the audio files below a folder as every machine does."""
    if isinstance(data, Address) or not data.is_dir():
        raise ConfigError(
            f"data={data} must be an existing folder, or a manifest that genre scan wrote"
        )
    files = list_files(data)
    for message in files.notes():
        note(f"{name_of(data)}: {message}")
    if not files.audio:
        raise ConfigError(f"data={name_of(data)} must hold at least one audio file")
    return track_ids(data, files.audio)


def _kept(recipe: str, n_windows: int) -> KeptFrames:
    if n_windows < 0:
        raise ConfigError(f"windows_per_track={n_windows} must be 0 (all) or a number of windows")
    if recipe == "default":
        return kept_of(FrontEndConfig(), WindowConfig(), n_windows)
    from genre.grid.recipes import RECIPES  # which comes with training, and its packages

    found = RECIPES.find(recipe)
    return kept_of(found.front_end, found.windows, n_windows)


def make_parser() -> OptionParser:
    """Make the parser of `genre features`."""
    parser = OptionParser(
        prog="genre features",
        description="Compute the spectrograms of all audio files below a folder, labelled or not, "
        "that are not in the cache yet; training then finds them there. The folder stays as it is. "
        "Several calls may fill one cache at the same time, and one that was stopped goes on "
        "with the same words. Why files are bad is kept beside the spectrograms, as "
        "quarantine.jsonl. Exit status 0: every file has one; 1: some cannot be decoded.",
    )
    help_of_data = "The folder, searched at any depth; or a manifest (.csv, .parquet)."
    parser.add_argument("data", type=place, help=help_of_data)
    parser.add_argument(
        "--cache",
        type=place,
        default=Path("data/cache"),
        help="Folder, or address, of the computed spectrograms, shared with training.",
    )
    add_shard(parser, "A file belongs to a part by its path below the folder or in the manifest")
    _add_costs(parser)
    parser.add_argument(
        "--recipe",
        type=str,
        default="default",
        help="Whose ears: a recipe of genre train; all but the default need '.[train]'.",
    )
    add_options(parser, ExecutionConfig)
    add_plugins(parser)
    add_log_json(parser)
    return parser


def _add_costs(parser: OptionParser) -> None:
    parser.add_argument(
        "--windows-per-track",
        "--kept-windows",
        type=int,
        default=0,
        help="Keep so many windows of every longer track, evenly spread, for genre train with "
        "--kept-windows and the same number; 0 keeps all. 8 of a 4-minute track are 307 kB, all "
        "of it 2.3 MB.",
    )
    parser.add_argument(
        "--pack",
        choices=["none", "shards"],
        default="none",
        help="shards: keep what is computed in files of 1,000 to 2,000 tracks (plain tar files, "
        "which training maps into memory in place), for file systems that suffer from millions.",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="Compute 50 of them into a folder that is deleted, and print what all will take: "
        "time, bytes to keep, bytes to read. The cache stays as it is.",
    )
