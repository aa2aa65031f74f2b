"""What a worker can be made to do; imports little, as workers hold little."""

import os
import signal
import time

from genre.tagging.reading import ReadJob, ReadTrack, read_track


def crash(_: ReadJob) -> ReadTrack:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError


def hang(_: ReadJob) -> ReadTrack:
    time.sleep(60)
    raise AssertionError


def grow(_: ReadJob) -> ReadTrack:
    bytearray(10**11)
    raise AssertionError


def stumble(_: ReadJob) -> ReadTrack:
    raise ZeroDivisionError("a secret of the inside")


def doze(job: ReadJob) -> ReadTrack:
    time.sleep(1.5)
    return read_track(job)
