"""The log-mel spectrogram as matrix products, which every ONNX runtime has.

A Fourier transform of length N = P · Q is, after J. W. Cooley and J. W. Tukey (Mathematics of
Computation 19, 1965), P-point transforms over every Q-th sample, a turn of each result, and Q-point
transforms: with n = Q·p + q and k = j + P·m,

    X[k] = Σ_q (Σ_p x[n] e^(−2πi·pj/P)) e^(−2πi·qj/N) e^(−2πi·qm/Q).

For 2,048 samples the matrices are 32 and 64 wide, a tenth of the work of one matrix of all waves.
Complex numbers are their real and imaginary parts side by side.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genre.audio.mel import MelConfig, mel_filter_bank

# From `samples` to `block_mel`, in ONNX's own text; numbers stand in braces.
_TEXT = """
row_shape = Constant <value_ints = [-1, {hop}]> ()
hops = Reshape (samples, row_shape)
{row_slices}
overlapping = Concat <axis = 1> ({row_names})
n_fft = Constant <value_ints = [{n_fft}]> ()
framed = Slice (overlapping, zero, n_fft, one)
windowed = Mul (framed, fourier_window)
matrix_shape = Constant <value_ints = [{n_frames}, {first}, {second}]> ()
matrices = Reshape (windowed, matrix_shape)
first_waves = MatMul (first_matrix, matrices)
real, imaginary = Split <axis = 1, num_outputs = 2> (first_waves)
real_cos = Mul (real, turn_cos)
real_sin = Mul (real, turn_sin)
imaginary_cos = Mul (imaginary, turn_cos)
imaginary_sin = Mul (imaginary, turn_sin)
turned_real = Add (real_cos, imaginary_sin)
turned_imaginary = Sub (imaginary_cos, real_sin)
turned = Concat <axis = 2> (turned_real, turned_imaginary)
waves = MatMul (turned, second_matrix)
squared = Mul (waves, waves)
real_power, imaginary_power = Split <axis = 2, num_outputs = 2> (squared)
powers = Add (real_power, imaginary_power)
power_shape = Constant <value_ints = [{n_frames}, {n_powers}]> ()
power = Reshape (powers, power_shape)
bands = MatMul (power, bank)
{heard}
logarithm = Log (heard)
per_neper = Constant <value_float = {per_neper}> ()
decibels = Mul (logarithm, per_neper)
rounded = Cast <to = 10> (decibels)
block_mel = Cast <to = 1> (rounded)
"""
# From `bands` to what the logarithm is taken of.
_HEARD = {
    "decibels": """
power_floor = Constant <value_float = {power_floor}> ()
heard = Max (bands, power_floor)
""",
    "log10": """
log_gain = Constant <value_float = {log_gain}> ()
unit = Constant <value_float = 1.0> ()
gained = Mul (bands, log_gain)
heard = Add (gained, unit)
""",
}
_ROW = "row_{0} = Slice (hops, row_{0}_start, row_{0}_end)"
_EDGE = "row_{0}_{1} = Constant <value_ints = [{2}]> ()"


@dataclass(frozen=True)
class BlockMel:
    """The analysis of a block of frames as `genre.audio.frontend` does it, rounding included.

    Parameters
    ----------
    config : MelConfig
        Of the bundle's front end.
    n_frames : int
        How many frames a block has.
    """

    config: MelConfig
    n_frames: int

    @property
    def n_samples(self) -> int:
        """How many samples a block is made of; a little more than its frames cover."""
        return (self.n_frames + self._n_rows - 1) * self.config.hop_length

    @property
    def text(self) -> str:
        """The nodes from `samples`, from the first sample of the first frame on, to `block_mel`.

        They use `zero` and `one` of the graph around them, and `constants`.
        """
        first, second = self._factors
        numbers = range(self._n_rows)
        slices = [
            line
            for row in numbers
            for line in (
                _EDGE.format(row, "start", row),
                _EDGE.format(row, "end", row + self.n_frames),
                _ROW.format(row),
            )
        ]
        return _TEXT.format(
            hop=self.config.hop_length,
            row_slices="\n".join(slices),
            row_names=", ".join(f"row_{row}" for row in numbers),
            n_fft=self.config.n_fft,
            n_frames=self.n_frames,
            first=first,
            second=second,
            n_powers=first * _n_kept(second),
            heard=_HEARD[self.config.compression].format(
                power_floor=f"{self.config.power_floor:.17e}",
                log_gain=f"{self.config.log_gain:.17e}",
            ),
            per_neper=f"{self._per_ten / math.log(10):.17f}",
        )

    @property
    def constants(self) -> dict[str, NDArray[np.float32]]:
        """The arrays that `text` names."""
        n_fft, (first, second) = self.config.n_fft, self._factors
        n_kept = _n_kept(second)
        first_cos, first_sin = _waves(np.outer(np.arange(first), np.arange(first)) / first)
        turn_cos, turn_sin = _waves(np.outer(np.arange(first), np.arange(second)) / n_fft)
        cos, sin = _waves(np.outer(np.arange(second), np.arange(n_kept)) / second)
        arrays = {
            "fourier_window": 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft),
            "first_matrix": np.concatenate([first_cos, -first_sin]),
            "turn_cos": turn_cos,
            "turn_sin": turn_sin,
            "second_matrix": np.block([[cos, -sin], [sin, cos]]),
            "bank": _bank_in_order(self.config, first, n_kept),
        }
        return {name: values.astype(np.float32) for name, values in arrays.items()}

    @property
    def _per_ten(self) -> float:
        """What a factor of ten adds."""
        is_decibels = self.config.compression == "decibels"
        return 10.0 if is_decibels else 1.0 / self.config.log_divisor

    @property
    def _n_rows(self) -> int:
        return math.ceil(self.config.n_fft / self.config.hop_length)

    @property
    def _factors(self) -> tuple[int, int]:
        n_fft = self.config.n_fft
        first = max(p for p in range(1, math.isqrt(n_fft) + 1) if n_fft % p == 0)
        return first, n_fft // first


def _n_kept(second: int) -> int:
    """Count what is kept of a transform: the other half of a real sound's is the same."""
    return second // 2 + 1


def _waves(turns: NDArray[np.floating]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    # Whole turns are taken off before the cosine, which then loses no digit.
    angle = 2 * np.pi * (turns % 1.0)
    return np.cos(angle), np.sin(angle)


def _bank_in_order(config: MelConfig, first: int, n_kept: int) -> NDArray[np.float32]:
    """Arrange the filter bank for bins in the order in which the transform leaves them."""
    bank = mel_filter_bank(config)
    bins = (np.arange(first)[:, None] + first * np.arange(n_kept)).ravel()
    ordered = np.zeros((len(bins), config.n_mels), dtype=np.float32)
    is_half = bins < len(bank)
    ordered[is_half] = bank[bins[is_half]]
    return ordered
