"""The pitched instruments by name, each a setting of one way of making tones."""

from genre.sample.instruments import Additive, FrequencyModulation, Pluck, Voice

VOICES: dict[str, Voice] = {
    "piano": Additive(
        rolloff=1.3, attack_seconds=0.004, sustain=0.15, decay_seconds=0.9, damping=0.9
    ),
    "harpsichord": Pluck(decay_seconds=0.8, damping=0.35, pick_position=0.08),
    "harp": Pluck(decay_seconds=1.6, damping=1.4, pick_position=0.45),
    "organ": Additive(rolloff=0.9, n_partials=8, sustain=1.0, attack_seconds=0.02),
    "strings": Additive(
        rolloff=1.1, attack_seconds=0.14, release_seconds=0.25, sustain=0.9, breath=0.006
    ),
    "violin": Additive(
        rolloff=0.9, attack_seconds=0.07, sustain=0.9, formants_hz=(500.0, 1200.0, 2800.0)
    ),
    "cello": Additive(rolloff=1.1, attack_seconds=0.09, sustain=0.9, formants_hz=(250.0, 700.0)),
    "flute": Additive(rolloff=2.0, n_partials=7, attack_seconds=0.05, breath=0.03),
    "whistle": Additive(rolloff=2.4, n_partials=5, attack_seconds=0.03, breath=0.05),
    "oboe": Additive(rolloff=0.7, n_partials=14, formants_hz=(1100.0, 2700.0)),
    "clarinet": Additive(rolloff=0.9, even=0.12, attack_seconds=0.04),
    "harmonica": Additive(rolloff=0.6, n_partials=18, attack_seconds=0.03, breath=0.02),
    "trumpet": Additive(rolloff=0.7, attack_seconds=0.03, formants_hz=(1200.0, 2200.0)),
    "saxophone": Additive(
        rolloff=0.8, attack_seconds=0.03, formants_hz=(600.0, 1400.0), breath=0.03
    ),
    "singer": Additive(
        rolloff=0.7,
        n_partials=30,
        attack_seconds=0.06,
        formants_hz=(650.0, 1150.0, 2700.0),
        breath=0.01,
    ),
    "choir": Additive(
        rolloff=0.9, attack_seconds=0.2, release_seconds=0.3, formants_hz=(500.0, 1000.0, 2500.0)
    ),
    "saw": Additive(rolloff=0.85, n_partials=28, attack_seconds=0.006, sustain=0.7),
    "pad": Additive(
        rolloff=1.0, n_partials=20, attack_seconds=0.25, release_seconds=0.3, sustain=0.95
    ),
    "synth_bass": Additive(
        rolloff=1.0, n_partials=20, attack_seconds=0.004, decay_seconds=0.2, sustain=0.5
    ),
    "sub_bass": Additive(rolloff=3.0, n_partials=4, attack_seconds=0.008, sustain=0.8),
    "electric_piano": FrequencyModulation(ratio=1.0, index=1.4, decay_seconds=1.0),
    "bell": FrequencyModulation(ratio=3.5, index=2.2, index_decay_seconds=0.8, decay_seconds=1.2),
    "vibraphone": FrequencyModulation(ratio=4.0, index=0.8, decay_seconds=1.4),
    "fm_lead": FrequencyModulation(ratio=2.0, index=2.5, sustain=0.6, index_decay_seconds=1.0),
    "fm_bass": FrequencyModulation(ratio=1.0, index=3.0, index_decay_seconds=0.15, sustain=0.4),
    "nylon_guitar": Pluck(decay_seconds=1.0, damping=1.6, pick_position=0.3),
    "steel_guitar": Pluck(decay_seconds=1.6, damping=0.6, pick_position=0.15),
    "banjo": Pluck(decay_seconds=0.35, damping=0.5, pick_position=0.1),
    "electric_guitar": Pluck(decay_seconds=3.0, damping=0.5, pick_position=0.2),
    "bass_guitar": Pluck(decay_seconds=1.5, damping=0.7, pick_position=0.25),
    "upright_bass": Pluck(decay_seconds=0.7, damping=2.2, pick_position=0.35),
}
"""Every pitched instrument by name."""
