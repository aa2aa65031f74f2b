"""Ctrl-C waits for the end of a block, and only there."""

import os
import signal
import threading

import pytest

from genre.training.interruption import finish_before_interrupt

pytestmark = pytest.mark.usefixtures("audible_interrupts")


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_the_block_ends_before_the_interrupt_comes() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - what happens within is what is tested
        with finish_before_interrupt():
            press()
            done.append("rest of the block")
        done.append("after")
    assert done == ["rest of the block"]


def test_afterwards_ctrl_c_works_as_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with finish_before_interrupt():
        pass
    assert signal.getsignal(signal.SIGINT) is before


def test_an_error_of_the_block_is_what_is_raised() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(OSError, match="disk"), finish_before_interrupt():
        raise OSError("disk")
    assert signal.getsignal(signal.SIGINT) is before


def test_in_a_thread_of_its_own_it_does_nothing() -> None:
    done = []

    def work() -> None:
        with finish_before_interrupt():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def test_being_asked_to_end_waits_too_and_is_not_lost_to_a_ctrl_c() -> None:
    heard: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: heard.append(number))
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        with finish_before_interrupt():
            press()
            os.kill(os.getpid(), signal.SIGTERM)
            press()
            assert heard == []
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert heard == [signal.SIGTERM, signal.SIGINT]
