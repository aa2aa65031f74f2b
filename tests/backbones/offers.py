"""Networks of the catalogue, made small for the tests."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.backbones.catalogue import OFFERS, Offer
from genre.inference import Pretrained
from tests.checkpoints import small_aisfx, small_musicnn, tf_checkpoint, torch_checkpoint

N_FRAMES = 21
LICENCE = b"Do what you like,\r\nbut \xc3\xbcn\xff."
Get = Callable[[Pretrained, Sequence[str]], list[bytes]]


def small_offer(name: str) -> Offer:
    """Make an offer whose network hears ten bands, 21 frames at a time."""
    offer = OFFERS[name]
    mel = replace(offer.front_end.mel, n_mels=10)
    seconds = N_FRAMES / mel.frames_per_second
    return replace(
        offer,
        front_end=FrontEndConfig(decode=offer.front_end.decode, mel=mel),
        windows=WindowConfig(window_seconds=seconds, step_seconds=seconds, min_tail_seconds=0.1),
        classes=("a", "B b", "c") if name == "musicnn" else (),
    )


def get_small(name: str) -> Get:
    """Make what gets its files, without any index."""

    def get(origin: Pretrained, members: Sequence[str]) -> list[bytes]:
        assert origin == OFFERS[name].origin
        assert tuple(members) == (*OFFERS[name].members, OFFERS[name].licence_file)
        if name == "musicnn":
            return [*tf_checkpoint(small_musicnn()), LICENCE]
        return [torch_checkpoint([small_aisfx(), {}]), LICENCE]

    return get
