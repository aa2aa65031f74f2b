"""Files with the same bytes are one track."""

from hypothesis import given
from hypothesis import strategies as st

from genre.dataset.duplicates import describe_copies, group_copies, merge_same_content
from genre.dataset.tracks import Track
from tests.dataset_examples import make_track


def test_copies_become_one_track_with_all_genres() -> None:
    merged = merge_same_content(
        [
            make_track("jazz/x.mp3", "jazz", content="x"),
            make_track("folk/x.mp3", "folk|pop", content="x"),
            make_track("jazz/y.mp3", "jazz", content="y"),
        ]
    )
    assert [track.track_id for track in merged] == ["folk/x.mp3", "jazz/y.mp3"]
    assert merged[0].genres == ("folk", "jazz", "pop")
    assert merged[0].path.as_posix() == "/music/folk/x.mp3"


def test_the_best_known_artist_wins() -> None:
    merged = merge_same_content(
        [
            make_track("a.mp3", "folk", content="x"),
            make_track("b.mp3", "folk", "By Name", source="name", content="x"),
            make_track("c.mp3", "folk", "By Tag", source="tag", content="x"),
        ]
    )
    assert (merged[0].track_id, merged[0].artist, merged[0].artist_source) == (
        "a.mp3",
        "By Tag",
        "tag",
    )


def test_split_and_fold_come_from_whichever_has_one() -> None:
    tracks = [
        make_track("a.mp3", "folk", content="x"),
        make_track("b.mp3", "jazz", content="x", split="val", fold=2),
        make_track("c.mp3", "jazz", content="x", split="test", fold=2),
    ]
    (merged,) = merge_same_content(tracks)
    assert (merged.split, merged.fold) == ("val", 2)
    copies, conflict = describe_copies(tracks)
    assert copies == ("2 files found again, byte for byte, counted once (a.mp3 = b.mp3 = c.mp3)")
    assert conflict == ("a.mp3 = b.mp3 = c.mp3: the labels give more than one split; val is used")


def test_without_copies_there_is_nothing_to_say() -> None:
    tracks = [make_track("b.mp3", "jazz"), make_track("a.mp3", "folk")]
    assert merge_same_content(tracks) == (tracks[1], tracks[0])
    assert describe_copies(tracks) == ()


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from(["folk", "jazz", "pop"]), st.integers(0, 4)),
        unique_by=lambda item: item[0],
        max_size=12,
    )
)
def test_merging_loses_no_content_and_no_genre(items: list[tuple[int, str, int]]) -> None:
    tracks = [
        make_track(f"{name:02}.mp3", genre, content=str(content)) for name, genre, content in items
    ]
    merged = merge_same_content(tracks)

    def pairs(some: list[Track]) -> set[tuple[str, str]]:
        return {(track.sha256, genre) for track in some for genre in track.genres}

    assert pairs(list(merged)) == pairs(tracks)
    assert len({track.sha256 for track in merged}) == len(merged)
    assert merge_same_content(tracks[::-1]) == merged
    assert merge_same_content(merged) == merged


def test_files_with_the_same_bytes_are_grouped_as_they_were() -> None:
    tracks = [
        make_track("c.mp3", "folk", content="x"),
        make_track("b.mp3", "jazz", content="y"),
        make_track("d.mp3", "pop", content="z"),
        make_track("a.mp3", "rock", content="x"),
        make_track("e.mp3", "folk", content="y"),
    ]
    c, b, _, a, e = tracks
    assert group_copies(tracks) == ((a, c), (b, e))
    assert group_copies(tracks[2:4]) == ()
