"""Music, store and answers on real servers: sftp:// of OpenSSH and s3:// of moto.

Slow: each command starts workers, which import what speaks to the server.
"""

import getpass
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from genre.addresses import Address
from genre.cli import main
from tests.bundles import varying_bundle, write_bundle
from tests.far import stored, write_music

pytestmark = pytest.mark.slow

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
TWO = ("--n-workers", "2")
N_TRACKS = 12


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port: int = server.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nobody listens at port {port}")


@pytest.fixture(autouse=True)
def _scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))


class CuttingProxy:
    """Passes a connection on, and cuts the first ones after so many bytes of the answer."""

    def __init__(self, port: int, *, n_cuts: int, n_bytes: int) -> None:
        self.n_cut, self._n_cuts, self._n_bytes, self._to = 0, n_cuts, n_bytes, port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._to))
            threading.Thread(target=self._pass, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, [0]), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, count: list[int] | None) -> None:
        try:
            while data := source.recv(16384):
                if count is not None:
                    count[0] += len(data)
                    if count[0] > self._n_bytes and self.n_cut < self._n_cuts:
                        self.n_cut += 1
                        break
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


@pytest.fixture
def sftp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Run an OpenSSH server of this user, with a key made for the test; its port."""
    if not Path(SSHD).is_file():
        pytest.skip("needs OpenSSH's server: apt-get install openssh-server")
    folder = tmp_path / "ssh"
    folder.mkdir(mode=0o700)
    for name in ("host", "user"):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(words, check=True)
    port = free_port()
    settings = {
        "ListenAddress": "127.0.0.1",
        "Port": port,
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "user.pub",
        "PasswordAuthentication": "no",
        "UsePAM": "no",
        "StrictModes": "no",
        "PidFile": "none",
        "MaxStartups": "100",
        "Subsystem": "sftp internal-sftp",
    }
    (folder / "config").write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # which a service would have made
    server = subprocess.Popen(
        [SSHD, "-D", "-e", "-f", str(folder / "config")], stderr=subprocess.DEVNULL
    )
    # Workers read the environment; this process has done so already.
    monkeypatch.setenv("FSSPEC_SFTP_KEY_FILENAME", str(folder / "user"))
    monkeypatch.setitem(fsspec.config.conf, "sftp", {"key_filename": str(folder / "user")})
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Run a server that speaks S3, with an empty bucket `music`; its port."""
    pytest.importorskip("moto")
    boto3 = pytest.importorskip("boto3")
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{port}")
    try:
        wait_for(port)
        boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}").create_bucket(Bucket="music")
        yield port
    finally:
        server.terminate()
        server.wait(10)


def check_all(
    top: Address, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, music: Path
) -> None:
    """Take music from a server and put features and answers there, as with a folder here."""
    listed = tmp_path / "m.csv"
    assert main(["scan", str(top / "music"), "--out", str(listed)]) == 0
    assert f": {N_TRACKS} files, {N_TRACKS} with genres, 0 with" in capsys.readouterr().out
    far = ["features", str(listed), "--cache", str(top / "cache"), *TWO]
    assert main(far) == 0
    assert capsys.readouterr().out == f"{N_TRACKS} files: {N_TRACKS} new, 0 cached, 0 bad\n"
    assert main(far) == 0
    assert capsys.readouterr().out == f"{N_TRACKS} files: 0 new, {N_TRACKS} cached, 0 bad\n"
    main(["features", str(music), "--cache", str(tmp_path / "cache"), *TWO])
    write_bundle(varying_bundle(), tmp_path / "best")
    for part in (1, 0):
        words = ["tag", str(tmp_path / "best"), str(listed), "--shard", f"{part}/2", *TWO]
        assert main([*words, "--out", str(top / "tags")]) == 0
    capsys.readouterr()
    assert main(["tag", "--merge", str(top / "tags")]) == 0
    tags = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    main(["tag", str(tmp_path / "best"), str(music), "--json", *TWO])
    for one, other in zip(tags, json.loads(capsys.readouterr().out), strict=True):
        name = Path(other.pop("path")).relative_to(music).as_posix()
        assert one.pop("path") == str(top / "music" / name)
        assert one == other
    assert not [*tmp_path.glob("tmp/genre-*/brought-*/*.wav")]


def test_sftp(sftp: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    music = write_music(tmp_path / "far" / "music", N_TRACKS)
    top = Address(f"sftp://{getpass.getuser()}@127.0.0.1:{sftp}{tmp_path}/far")
    check_all(top, tmp_path, capsys, music=music)
    assert stored(tmp_path / "far" / "cache") == stored(tmp_path / "cache")
    assert len(stored(tmp_path / "cache")) == 2 * N_TRACKS


def test_s3(
    s3: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    music, top = write_music(tmp_path / "music", N_TRACKS), Address("s3://music/far")
    server = fsspec.filesystem("s3", skip_instance_cache=True)
    server.put(f"{music}/", "music/far/music/", recursive=True)
    # through what cuts two connections in mid-file
    proxy = CuttingProxy(s3, n_cuts=2, n_bytes=30_000)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{proxy.port}")
    type(server).clear_instance_cache()
    check_all(top, tmp_path, capsys, music=music)
    assert proxy.n_cut == 2
    proxy.close()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{s3}")
    server = fsspec.filesystem("s3", skip_instance_cache=True)
    server.get("music/far/cache/", f"{tmp_path}/copy/", recursive=True)
    assert stored(tmp_path / "copy") == stored(tmp_path / "cache")
    assert len(stored(tmp_path / "copy")) == 2 * N_TRACKS


def test_an_sftp_connection_cut_in_mid_file_costs_a_retry(
    sftp: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_music(tmp_path / "far" / "music", 3, seconds=4)
    proxy = CuttingProxy(sftp, n_cuts=2, n_bytes=100_000)
    top = Address(f"sftp://{getpass.getuser()}@127.0.0.1:{proxy.port}{tmp_path}/far")
    assert main(["scan", str(top / "music"), "--out", str(tmp_path / "m.csv")]) == 0
    words = ["features", str(tmp_path / "m.csv"), "--cache", str(tmp_path / "cache"), *TWO]
    assert main(words) == 0
    assert proxy.n_cut == 2
    assert "3 files: 3 new, 0 cached, 0 bad" in capsys.readouterr().out
    proxy.close()
