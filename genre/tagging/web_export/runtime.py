"""What runs the model in a browser: two files of a package of the npm registry, known by hash.

They are 14 MB and not ours, so they are not kept in git: `make web-assets` fetches them.
"""

import base64
import hashlib
import tarfile
from io import BytesIO
from pathlib import Path
from typing import IO, cast

from genre.atomic import replace_folder
from genre.errors import ConfigError
from genre.wording import shown

PACKAGE = "onnxruntime-web@1.30.0"
INTEGRITY = (
    "sha512-q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZ"
    "ClzcV7svNc4rKY3jL02Vb7QmRMDs1SigqR4CXAfKYQ=="
)
DEFAULT_FOLDER = Path("build/web-assets")
# By their names in a page, where every web server knows their endings: the path in the package, and
# the SHA-256. It is the build for processors alone, in one thread.
FILES = {
    "onnxruntime.js": (
        "package/dist/ort.wasm.bundle.min.mjs",
        "11e64bd8ffe11bd1a2a2f0d6275fdfbbba7262f0b76b99b53d228a8a22ef3d90",
    ),
    "onnxruntime.wasm": (
        "package/dist/ort-wasm-simd-threaded.wasm",
        "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2",
    ),
}
LICENCE = Path(__file__).parent / "onnxruntime-web.LICENSE.txt"


def unpack(archive: bytes, folder: Path) -> None:
    """Take the files out of the package.

    Parameters
    ----------
    archive : bytes
        The package as the registry has it.
    folder : Path
        Is made anew.

    Raises
    ------
    ConfigError
        Where it is another package.
    """
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if f"sha512-{digest}" != INTEGRITY:
        raise ConfigError(f"{PACKAGE} must have the integrity {INTEGRITY}, not sha512-{digest}")

    def _fill(folder: Path) -> None:
        with tarfile.open(fileobj=BytesIO(archive)) as package:
            for name, (place, _) in FILES.items():
                file = cast("IO[bytes]", package.extractfile(place))  # its hash says what it holds
                (folder / name).write_bytes(file.read())

    replace_folder(folder, _fill)


def read_runtime(folder: Path) -> dict[str, bytes]:
    """Read the files, and make sure that they are the right ones.

    Parameters
    ----------
    folder : Path
        Where `make web-assets` has put them.

    Returns
    -------
    dict of str to bytes
        By their names in a page.

    Raises
    ------
    ConfigError
        Where one is not there, or is another.
    """
    found = {}
    for name, (_, expected) in FILES.items():
        try:
            found[name] = (folder / name).read_bytes()
        except OSError as error:
            raise ConfigError(
                f"{shown(folder / name)} must be there, what runs a model in a browser: run `make "
                "web-assets` (it needs npm), or name the folder with --web-assets FOLDER"
            ) from error
        if hashlib.sha256(found[name]).hexdigest() != expected:
            raise ConfigError(
                f"{shown(folder / name)} must be that of {PACKAGE}: run `make web-assets` anew"
            )
    return found
