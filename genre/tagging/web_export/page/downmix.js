/**
 * From several channels to one, by the rule of `genre/audio/downmix.py`, which says why: their mean,
 * except where the mean would cancel them; there some are turned over before they are averaged.
 */

const CANCELLED = 0.03;
const RESTORED = 0.1;
const STILL_ADDS_UP = 0.5;
const SEGMENT_SECONDS = 0.4;
const FADE_SECONDS = 0.04;
const QUIET = 1e-8;

/** Channels of equal length to `mono` (the first channel itself where there is one), and how many frames were turned. */
export function downmix(channels, sampleRate) {
  if (channels.length === 1) return { mono: channels[0], nTurned: 0 };
  const plain = channels.map(() => Math.fround(1 / channels.length));
  const nFrames = channels[0].length;
  const segment = 2 ** Math.round(Math.log2(SEGMENT_SECONDS * sampleRate));
  const fade = Math.round(FADE_SECONDS * sampleRate);
  const mono = new Float32Array(nFrames);
  let before = null;
  let nTurned = 0;
  for (let start = 0; start < nFrames; start += segment) {
    const block = channels.map((channel) => channel.subarray(start, start + segment));
    const mixed = mono.subarray(start, start + segment);
    add(block, plain, mixed);
    // what the sound's end cuts short stays with the way before it
    const isWhole = mixed.length === segment;
    const weights = isWhole || before === null ? choose(block, mixed, before ?? plain, plain) : before;
    if (weights !== plain) {
      add(block, weights, mixed);
      nTurned += mixed.length;
    }
    if (before !== null && weights !== before) crossFade(block, mixed, before, Math.min(fade, mixed.length));
    before = weights;
  }
  return { mono, nTurned };
}

function add(block, weights, mixed) {
  block.forEach((samples, channel) => {
    const weight = weights[channel];
    for (let i = 0; i < mixed.length; i += 1) mixed[i] = (channel ? mixed[i] : 0) + samples[i] * weight;
  });
}

function crossFade(block, mixed, before, nFade) {
  const old = new Float32Array(nFade);
  add(block, before, old);
  for (let i = 0; i < nFade; i += 1) {
    const share = nFade > 1 ? i / (nFade - 1) : 0;
    mixed[i] = share * mixed[i] + (1 - share) * old[i];
  }
}

function choose(block, mixed, before, plain) {
  const n = mixed.length;
  const power = block.reduce((sum, samples) => sum + product(samples, samples), 0);
  if (power <= QUIET * n * block.length) return before;
  // An offset is no sound, yet its mean does not cancel; counted as power it hides nothing.
  const left = product(mixed, mixed) - n * mean(mixed) ** 2;
  const share = (block.length ** 2 * left) / power;
  if (share >= (before === plain ? CANCELLED : RESTORED)) return plain;
  return turned(block, before, plain);
}

/** Find the signs with which the channels add up, loud ones first. */
function turned(block, before, plain) {
  const n = block[0].length;
  const means = block.map(mean);
  const covariance = block.map((one, i) => block.map((other, j) => product(one, other) - n * means[i] * means[j]));
  const power = covariance.reduce((sum, row, i) => sum + row[i], 0);
  const kept = quadratic(covariance, covariance.map(() => 1));
  if (power <= QUIET * n * block.length || kept >= RESTORED * power) return plain;
  if (kept >= CANCELLED * power) return before;
  // Where channels have little to do with each other, chance would turn them over and over.
  if (quadratic(covariance, before.map((weight, i) => weight / plain[i])) >= STILL_ADDS_UP * power) return before;
  let signs = plain.map(() => 0);
  const loudFirst = [...signs.keys()].sort((a, b) => covariance[b][b] - covariance[a][a]);
  for (const channel of loudFirst) signs[channel] = product(covariance[channel], signs) < 0 ? -1 : 1;
  // Of a pattern and its negative, the one that jumps less from what was heard before.
  if ((product(signs, before) || signs[0]) < 0) signs = signs.map((sign) => -sign);
  const weights = signs.map((sign, i) => sign * plain[i]);
  return weights.every((weight, i) => weight === before[i]) ? before : weights;
}

function quadratic(matrix, vector) {
  return matrix.reduce((sum, row, i) => sum + vector[i] * product(row, vector), 0);
}

function product(one, other) {
  let sum = 0;
  for (let i = 0; i < one.length; i += 1) sum += one[i] * other[i];
  return sum;
}

function mean(samples) {
  let sum = 0;
  for (let i = 0; i < samples.length; i += 1) sum += samples[i];
  return sum / samples.length;
}
