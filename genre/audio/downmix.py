"""From several channels to one: their mean, except where the mean would cancel them.

A recording whose channels are opposed (left = -right, by a cable soldered the wrong way round or by
an effect) sums to silence, though everybody hears it. Rule: the sound is looked at in segments of
about 0.4 s. Where the mean of the channels keeps less than `CANCELLED` of the power that it would
have if they had nothing to do with each other, some are turned over before they are averaged, so
that each adds to the others; this holds until the plain mean keeps `RESTORED` of it. From one way
to the other the weights move over `FADE_SECONDS`, so that nothing clicks; a segment that is quiet,
or that the sound's end cuts short, stays with the way before it.

Why these numbers: independent channels have 1 and equal ones as much as there are channels; in
25 real tracks the lowest segment has 0.14. With right = -a left the share is
(1 - a)^2 / (1 + a^2): 0.03 is a = 0.78, a loss of 15 dB. Everything above is the plain mean, bit
for bit.
"""

import math

import numpy as np
from numpy.typing import NDArray

CANCELLED = 0.03
RESTORED = 0.1
STILL_ADDS_UP = 0.5
SEGMENT_SECONDS = 0.4
FADE_SECONDS = 0.04
# A power of -80 dB, about that of rounding to 16 bits, says nothing about channels.
_QUIET = 1e-8

Block = NDArray[np.float32]


class Downmix:
    """Average channels that arrive in pieces; how they are cut does not change the result.

    Parameters
    ----------
    n_channels : int
        Of the sound.
    sample_rate : int, in Hz
        Of the sound.
    """

    def __init__(self, n_channels: int, sample_rate: int) -> None:
        self.n_turned_frames = 0
        self._plain = np.full(n_channels, 1.0 / n_channels, dtype=np.float32)
        self._weights: Block | None = None
        # A power of two: blocks of the usual size are cut without a rest that must be kept.
        self._segment = 2 ** round(math.log2(SEGMENT_SECONDS * sample_rate))
        self._fade = round(FADE_SECONDS * sample_rate)
        self._rest = np.empty((0, n_channels), dtype=np.float32)

    def push(self, block: Block) -> Block:
        """Add the next frames.

        Parameters
        ----------
        block : ndarray of shape (n_frames, n_channels)
            Finite; not kept.

        Returns
        -------
        ndarray of shape (n_ready,), float32
            The mean of the frames whose segment is complete; none may be.
        """
        if len(self._plain) == 1:
            return block[:, 0].copy()
        if len(self._rest):
            block = np.concatenate([self._rest, block])
        n_whole = len(block) - len(block) % self._segment
        self._rest = block[n_whole:].copy()
        block = block[:n_whole]
        mono = _sum(block, self._plain)
        for start in range(0, n_whole, self._segment):
            part = slice(start, start + self._segment)
            self._mix(block[part], mono[part], self._choose(block[part], mono[part]))
        return mono

    def finish(self) -> Block:
        """End the sound; returns what is left of it, as `push` does."""
        block, self._rest = self._rest, self._rest[:0]
        mono = _sum(block, self._plain)
        if len(mono):
            before = self._weights
            self._mix(block, mono, self._choose(block, mono) if before is None else before)
        return mono

    def _mix(self, block: Block, mono: Block, weights: Block) -> None:
        """Put the weighted sum into the place of the plain mean, where it is another."""
        before = weights if self._weights is None else self._weights
        self._weights = weights
        if weights is not self._plain:
            mono[:] = _sum(block, weights)
            self.n_turned_frames += len(block)
        if weights is not before:
            n_fade = min(self._fade, len(block))
            share = np.linspace(0, 1, n_fade, dtype=np.float32)
            mono[:n_fade] *= share
            mono[:n_fade] += (1 - share) * _sum(block[:n_fade], before)

    def _choose(self, block: Block, mono: Block) -> Block:
        before = self._plain if self._weights is None else self._weights
        power = float(np.vdot(block, block))
        if power <= _QUIET * block.size:
            return before
        # An offset is no sound, yet its mean does not cancel; counted as power it hides nothing.
        left = float(np.vdot(mono, mono)) - len(mono) * float(mono.mean()) ** 2
        share = len(self._plain) ** 2 * left / power
        if share >= (CANCELLED if before is self._plain else RESTORED):
            return self._plain
        return self._turned(block, before)

    def _turned(self, block: Block, before: Block) -> Block:
        """Find the signs with which the channels add up, loud ones first."""
        moving = block - block.mean(axis=0, dtype=np.float64)
        covariance = moving.T @ moving
        power = float(np.trace(covariance))
        if power <= _QUIET * block.size or covariance.sum() >= RESTORED * power:
            return self._plain
        if covariance.sum() >= CANCELLED * power:
            return before
        # Where channels have little to do with each other, chance would turn them over and over.
        held = before / self._plain
        if held @ covariance @ held >= STILL_ADDS_UP * power:
            return before
        signs = np.zeros(len(covariance), dtype=np.float32)
        for channel in np.argsort(-np.diag(covariance), kind="stable"):
            signs[channel] = -1 if covariance[channel] @ signs < 0 else 1
        # Of a pattern and its negative, the one that jumps less from what was heard before.
        if (signs @ before or signs[0]) < 0:
            signs = -signs
        weights = signs * self._plain
        return before if np.array_equal(weights, before) else weights


def _sum(block: Block, weights: Block) -> Block:
    """Weigh channels and add them up, one after the other.

    The product with a matrix library rounds otherwise for other numbers of rows, on some processors
    only: a file would depend on how it is cut, and on the machine.
    """
    mono: Block = block[:, 0] * weights[0]
    for samples, weight in zip(block.T[1:], weights[1:], strict=True):
        mono += samples * weight
    return mono
