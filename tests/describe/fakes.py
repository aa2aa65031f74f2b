"""What stands for a model in fast tests: answers that are known beforehand."""

from collections.abc import Callable
from typing import Any

from genre.describe.card import Model
from genre.describe.hub import Hub, Ready

MODEL = Model(name="fake", version="0", device="cpu")


class FakeHub(Hub):
    """Loads what it was given, and keeps what was asked for."""

    def __init__(self, run: Callable[..., Any]) -> None:
        super().__init__(device="cpu", may_fetch=lambda _: False)
        self._run = run
        self.asked: list[tuple[str, str]] = []

    def load(self, task: str, name: str) -> Ready:
        self.asked.append((task, name))
        return Ready(self._run, MODEL)
