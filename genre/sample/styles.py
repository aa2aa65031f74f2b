"""The seven genres by name."""

from genre.sample.acoustic_styles import ACOUSTIC_STYLES
from genre.sample.electric_styles import ELECTRIC_STYLES
from genre.sample.style import Style

_ORDER = ("classical", "pop", "rock", "jazz", "electronic", "hiphop", "folk")

STYLES: dict[str, Style] = {genre: (ACOUSTIC_STYLES | ELECTRIC_STYLES)[genre] for genre in _ORDER}
"""What makes each genre."""
