"""The genres of amplifiers and machines: pop, rock, electronic and hip-hop."""

from genre.sample.style import Line, Style

ELECTRIC_STYLES: dict[str, Style] = {
    "pop": Style(
        tempo_bpm=(92, 128),
        meters=("4/4",),
        swing=0.0,
        progressions=(
            ("major_pentatonic", "I V vi IV"),
            ("major_pentatonic", "vi IV I V"),
            ("major", "I vi IV V"),
            ("major", "IV I V vi"),
        ),
        drums=(
            {"kick": "x.......x.x.....", "snare": "....x.......x...", "hat": "x.o.x.o.x.o.x.o."},
            {"kick": "x...x...x...x...", "clap": "....x.......x...", "shaker": "xoxoxoxoxoxoxoxo"},
            {
                "kick": "x.....x.x.......",
                "snare": "....x.......x...",
                "tambourine": "..x...x...x...x.",
            },
        ),
        basses=(
            Line("synth_bass", "root", "x-x-x-x-x-x-x-x-"),
            Line("bass_guitar", "root", "x-----x-x-----x-"),
            Line("sub_bass", "root", "x-------x-----x-"),
        ),
        chords=(
            Line("piano", "block", "x---x---x---x---"),
            Line("pad", "block", "x---------------"),
            Line("steel_guitar", "strum", "x---x-xx--x-x-x-"),
            Line("electric_piano", "block", "x-----x---x-----"),
        ),
        leads=(
            Line("singer", "melody", "x-x-x---x-x-x---x-x-x-x-x-------"),
            Line("singer", "melody", "..x-x-x-x---x-x-..x-x-x-x-------"),
            Line("fm_lead", "melody", "x--x--x-x--x--x-x--x--x-x-------"),
            Line("saw", "melody", "x---x-x-x---x-x-x---x-x-x-------"),
        ),
        balance_db=(0, -2, -3, 2),
        tilt_db=0.4,
        reverb_seconds=0.7,
    ),
    "rock": Style(
        tempo_bpm=(104, 164),
        meters=("4/4",),
        swing=0.0,
        progressions=(
            ("minor_pentatonic", "I5 bVI5 bVII5 I5"),
            ("mixolydian", "I5 bVII5 IV5 I5"),
            ("blues", "I5 IV5 V5 IV5"),
            ("minor_pentatonic", "I5 bIII5 IV5 bVI5"),
        ),
        drums=(
            {"kick": "x.....x.x.x.....", "snare": "....x.......x...", "hat": "x.x.x.x.x.x.x.x."},
            {
                "kick": "x.x.....x.x...x.",
                "snare": "....x.......x...",
                "crash": "x...............",
                "ride": "x...x...x...x...",
            },
            {
                "kick": "x...x...x...x...",
                "snare": "....x..o....x..o",
                "open_hat": "x...x...x...x...",
            },
        ),
        basses=(
            Line("bass_guitar", "root", "x-x-x-x-x-x-x-x-", 1.0),
            Line("bass_guitar", "octave", "x-x-x-x-x-x-x-x-"),
            Line("bass_guitar", "root", "x-----x-x-x-----", 2.0),
        ),
        chords=(
            Line("electric_guitar", "block", "x-x-x-x-x-x-x-x-", 6.0),
            Line("electric_guitar", "block", "x-------x-----x-", 8.0),
            Line("electric_guitar", "strum", "x---x-x---x-x-x-", 3.0),
            Line("organ", "block", "x---------------", 2.0),
        ),
        leads=(
            Line("electric_guitar", "melody", "x-x-x---x-x-x---x-x-x-x-x-------", 5.0),
            Line("electric_guitar", "melody", "x---x-x-x-------x---x-x-x-x-x---", 3.0),
            Line("singer", "melody", "x---x---x-x-x---x---x-x-x-------", 1.0),
        ),
        balance_db=(1, -1, 2, -1),
        tilt_db=-0.4,
        reverb_seconds=0.5,
    ),
    "electronic": Style(
        tempo_bpm=(116, 142),
        meters=("4/4",),
        swing=0.0,
        progressions=(
            ("minor", "i bVI bIII bVII"),
            ("minor", "i i bVI bVII"),
            ("dorian", "i7 IV i7 IV"),
            ("minor_pentatonic", "i i i bVII"),
        ),
        drums=(
            {
                "kick": "x...x...x...x...",
                "clap": "....x.......x...",
                "open_hat": "..x...x...x...x.",
            },
            {"kick": "x...x...x...x...", "hat": "xoxoxoxoxoxoxoxo", "rim": "...x..x....x...."},
            {"kick": "x..x..x...x.....", "snare": "....x.......x...", "hat": "x.x.x.x.x.x.x.x."},
        ),
        basses=(
            Line("synth_bass", "root", "..x-..x-..x-..x-", 1.0),
            Line("fm_bass", "octave", "x-x-x-x-x-x-x-x-"),
            Line("synth_bass", "root", ".xxx.xxx.xxx.xxx"),
        ),
        chords=(
            Line("saw", "arpeggio", "xxxxxxxxxxxxxxxx"),
            Line("pad", "block", "x---------------"),
            Line("saw", "block", "x--x--x---x--x--"),
            Line("fm_lead", "arpeggio", "x-x-x-x-x-x-x-x-"),
        ),
        leads=(
            Line("saw", "melody", "x--x--x-x--x--x-x--x--x-x---x---"),
            Line("fm_lead", "melody", "x-x-x-x-x-x-x-x-xxxxx-x-x-------"),
            Line("bell", "melody", "x-----x-----x---x-----x-x-------"),
        ),
        balance_db=(3, 1, 0, -4),
        tilt_db=0.9,
        reverb_seconds=0.6,
    ),
    "hiphop": Style(
        tempo_bpm=(72, 104),
        meters=("4/4",),
        swing=0.12,
        progressions=(
            ("minor_pentatonic", "i7 i7 iv7 i7"),
            ("minor", "i bVI i bVI"),
            ("dorian", "ii7 V7 ii7 V7"),
            ("minor_pentatonic", "i9 i9 bVI bVII"),
        ),
        drums=(
            {"kick": "x..x......x.....", "snare": "....x.......x...", "hat": "x.x.x.x.x.x.x.x."},
            {"boom": "x.....x...x.....", "clap": "....x.......x...", "hat": "x.x.xxx.x.x.xxxx"},
            {"kick": "x.....xx..x..x..", "rim": "....x.......x...", "shaker": "x.o.x.o.x.o.x.o."},
        ),
        basses=(
            Line("sub_bass", "root", "x-----x---x-----"),
            Line("sub_bass", "root", "x---------x-x---", 1.5),
            Line("upright_bass", "root", "x--x------x-----"),
        ),
        chords=(
            Line("electric_piano", "block", "x---------x-----"),
            Line("piano", "block", "x---..x-x---...."),
            Line("strings", "block", "x-------x-------"),
            Line("bell", "arpeggio", "x---x---x---x---"),
        ),
        leads=(
            Line("bell", "melody", "x---x-x---------x---x-x-x-------"),
            Line("flute", "melody", "....x-x-x-------....x-x-x-------"),
            Line("singer", "melody", "x-xxx-x-x-xxx---x-xxx-x-x-x-----"),
        ),
        balance_db=(3, 4, -4, -5),
        tilt_db=-0.4,
        reverb_seconds=0.4,
    ),
}
