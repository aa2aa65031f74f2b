"""Measure the track card: seconds, memory and size of each part, and the figures people quote.

Every part is made again and again of one track; what is absent is said and not measured. With a
labelled list of texts or a folder of labelled pictures, sentiment and cover are scored, too.
"""

import csv
import resource
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from figures import figures_parser, tell_figures
from genre.describe import PARTS, Describer, Part, Settings, load_settings
from genre.describe.cover import load_reader, show
from genre.describe.mood import MOODS, moods_of_texts
from genre.describe.pictures import ReadCover, read_cover

MB_PER_PARAMETER = 4e-6  # float32


def main() -> int:
    """Measure and print the figures."""
    parser = figures_parser("check_describe.py", __doc__ or "")
    parser.add_argument("track", type=Path, nargs="?", help="An audio file, with what it has.")
    parser.add_argument("--models", type=Path, help="A describe.toml, with the server's url.")
    parser.add_argument("--runs", type=int, default=30, help="How often each part is made.")
    parser.add_argument("--texts", type=Path, help="A CSV with the columns text and mood.")
    parser.add_argument("--images", type=Path, help="A folder with a folder for each class.")
    words = parser.parse_args(sys.argv[1:])
    settings, named = load_settings(words.models) if words.models else (Settings(), frozenset())
    figures: dict[str, Any] = {}
    with Describer(settings, may_fetch=lambda name: name in named) as describer:
        if words.track is not None:
            figures["parts"] = _parts(describer, words.track, words.runs)
        if words.texts is not None:
            figures["sentiment"] = _sentiment(describer, words.texts)
        if words.images is not None:
            figures["images"] = _images(settings, words.images)
    figures["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    tell_figures(figures, words.json)
    return 0


def _parts(describer: Describer, track: Path, n_runs: int) -> dict[str, Any]:
    made: defaultdict[str, list[Part]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="genre-") as out:
        for _ in range(n_runs + 1):  # the first loads the models
            for name, part in describer.describe(track, Path(out)).parts.items():
                made[name].append(part)
    return {name: _figures_of(made[name]) for name in PARTS}


def _figures_of(parts: list[Part]) -> dict[str, Any]:
    there = [part for part in parts[1:] if part.state == "there"]
    if not there:
        return {"absent": parts[0].reason, "advice": parts[0].advice}
    seconds = statistics.median(part.seconds for part in there)
    figures: dict[str, Any] = {
        "runs": len(parts) - 1,
        "failures": len(parts) - 1 - len(there),
        "first_seconds": round(parts[0].seconds, 3),
        "median_seconds": round(seconds, 4),
    }
    if (model := there[0].model) is not None:
        figures |= {
            "model": model.name,
            "model_mb": round(model.n_parameters * MB_PER_PARAMETER, 3),
        }
    for key in ("first_token_seconds", "tokens_per_second"):
        if key in there[0].result:
            figures[key] = statistics.median(part.result[key] for part in there)
    if "n_objects" in there[0].result:
        figures["detections_per_second"] = round(there[0].result["n_objects"] / seconds, 2)
    return figures


def _sentiment(describer: Describer, file: Path) -> dict[str, float]:
    """Compute accuracy and macro F1 over the moods that occur."""
    with file.open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["text"].strip()]
    texts, truth = [row["text"] for row in rows], [row["mood"].upper() for row in rows]
    answers = moods_of_texts(texts, hub=describer.hub, settings=describer.settings.mood)
    said = [one.mood for _, one in answers]
    pairs = list(zip(truth, said, strict=True))
    scores = [
        2 * pairs.count((mood, mood)) / (truth.count(mood) + said.count(mood))
        for mood in MOODS
        if mood in (*truth, *said)
    ]
    n_right = sum(one == other for one, other in pairs)
    accuracy = round(n_right / len(pairs), 4)
    return {"n": len(pairs), "accuracy": accuracy, "macro_f1": round(statistics.fmean(scores), 4)}


def _images(settings: Settings, folder: Path) -> dict[str, float]:
    """Compute how often the class, which names a picture's folder, is the first or among five."""
    reader = load_reader(settings.cover, device="cpu", may_fetch=lambda _: False)
    files = sorted(path for path in folder.glob("*/*") if path.is_file())
    places = []
    for path in files:
        cover = read_cover(ReadCover(path, settings.cover, is_picture=True))
        tags = [said["tag"] for said in show(cover, reader, top=5).result["classes"]]
        places.append(tags.index(path.parent.name) if path.parent.name in tags else 5)
    n = len(places)
    return {
        "n": n,
        "top_1": round(sum(place == 0 for place in places) / n, 4),
        "top_5": round(sum(place < 5 for place in places) / n, 4),
    }


if __name__ == "__main__":
    sys.exit(main())
