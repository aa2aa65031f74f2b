"""A program that decodes in a process of its own and dies with whoever started it."""

import errno
import os
import re
import shutil
import subprocess
import sys
import threading

from genre.audio.sound import Buffer

# What a decoder says of a piece that it had to leave out; other complaints are of no account.
_LOST = re.compile(r"rror (while decoding|submitting|processing packet)")
_KEPT_COMPLAINTS = 2**13
# For whoever decodes outside a worker, which has tighter limits: a file of four hours takes less.
_MAX_CPU_SECONDS = 1200
_MAX_MEMORY_BYTES = 2**31


class ChildSound:
    """Raw float32 frames from the output of a program.

    Parameters
    ----------
    command : list of str
        The program and what it is told; started at the first read.
    samplerate : int, in Hz
        Of what it writes.
    channels : int
        Of what it writes.
    """

    def __init__(self, command: list[str], *, samplerate: int, channels: int) -> None:
        self.samplerate = samplerate
        self.channels = channels
        self._command = command
        self._program: _Program | None = None

    def read_block(self, buffer: Buffer) -> tuple[int, str | None]:
        """Read the next frames; see `genre.audio.sound.Sound`."""
        if self._program is None:
            try:
                self._program = _Program(self._command)
            except OSError as error:
                return 0, f"ffmpeg cannot be started: {error.strerror}"
        n_bytes = self._program.read_into(memoryview(buffer.data).cast("B"))
        trouble = self._program.trouble() if n_bytes < buffer.nbytes else None
        return n_bytes // (4 * self.channels), trouble

    def close(self) -> None:
        """End the program, wherever it is."""
        if self._program is not None:
            self._program.end()


class _Program:
    """A running program, its output and its complaints."""

    def __init__(self, command: list[str]) -> None:
        out, out_end = os.pipe()
        complaints, complaints_end = os.pipe()
        self._out = open(out, "rb", buffering=0)  # noqa: PTH123, SIM115 - a pipe, closed in `end`
        try:
            self._process = guarded(command, stdout=out_end, stderr=complaints_end)
        except BaseException:
            os.close(complaints)
            self._out.close()
            raise
        finally:
            os.close(out_end)
            os.close(complaints_end)
        self._complaints = bytearray()
        # A full pipe of complaints would stop the program, and with it the flow of frames.
        self._listener = threading.Thread(target=self._listen, args=[complaints], daemon=True)
        try:
            self._listener.start()
        except RuntimeError as error:  # there is no memory for its stack
            self._process.kill()
            self._process.wait()
            self._out.close()
            os.close(complaints)
            raise MemoryError(str(error)) from error

    def read_into(self, view: memoryview) -> int:
        """Fill a buffer and say with how many bytes; fewer than it has only at the end."""
        n_bytes = 0
        while n_more := self._out.readinto(view[n_bytes:]):
            n_bytes += n_more
        return n_bytes

    def trouble(self) -> str | None:
        """Wait for the end and say what was wrong, if anything."""
        status = self._process.wait()
        self._listener.join()
        lines = bytes(self._complaints).decode("utf-8", "replace").strip().splitlines()
        lost = [line for line in lines if _LOST.search(line)]
        if status == 0 and not lost:
            return None
        what = (lost or lines or ["no reason given"])[0]
        return f"ffmpeg: {what.rpartition('] ')[2][:200]}, exit code {status}"

    def end(self) -> None:
        """Kill the program where it still runs, and give everything back."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        self._out.close()

    def _listen(self, pipe: int) -> None:
        with open(pipe, "rb", buffering=0) as file:
            while piece := file.read(4096):
                self._complaints += piece[: max(0, _KEPT_COMPLAINTS - len(self._complaints))]


def guarded(command: list[str], *, stdout: int, stderr: int) -> "subprocess.Popen[bytes]":
    """Start a program that reads nothing, writes no file and ends when this process does.

    It takes over this process's limits on memory and processor time, or gets some where there are
    none. That it ends with us is the kernel's doing on Linux (``setpriv --pdeathsig``, of
    util-linux; setting it between fork and exec would not be safe beside other threads);
    elsewhere it ends when it next writes to the closed pipe.

    Parameters
    ----------
    command : list of str
        The program and what it is told.
    stdout, stderr : int
        As for `subprocess.Popen`.

    Raises
    ------
    OSError
        Where the program cannot be started.
    MemoryError
        Where this process has no memory left to start it from.
    """
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    prefix = [] if setpriv is None else [setpriv, "--pdeathsig", "KILL", "--"]
    environment = {name: value for name, value in os.environ.items() if name != "FFREPORT"}
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; a file's name is only a name in it
            [*prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            env=environment,
        )
    except OSError as error:
        if error.errno in (errno.ENOMEM, errno.EAGAIN):
            raise MemoryError(str(error)) from error
        raise
    if sys.platform == "linux":
        _limit(process.pid)
    return process


def _limit(process_id: int) -> None:
    import resource

    limits = {
        resource.RLIMIT_AS: _MAX_MEMORY_BYTES,
        resource.RLIMIT_CPU: _MAX_CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, wanted in limits.items():
        try:
            soft, hard = resource.prlimit(process_id, kind)
            held = wanted if soft == resource.RLIM_INFINITY else min(wanted, soft)
            resource.prlimit(process_id, kind, (held, hard))
        except ProcessLookupError:  # it has ended already
            return
