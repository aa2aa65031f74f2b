"""Audio models of Hugging Face `transformers`, from a local folder; nothing is fetched."""

from genre.backbones.hf.adding import add_model
from genre.backbones.hf.folder import ModelFolder, read_folder

__all__ = ["ModelFolder", "add_model", "read_folder"]
