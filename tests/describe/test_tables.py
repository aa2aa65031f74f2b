"""Cards as tables: genre.describe.tables."""

from genre.describe.card import Card, Part
from genre.describe.mood import Said
from genre.describe.tables import card_lines, cards_csv, results_csv, summary, texts_csv


def there(**result: object) -> Part:
    return Part(state="there", seconds=1.5, result=result)


PARTS = {
    "heard": there(tags=[{"tag": "Guitar", "score": 0.87}, {"tag": "=Music", "score": 0.5}]),
    "genres": there(genres=["rock"], scores={"rock": 0.9}),
    "mood": there(mood="NEUTRAL", confidence=0.5, language="en", verses=[{}], source="USLT"),
    "cover": there(classes=[{"tag": "cat", "score": 0.25}]),
    "video": there(most_at_once={"person": 2}, n_looked_at=5, file="a_detected.mp4"),
    "words": there(text="A song."),
}
ABSENT = Part(state="absent", reason="no lyrics", advice="write \x1b[31msome")
CARD = Card(track="a.mp3", title="a.mp3", parts=PARTS)
BARE = Card(track="=b.mp3", title="=b.mp3", parts=dict.fromkeys(PARTS, ABSENT))


def test_every_part_is_a_line() -> None:
    assert [summary(name, part) for name, part in PARTS.items()] == [
        "Guitar 0.87, =Music 0.50",
        "rock 0.90",
        "NEUTRAL 0.50, en, 1 verse from USLT",
        "cat 0.25",
        "2 person in 5 frames: a_detected.mp4",
        "A song.",
    ]
    assert summary("genres", there(genres=[], scores={})) == "none"
    assert summary("video", there(most_at_once={}, n_looked_at=5, file="x")).startswith("no object")
    assert summary("mood", Part(state="absent", reason="broken")) == "broken"


def test_lines_for_a_terminal_say_what_is_absent_and_cannot_act() -> None:
    lines = card_lines(BARE)
    assert lines[0] == "=b.mp3"
    assert lines[3] == "  mood of the words     – no lyrics: write \\x1b[31msome"
    assert len(card_lines(CARD)) == 7


def test_a_folders_table_has_a_row_for_each_card() -> None:
    rows = cards_csv([CARD, BARE]).splitlines()
    assert rows[0].startswith("path,heard,heard_seconds,genres,")
    assert rows[1].startswith('a.mp3,"Guitar 0.87, =Music 0.50",1.500,rock 0.90,1.500,')
    assert rows[2] == "'=b.mp3" + 12 * ","
    assert cards_csv([]) == "path\n"


def test_what_is_heard_is_a_row_for_each_tag() -> None:
    assert results_csv([CARD, BARE]).splitlines() == [
        "path,tag,score",
        "a.mp3,Guitar,0.870000",
        "a.mp3,'=Music,0.500000",
    ]


def test_texts_have_a_row_each() -> None:
    table = texts_csv(["a, b"], [("en", Said("POSITIVE", 0.75, {"POSITIVE": 0.75}))])
    assert table == 'text,language,mood,confidence\n"a, b",en,POSITIVE,0.750000\n'
