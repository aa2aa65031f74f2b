/**
 * From one rate to another: a sinc in a Kaiser window, a filter for every phase.
 *
 * As soxr's high quality, which `genre tag` uses, it is flat up to 0.913 of the band that both rates
 * have and lets nothing through beyond it; what browsers do themselves begins to fall much earlier.
 */

const PASSED = 0.913;
// What is mirrored into the band hides behind what is there, except where the band was empty: there
// the spectrogram shows all that is less than 120 dB below the loudest.
const [REJECTION_DB, REJECTION_WHERE_EMPTY_DB] = [80, 130];
const BLOCK = 16384; // samples that a processor has at hand

export function resample(samples, from, to) {
  if (from === to) return samples;
  const common = divisor(from, to);
  const [up, down] = [to / common, from / common]; // in a round, `down` samples become `up`
  const { filters, half } = design(up, down);
  const resampled = new Float32Array(Math.round((samples.length * up) / down));
  const nRounds = Math.max(1, Math.floor(BLOCK / down));
  const piece = new Float64Array(nRounds * down + 2 * half);
  const sums = new Float64Array(nRounds);
  for (let round = 0; round * up < resampled.length; round += nRounds) {
    cut(samples, round * down - half + 1, piece);
    for (let place = 0; place < up; place += 1) {
      weigh(piece.subarray(Math.floor((place * down) / up)), down, filters[(place * down) % up], sums);
      // what lies beyond the end is dropped by the array
      for (let i = 0; i < nRounds; i += 1) resampled[(round + i) * up + place] = sums[i];
    }
  }
  return resampled;
}

/** Copy a piece that begins at `first`, with silence around the sound. */
function cut(samples, first, piece) {
  const start = Math.max(0, first);
  piece.fill(0);
  piece.set(samples.subarray(start, first + piece.length), start - first);
}

/** Weighted sums of the piece at every `step`; tap by tap, as sums that wait for each other are slow. */
function weigh(piece, step, taps, sums) {
  sums.fill(0);
  for (let k = 0; k < taps.length; k += 4) {
    const [a, b, c, d] = [taps[k], taps[k + 1], taps[k + 2], taps[k + 3]];
    for (let i = 0, at = k; i < sums.length; i += 1, at += step) {
      sums[i] += a * piece[at] + b * piece[at + 1] + c * piece[at + 2] + d * piece[at + 3];
    }
  }
}

/** A filter of `2 * half` taps for every place between two samples, by place in steps of `1 / up`. */
function design(up, down) {
  const rejection = up > down ? REJECTION_WHERE_EMPTY_DB : REJECTION_DB;
  const band = Math.min(1, up / down); // of what the samples hold
  const width = (Math.PI * (1 - PASSED) * band * 2.285) / (rejection - 8); // Kaiser's rule
  const half = 2 * Math.ceil(1 / width / 4);
  const beta = 0.1102 * (rejection - 8.7);
  const cutoff = (band * (1 + PASSED)) / 2;
  const filters = Array.from({ length: up }, (_, place) => {
    const taps = new Float64Array(2 * half);
    for (let k = 0; k < taps.length; k += 1) {
      const x = k - half + 1 - place / up;
      taps[k] = cutoff * sinc(cutoff * x) * (bessel(beta * Math.sqrt(Math.max(0, 1 - (x / half) ** 2))) / bessel(beta));
    }
    return taps;
  });
  return { filters, half };
}

function sinc(x) {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The modified Bessel function of order 0, by its series. */
function bessel(x) {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-12 * sum; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function divisor(a, b) {
  return b === 0 ? a : divisor(b, a % b);
}
