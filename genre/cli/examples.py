"""Two examples of every command, which end its help; a test has each read by the parser."""

from collections.abc import Mapping

EXAMPLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "doctor": (
        ("genre doctor music", "what is wrong with a folder, and what to mend first"),
        ("genre doctor song.mp3", "what is wrong with one file"),
    ),
    "train": (
        (
            "genre train --data music --hours 2",
            "the standard four networks on a folder per genre, in at most two hours",
        ),
        (
            "genre train --data music --configs attnTrue_lossbce --seeds 1 --epochs 16",
            "one network, for a first look",
        ),
    ),
    "compare": (
        ("genre compare results/demo", "the models of an experiment, once more"),
        (
            "genre compare --truth truth.csv ours.csv theirs.csv",
            "any systems, by tables of their scores",
        ),
    ),
    "tag": (
        ("genre tag results/demo/best song.mp3 album", "the genres of a file and of a folder"),
        (
            "genre tag results/demo/best music --write-tags",
            "what the files' own genres would become; --apply writes them",
        ),
    ),
    "untag": (
        ("genre untag genre-tags-20261128-143000.jsonl", "files as they were before"),
        ("genre untag genre-tags-*.jsonl", "all that was ever written, the last first"),
    ),
    "export": (
        ("genre export results/demo/best", "the model as one ONNX file, in its folder"),
        (
            "genre export results/demo/best --int8 --calibrate results/demo",
            "about twice as fast, where it loses no accuracy",
        ),
    ),
    "serve": (
        ("genre serve results/demo/best", "a web page and HTTP on this machine"),
        (
            "genre serve results/demo/best --host 0.0.0.0 --port 8080",
            "for other machines too",
        ),
    ),
    "sample": (
        ("genre sample", "the synthetic data set in data/sample"),
        ("genre sample --out small --genres jazz rock", "two genres of it, elsewhere"),
    ),
    "backbone": (
        ("genre backbone list", "the networks that are here, and that can be had"),
        ("genre backbone add musicnn", "bring one"),
    ),
    "heard": (
        ("genre heard song.mp3", "guitar, vocals, … in one file"),
        ("genre heard music --csv heard.csv", "a table with the scores of all tags"),
    ),
    "embed": (
        ("genre embed music --out music.npz", "a collection as numbers"),
        (
            "genre embed music --out music.npz --bundle results/demo/best --map map.png",
            "as your own model hears it, with a picture",
        ),
    ),
    "similar": (
        ("genre similar musicnn song.mp3 music", "what is most like a song"),
        (
            "genre similar musicnn song.mp3 music.npz --m3u alike.m3u8",
            "among tracks that genre embed has heard, as a playlist",
        ),
    ),
    "features": (
        ("genre features music", "all spectrograms, before training"),
        ("genre features music --dry-run", "how long that will take, and how much it will keep"),
    ),
    "scan": (
        ("genre scan music --out manifest.csv", "a table of the files"),
        ("genre scan s3://bucket/music --out manifest.parquet", "of what lies elsewhere"),
    ),
    "review": (
        ("genre review results/music", "a page that shows what to listen to next"),
        ("genre review results/music --history", "what was said of labels so far"),
    ),
    "describe": (
        ("genre describe song.mp3 --bundle results/demo/best", "the card of a track"),
        ("genre describe music --out cards", "of every track of a folder"),
    ),
    "info": (
        ("genre info results/demo/best", "what a model knows, and how good it is"),
        ("genre info results/demo", "what an experiment trained, and its best"),
    ),
    "completion": (
        (
            "genre completion bash > ~/.local/share/bash-completion/completions/genre",
            "for bash, from the next shell on",
        ),
        ("genre completion zsh > ~/.zfunc/_genre", "for zsh, with ~/.zfunc in fpath"),
    ),
}
"""By command: the words to type, and what they do."""
