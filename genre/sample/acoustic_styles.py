"""The genres of strings, wind and wood: classical, jazz and folk."""

from genre.sample.style import Line, Style

ACOUSTIC_STYLES: dict[str, Style] = {
    "classical": Style(
        tempo_bpm=(70, 132),
        meters=("4/4", "3/4", "3/4", "6/8"),
        swing=0.0,
        progressions=(
            ("major", "I IV V I"),
            ("major", "I vi ii V7"),
            ("minor", "i iv V7 i"),
            ("major", "I V vi iii IV I IV V"),
        ),
        drums=({}, {}, {}, {"timpani": "x.......x......."}),
        basses=(
            Line("cello", "root", "x---------------"),
            Line("cello", "fifth", "x-------x-------"),
            Line("upright_bass", "root", "x---x---x---x---"),
        ),
        chords=(
            Line("strings", "block", "x---------------"),
            Line("piano", "broken", "x-x-x-x-x-x-x-x-"),
            Line("harpsichord", "broken", "x-x-x-x-x-x-x-x-"),
            Line("harp", "arpeggio", "xxxxxxxxxxxxxxxx"),
        ),
        leads=(
            Line("violin", "melody", "x-----x-x---x---x---x-x-x-------"),
            Line("flute", "melody", "x---x-x-x---x---x-x-x-x-x-------"),
            Line("oboe", "melody", "x-------x---x---x-----x-x-------"),
            Line("piano", "melody", "x-x-x-x-x---x---xxxxx---x-------"),
        ),
        balance_db=(-4, -2, 0, 0),
        tilt_db=-1.0,
        reverb_seconds=1.6,
    ),
    "jazz": Style(
        tempo_bpm=(96, 190),
        meters=("4/4", "4/4", "4/4", "3/4"),
        swing=0.33,
        progressions=(
            ("major", "ii7 V7 Imaj7 VI7"),
            ("dorian", "i7 i7 iv7 i7"),
            ("minor", "ii7b5 V7 i7 i7"),
            ("blues", "I7 IV7 I7 V7"),
        ),
        drums=(
            {"ride": "x...x.x.x...x.x.", "hat": "....x.......x..."},
            {"brush": "x...x...x...x...", "hat": "....x.......x...", "kick": "o.......o......."},
            {"ride": "x...x.x.x...x.x.", "rim": "............x...", "kick": "o.....o........."},
        ),
        basses=(
            Line("upright_bass", "walk", "x---x---x---x---"),
            Line("upright_bass", "walk", "x---x---x-x-x---"),
            Line("upright_bass", "fifth", "x-------x-------"),
        ),
        chords=(
            Line("piano", "block", "..x...x-......x-"),
            Line("electric_piano", "block", "x-----x-........"),
            Line("nylon_guitar", "block", "x---x---x---x---"),
            Line("vibraphone", "block", "x-----x---------"),
        ),
        leads=(
            Line("saxophone", "melody", "x-x-x-x-x-x-x---..x-x-x-x-x-x---"),
            Line("trumpet", "melody", "x---x-x-x-x-....x-x-x-x-x-------"),
            Line("piano", "melody", "x-x-x-x-x-x-x-x-x-x-....x-x-x---"),
            Line("vibraphone", "melody", "x-x-x---x-x-x-x-x---x-x-x-------"),
        ),
        balance_db=(-4, 0, -4, 1),
        tilt_db=-0.6,
        reverb_seconds=0.8,
    ),
    "folk": Style(
        tempo_bpm=(84, 138),
        meters=("4/4", "4/4", "3/4", "6/8"),
        swing=0.06,
        progressions=(
            ("major_pentatonic", "I IV I V"),
            ("major", "I V IV I"),
            ("dorian", "i bVII i bVII"),
            ("mixolydian", "I bVII IV I"),
        ),
        drums=(
            {},
            {},
            {"stomp": "x.......x.......", "tambourine": "....x.......x..."},
            {"stomp": "x...x...x...x...", "shaker": "x.o.x.o.x.o.x.o."},
        ),
        basses=(
            Line("upright_bass", "fifth", "x-------x-------"),
            Line("upright_bass", "root", "x---------------"),
            Line("bass_guitar", "fifth", "x-----x-x-------"),
        ),
        chords=(
            Line("steel_guitar", "strum", "x---x-x-x---x-x-"),
            Line("steel_guitar", "broken", "x-x-x-x-x-x-x-x-"),
            Line("nylon_guitar", "arpeggio", "x-x-x-x-x-x-x-x-"),
            Line("banjo", "arpeggio", "xxxxxxxxxxxxxxxx"),
        ),
        leads=(
            Line("violin", "melody", "x-x-x-x-x---x-x-x-x-x-x-x-------"),
            Line("whistle", "melody", "x---x-x-x-x-x---x-x-x-x-x-------"),
            Line("harmonica", "melody", "x-----x-x---x---x---x-x-x-------"),
            Line("singer", "melody", "x---x-x-x---x---x---x-x-x-------"),
        ),
        balance_db=(-5, -6, 3, -1),
        tilt_db=0.6,
        reverb_seconds=0.6,
    ),
}
