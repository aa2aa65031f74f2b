"""From sound files to log-mel spectrograms; knows nothing of genres and needs no torch.

What this room offers is imported when it is first asked for: whoever only opens a file does not
wait for scipy.
"""

from typing import TYPE_CHECKING

from genre.lazy import offer

if TYPE_CHECKING:
    from genre.audio.containers import AUDIO_SUFFIXES, Container, sniff
    from genre.audio.decode import Waveform, load_waveform, open_audio
    from genre.audio.decoder import (
        FLAG_OPPOSED,
        FLAG_PARTIAL,
        FLAG_SILENT,
        FLAG_TRUNCATED,
        DecodeConfig,
        Decoder,
    )
    from genre.audio.fingerprint import (
        FINGERPRINT_VERSION,
        LANDMARK,
        Likeness,
        find_landmarks,
        likeness,
    )
    from genre.audio.frontend import (
        Extracted,
        Features,
        FeatureStream,
        FrontEndConfig,
        extract,
        open_features,
    )
    from genre.audio.mel import BLOCK_FRAMES, MelConfig, MelStream, log_mel, mel_filter_bank
    from genre.audio.picture import Peaks, Picture, draw
    from genre.audio.sound import SoundFacts
    from genre.audio.windows import (
        WindowConfig,
        pad_to_window,
        to_frames,
        window_frames,
        window_starts,
    )

__all__ = [
    "AUDIO_SUFFIXES",
    "BLOCK_FRAMES",
    "FINGERPRINT_VERSION",
    "FLAG_OPPOSED",
    "FLAG_PARTIAL",
    "FLAG_SILENT",
    "FLAG_TRUNCATED",
    "LANDMARK",
    "Container",
    "DecodeConfig",
    "Decoder",
    "Extracted",
    "FeatureStream",
    "Features",
    "FrontEndConfig",
    "Likeness",
    "MelConfig",
    "MelStream",
    "Peaks",
    "Picture",
    "SoundFacts",
    "Waveform",
    "WindowConfig",
    "draw",
    "extract",
    "find_landmarks",
    "likeness",
    "load_waveform",
    "log_mel",
    "mel_filter_bank",
    "open_audio",
    "open_features",
    "pad_to_window",
    "sniff",
    "to_frames",
    "window_frames",
    "window_starts",
]

__getattr__, __dir__ = offer(
    __name__,
    {
        "containers": (
            "AUDIO_SUFFIXES",
            "Container",
            "sniff",
        ),
        "decode": (
            "Waveform",
            "load_waveform",
            "open_audio",
        ),
        "decoder": (
            "FLAG_OPPOSED",
            "FLAG_PARTIAL",
            "FLAG_SILENT",
            "FLAG_TRUNCATED",
            "DecodeConfig",
            "Decoder",
        ),
        "fingerprint": (
            "FINGERPRINT_VERSION",
            "LANDMARK",
            "Likeness",
            "find_landmarks",
            "likeness",
        ),
        "frontend": (
            "Extracted",
            "Features",
            "FeatureStream",
            "FrontEndConfig",
            "extract",
            "open_features",
        ),
        "mel": (
            "BLOCK_FRAMES",
            "MelConfig",
            "MelStream",
            "log_mel",
            "mel_filter_bank",
        ),
        "picture": (
            "Peaks",
            "Picture",
            "draw",
        ),
        "sound": ("SoundFacts",),
        "windows": (
            "WindowConfig",
            "pad_to_window",
            "to_frames",
            "window_frames",
            "window_starts",
        ),
    },
)
