/** Whether a sound is one, by the rule of `genre/audio/silence.py`, which says why. */

const SILENCE_PEAK = 1e-4;
const NOISE_PEAK = 10 * SILENCE_PEAK;
const MAX_PEAK = 2 ** 32; // beyond that, sums and powers overflow

/** Whether channels hold silence alone (`isSilent`), and whether all they hold are samples (`isSound`). */
export function examine(channels) {
  const facts = channels.map(measure);
  const range = Math.max(...facts.map(({ low, high }) => high - low));
  const deviation = Math.max(...facts.map(({ mean, meanSquare }) => meanSquare - mean ** 2));
  const isLoud = range > 2 * NOISE_PEAK;
  return {
    isSound: facts.every(({ low, high }) => Math.max(high, -low) <= MAX_PEAK),
    isSilent: !isLoud && (range < 2 * SILENCE_PEAK || deviation < SILENCE_PEAK ** 2),
  };
}

function measure(samples) {
  let [low, high, sum, power] = [Infinity, -Infinity, 0, 0];
  for (let i = 0; i < samples.length; i += 1) {
    const sample = samples[i];
    low = Math.min(low, sample); // NaN stays NaN
    high = Math.max(high, sample);
    sum += sample;
    power += sample * sample;
  }
  return { low, high, mean: sum / samples.length, meanSquare: power / samples.length };
}
