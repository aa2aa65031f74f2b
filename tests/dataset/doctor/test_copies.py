"""Files that hold the same recording: what is said of each, and the number they share."""

from genre.dataset.doctor.copies import recording_groups, same_findings
from genre.dataset.recordings import RecordingPair
from tests.dataset_examples import make_track


def test_the_same_recording_under_other_labels() -> None:
    tracks = [
        make_track("a", "jazz", "X"),
        make_track("b", "folk|jazz", "X"),
        make_track("c", "jazz", "X"),
        make_track("d", "pop", "Y"),
    ]
    pairs = [
        RecordingPair(first="a", second="b", offset_seconds=0.5, similarity=0.9),
        RecordingPair(first="a", second="c", offset_seconds=0.0, similarity=1.0),
    ]
    found = same_findings(tracks, pairs, copies=[])
    by_id = {track.track_id: found.get(track.sha256, []) for track in tracks}
    assert [(finding.kind, finding.message) for finding in by_id["a"]] == [
        (
            "label_conflict",
            "labelled jazz, but the same recording has other labels as b (0.5 s off): folk, jazz",
        ),
        ("same_recording", "same recording as c"),
    ]
    assert [finding.kind for finding in by_id["b"]] == ["label_conflict"]
    assert [finding.message for finding in by_id["c"]] == ["same recording as a"]
    assert by_id["d"] == []


def test_many_copies_are_one_finding() -> None:
    tracks = [make_track(name, "jazz", "X") for name in "abcdef"]
    pairs = [
        RecordingPair(first="a", second=second, offset_seconds=0.0, similarity=1.0)
        for second in "bcdef"
    ]
    (finding,) = same_findings(tracks, pairs, copies=[])[tracks[0].sha256]
    assert finding.message == "same recording as b, c, d and 2 more"


def test_what_is_the_same_as_the_same_is_one_recording() -> None:
    tracks = [make_track(name, "jazz") for name in "abcdef"]
    pairs = [
        RecordingPair(first=first, second=second, offset_seconds=0.0, similarity=1.0)
        for first, second in ("cf", "bd", "df")
    ]
    copies = [(make_track("e", "jazz"), make_track("z", "jazz", content="e"))]
    numbers = recording_groups(tracks, pairs, copies=copies)
    by_id = {track.track_id: numbers.get(track.sha256) for track in tracks}
    assert by_id == {"a": None, "b": 1, "c": 1, "d": 1, "e": 2, "f": 1}


def test_copies_with_unlike_labels_say_what_they_are_together() -> None:
    same = (make_track("a", "jazz"), make_track("b", "folk", content="a"))
    ((finding,),) = same_findings(same[:1], [], copies=[same]).values()
    assert (finding.kind, finding.message) == (
        "copy",
        "same bytes: a, b; together labelled folk, jazz",
    )
    assert same_findings([], [], copies=[]) == {}
