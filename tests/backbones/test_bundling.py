"""genre.backbones.bundling: networks of others become bundles of our own form."""

from genre.audio.frontend import FrontEndConfig
from genre.audio.windows import WindowConfig
from genre.backbones.bundling import bundle_of
from genre.backbones.graph import count_weights
from genre.inference.pretrained import Pretrained
from genre.inference.windowing import Standardisation
from tests.bundles import small_bundle

ORIGIN = Pretrained(name="ears", source="ears-of-somebody", licence="CC BY 4.0")


def test_classes_are_spelled_as_they_are_and_bands_are_left_alone() -> None:
    network = small_bundle().network_onnx or b""
    classes = ("Hip-Hop", "60s", "rnb")
    bundle = bundle_of(
        network, ORIGIN, classes=classes, front_end=FrontEndConfig(), windows=WindowConfig()
    )
    assert bundle.names == {name: name for name in classes}
    assert bundle.standardisation == Standardisation(mean=(0.0,) * 96, deviation=(1.0,) * 96)
    assert bundle.thresholds == (0.5, 0.5, 0.5)
    assert (bundle.model_name, bundle.backbones) == ("ears", (ORIGIN,))
    assert bundle.n_parameters == count_weights(network)
    bundle.network().wait()


def test_bands_can_have_numbers_of_their_own() -> None:
    own = Standardisation(mean=(-4.0,) * 96, deviation=(2.0,) * 96)
    bundle = bundle_of(
        small_bundle().network_onnx or b"",
        ORIGIN,
        classes=(),
        front_end=FrontEndConfig(),
        windows=WindowConfig(),
        standardisation=own,
    )
    assert bundle.standardisation is own
    assert bundle.genres == ()
