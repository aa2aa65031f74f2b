"""Models that are not there, and those that cannot be loaded: genre.describe.hub."""

from pathlib import Path

import pytest

from genre.describe.card import Absent
from genre.describe.hub import Hub, check_installed
from tests.describe_models import save_reader


def test_what_is_not_installed_is_said_with_the_command() -> None:
    check_installed("json")
    with pytest.raises(Absent) as caught:
        check_installed("json", "no_such_package")
    assert caught.value.reason == "no_such_package must be installed"
    assert "pip install '.[train,describe]'" in caught.value.advice


@pytest.mark.slow
def test_a_model_that_is_not_here_is_not_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def may_fetch(name: str) -> bool:
        asked.append(name)
        return False

    hub = Hub(device="cpu", may_fetch=may_fetch)
    for _ in range(2):  # tried once, remembered
        with pytest.raises(Absent) as caught:
            hub.load("text-classification", "nobody/nothing-of-this-name")
        assert caught.value.reason.endswith("nobody/nothing-of-this-name is not on this machine")
        assert caught.value.advice == "hf download nobody/nothing-of-this-name"
    assert asked == ["nobody/nothing-of-this-name"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(Absent, match="cannot be loaded") as caught:
        hub.load("text-classification", str(tmp_path / "empty"))
    assert "save_pretrained" in caught.value.advice
    folder = save_reader(tmp_path / "bert")
    monkeypatch.chdir(tmp_path)
    ready = hub.load("text-classification", "bert")
    assert ready is hub.load("text-classification", "bert")
    assert ready.model.name == "bert"
    (folder / "model.safetensors").write_bytes(b"broken")
    with pytest.raises(Absent, match="cannot be loaded"):
        hub.load("text-classification", str(folder))
