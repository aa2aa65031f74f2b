"""The version, where both the package and its rooms can read it."""

__version__ = "0.1.0"
