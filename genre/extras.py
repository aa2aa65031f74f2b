"""What is installed with an extra only, and the one line that says so where it is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from genre.errors import MissingPackageError

__all__ = ["EXTRAS", "explained", "need"]

# The importable names of what each extra of pyproject.toml brings; a test compares the two.
# Of a package of several extras, the last is named.
EXTRAS: dict[str, tuple[str, ...]] = {
    "describe": ("cv2", "py3langid", "timm", "torch", "torchvision", "transformers"),
    "hf": ("transformers", "onnx", "safetensors", "torch", "torchaudio"),
    "mlflow": ("mlflow",),
    "ray": ("ray",),
    "remote": ("fsspec", "pyarrow"),
    "serve": ("apiflask", "flask", "jinja2", "prometheus_client", "pydantic", "waitress"),
    "similar": ("faiss",),
    "tensorboard": ("tensorboard",),
    "train": (
        *("jinja2", "librosa", "matplotlib", "mistune", "onnx", "pandas", "safetensors"),
        *("sklearn", "statsmodels", "torch", "torchaudio"),
    ),
    "wandb": ("wandb",),
}
_EXTRA_OF = {module: extra for extra, modules in EXTRAS.items() for module in modules}


@contextmanager
def explained() -> Iterator[None]:
    """Turn the lack of what an extra brings into an error that says how to install it.

    Raises
    ------
    MissingPackageError
        In place of the `ModuleNotFoundError` of such a package. Any other stays as it is: a module
        of ours, of a plug-in, or of a package that is there but lacks a part.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        extra = _EXTRA_OF.get(error.name or "")
        if extra is None:
            raise
        raise MissingPackageError(
            f"{error.name} must be installed: run `pip install '.[{extra}]'` in a clone of genre"
        ) from error


def need(package: str) -> None:
    """Make sure that a package of an extra is there, before any work is done for it.

    Parameters
    ----------
    package : str
        The name it is imported by.

    Raises
    ------
    MissingPackageError
        Where it is not, with the command that installs it.
    """
    with explained():
        import_module(package)
