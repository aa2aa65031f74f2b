"""`genre tag --out` and `--merge`, as many processes use them: genre.cli.tag_parts."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import soundfile

from genre.cli import main, tag
from genre.cli.inputs import find_files
from genre.execution.shards import Shard
from tests.bundles import varying_bundle, write_bundle
from tests.sounds import tone
from tests.tagged_files import tag_words

ROOT = Path(__file__).resolve().parents[2]
N_PARTS = 16
SOME_PARTS = """
import sys
from genre.cli import main
for part in sys.argv[1].split(","):
    main([*sys.argv[2:], "--shard", f"{part}/16"])
"""


@pytest.fixture(scope="module")
def varying(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("varying") / "best"
    write_bundle(varying_bundle(), folder)
    return folder


def merged(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert main(["tag", "--merge", str(folder)]) == 0
    return capsys.readouterr().out.splitlines()


def test_parts_are_what_one_run_says(
    varying: Path, music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(tag_words(varying, music, "--json")) == 1
    whole = json.loads(capsys.readouterr().out)
    out = tmp_path / "out"
    statuses = []
    for part in (1, 0):
        words = tag_words(varying, music, "--shard", f"{part}/2", "--out", out)
        statuses.append(main(words))
        told, err = capsys.readouterr()
        assert told.startswith(f"part {part}/2, ")
        assert told.endswith(f" bad: {out}/tags-0000{part}-of-00002.jsonl\n")
        assert ("not_audio: " in err) == bool(statuses[-1])
    assert sorted(statuses) == [0, 1]
    lines = merged(out, capsys)
    assert [json.loads(line) for line in lines] == sorted(whole, key=lambda tags: tags["path"])


def test_what_it_takes_is_told_on_the_way(
    varying: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "music").mkdir()
    for number in range(52):
        sound = tone(0.5, 22050, frequency=200.0 + number)
        soundfile.write(tmp_path / "music" / f"{number}.wav", sound, 22050)
    assert main(tag_words(varying, tmp_path / "music", "--out", tmp_path / "out")) == 0
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "to keep" in line]
    assert "for 52 files" in line
    assert "to keep, 1.1 MB to read" in line


def test_what_is_done_is_not_done_again(
    varying: Path,
    music: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "out"
    words = tag_words(varying, music, "--out", out)
    assert main(words) == 1
    whole = out / "tags-00000-of-00001.jsonl"
    before = whole.read_bytes()
    torn = before.splitlines(keepends=True)[0] + before.splitlines()[1][:20]
    whole.with_suffix(".jsonl.part").write_bytes(torn)
    whole.unlink()
    capsys.readouterr()
    assert main(words) == 1
    assert capsys.readouterr().out.startswith("part 0/1, 4 files: 3 tagged now, 1 before, 1 bad: ")
    assert whole.read_bytes() == before

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("the model must not even be started")

    monkeypatch.setattr(tag, "make_tagger", refuse)
    assert main(words) == 1
    assert capsys.readouterr().out.startswith("part 0/1, 4 files: 0 tagged now, 4 before, 1 bad: ")


def test_another_model_or_option_does_not_go_on(
    varying: Path, bundle: Path, music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    song, out = music / "a.wav", tmp_path / "out"
    assert main(tag_words(varying, song, "--out", out, "--top", "1")) == 0
    for model, extra, other in (
        (bundle, ["--top", "1"], "bundle_sha256"),
        (varying, [], "top"),
        (varying, ["--top", "1", "--timeline"], "timeline"),
        (varying, ["--top", "1", "--max-seconds", "9"], "max_seconds"),
    ):
        capsys.readouterr()
        assert main(tag_words(model, song, "--out", out, *extra)) == 1
        told, err = capsys.readouterr()
        assert (told, err.count("\n")) == ("", 1)
        assert err.endswith(f" has another {other}; name another folder with --out\n")
    (tags,) = map(json.loads, merged(out, capsys))
    assert len(tags["scores"]) == 1


def test_merging_names_what_is_missing(
    varying: Path, bundle: Path, music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    song, out = music / "a.wav", tmp_path / "out"
    for model, part in ((varying, 0), (varying, 1), (bundle, 3)):
        assert main(tag_words(model, song, "--out", out, "--shard", f"{part}/5")) == 0
    capsys.readouterr()
    assert main(["tag", f"--merge={out}"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "missing or not finished, of 5 parts: 2,4",
        "left out, of another model or other options, of 5 parts: 3",
    ]


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (["--shard", "0/4"], "shard=0/4 must come with --out"),
        (["--shard", "4/4"], "shard=4/4 must be I/N"),
        (["--out", "o", "--csv"], "out=o must come without --csv"),
        (["--out", "o", "--json"], "out=o must come without --json"),
        (["--out", "o", "--write-tags"], "out=o must come without --write-tags"),
        (["--out", "{music}/o"], "o must lie outside"),
        (["--out", "{bundle}/model.json"], "model.json must be a folder that can be written"),
    ],
)
def test_options_that_make_no_sense(
    bundle: Path, music: Path, extra: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [word.format(music=music, bundle=bundle) for word in extra]
    assert main(tag_words(bundle, music, *given)) == 1
    assert message in capsys.readouterr().err
    assert {path.name for path in music.iterdir()} == {"a.wav", 'b, "q".wav', "deep", "cover.jpg"}


def test_merging_stands_alone(
    bundle: Path, music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(tag_words(bundle, music, "--merge", tmp_path))
    assert "nrecognized arguments" in capsys.readouterr().err
    (tmp_path / "tag.toml").write_text(f'merge = "{tmp_path}"\n')
    assert main(tag_words(bundle, music, "--config", tmp_path / "tag.toml")) == 1
    assert "must stand alone: genre tag --merge FOLDER" in capsys.readouterr().err


def start(parts: list[int], words: list[str]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", SOME_PARTS, ",".join(map(str, parts)), *words]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(
        command, cwd=ROOT, start_new_session=True, stdout=nowhere, stderr=nowhere
    )


def n_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no groups of processes")
def test_sixteen_parts_by_four_processes_one_killed_are_one_run(
    varying: Path, sample_cut: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    music = tmp_path / "music"
    for copy in range(4):
        (music / f"{copy}").parent.mkdir(exist_ok=True)
        (music / f"{copy}").symlink_to(sample_cut)
    files = [path.as_posix() for path in find_files([music])]
    sizes = [sum(Shard(part, N_PARTS).holds(name) for name in files) for part in range(N_PARTS)]
    largest = max(range(N_PARTS), key=lambda part: sizes[part])
    assert (len(files), sizes[largest] >= 6) == (72, True)
    out = tmp_path / "parts"
    words = tag_words(varying, music, "--out", out)
    order = [largest, *(part for part in range(N_PARTS) if part != largest)]
    mine = [order[k::4][::-1] if k else order[k::4] for k in range(4)]
    processes = [start(parts, words) for parts in mine]
    partial = out / f"tags-{largest:05}-of-{N_PARTS:05}.jsonl.part"
    end = time.monotonic() + 120
    while n_lines(partial) < 2 and processes[0].poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    os.killpg(processes[0].pid, signal.SIGKILL)
    processes[0].wait()
    kept = partial.read_bytes()  # it was killed in the midst of this part
    assert 2 <= kept.count(b"\n") < sizes[largest]
    processes[0] = start(mine[0], words)
    assert [process.wait(timeout=300) for process in processes] == [0, 0, 0, 0]
    assert partial.with_suffix("").read_bytes().startswith(kept[: kept.rindex(b"\n") + 1])
    assert main(tag_words(varying, music, "--out", tmp_path / "whole")) == 0
    union = merged(out, capsys)
    assert union == merged(tmp_path / "whole", capsys)
    assert [json.loads(line)["path"] for line in union] == sorted(files)
