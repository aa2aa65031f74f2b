/** A sound as a small picture, as `genre/audio/picture.py` draws it. */

const MAX_COLUMNS = 1000;
const RANGE_DB = 80;

/**
 * Bring a sound and its spectrogram into at most `MAX_COLUMNS` columns.
 *
 * `mel` holds `nMels` bands of every frame, in dB; null where the model does not give it.
 */
export function draw(mono, mel, { sampleRate, hopLength, nMels, floorDb }) {
  // A sound that ends with a hop has one frame more than it has hops.
  const nHops = Math.ceil(mono.length / hopLength);
  const perColumn = Math.ceil(nHops / MAX_COLUMNS);
  const nColumns = Math.ceil(nHops / perColumn);
  return {
    peaks: peaksOf(mono, perColumn * hopLength, nColumns),
    mel: mel && levelsOf(mel, { nHops, perColumn, nColumns, nMels, floorDb }),
    nColumns,
    nMels,
    secondsPerColumn: (perColumn * hopLength) / sampleRate,
  };
}

function peaksOf(mono, length, nColumns) {
  const peaks = new Float32Array(nColumns);
  for (let i = 0; i < mono.length; i += 1) {
    const column = Math.floor(i / length);
    peaks[column] = Math.max(peaks[column], Math.abs(mono[i]));
  }
  return bytes(peaks);
}

/** The mean level of each band: a row per band, lowest first. */
function levelsOf(mel, { nHops, perColumn, nColumns, nMels, floorDb }) {
  const levels = new Float32Array(nMels * nColumns);
  for (let column = 0; column < nColumns; column += 1) {
    const [from, to] = [column * perColumn, Math.min((column + 1) * perColumn, nHops)];
    for (let band = 0; band < nMels; band += 1) {
      let sum = 0;
      for (let frame = from; frame < to; frame += 1) sum += mel[frame * nMels + band];
      levels[band * nColumns + column] = sum / (to - from);
    }
  }
  // Silence is to look like silence, whatever is loudest in it.
  const ceiling = Math.max(levels.reduce((a, b) => Math.max(a, b), -Infinity), floorDb + RANGE_DB);
  return bytes(levels.map((level) => (level - ceiling) / RANGE_DB + 1));
}

function bytes(shares) {
  return Uint8Array.from(shares, (share) => Math.round(255 * Math.min(1, Math.max(0, share))));
}
