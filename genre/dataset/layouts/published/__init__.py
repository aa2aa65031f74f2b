"""Published collections as their publishers unpack them: a layout each.

Their lists and tables are read as they are, their official division is used, and nothing is
downloaded. A module holds one collection; `gathering` what they share.
"""

from genre.dataset.layouts.entries import Layout
from genre.dataset.layouts.published.esc50 import ESC50
from genre.dataset.layouts.published.fma import FMA
from genre.dataset.layouts.published.gtzan import GTZAN
from genre.dataset.layouts.published.magnatagatune import MAGNATAGATUNE
from genre.dataset.layouts.published.mtg_jamendo import MTG_JAMENDO
from genre.dataset.layouts.published.speech_commands import SPEECH_COMMANDS

__all__ = ["PUBLISHED"]

# In the order in which `auto` asks them.
PUBLISHED: tuple[Layout, ...] = (GTZAN, FMA, MTG_JAMENDO, MAGNATAGATUNE, SPEECH_COMMANDS, ESC50)
