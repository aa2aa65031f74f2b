"""A service that the tests of this folder share, without sockets."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from genre.serving.uploads import UploadRequest
from genre.serving.views import Service
from tests.serving_examples import client_of, offered


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with offered(tmp_path_factory.mktemp("service")) as service:
        yield service


@pytest.fixture(scope="package")
def client(service: Service) -> FlaskClient:
    return client_of(service)


@pytest.fixture
def held_files(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Hold on to the files of uploads: one that nobody closes would else vanish by itself."""
    held: list[object] = []
    make = UploadRequest.new_file

    def holding(request: UploadRequest) -> object:
        held.append(make(request))
        return held[-1]

    monkeypatch.setattr(UploadRequest, "new_file", holding)
    return held
