/**
 * The sample rate of a file, which browsers keep to themselves: asked for it, they decode without
 * resampling.
 */

const MP3_RATES = [44100, 48000, 32000];
const MP3_KILOBITS = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const SEARCHED_BYTES = 65536;

/** In Hz, of WAV, FLAC, Ogg and MP3; null of anything else. */
export function rateOf(content) {
  const view = new DataView(content);
  try {
    const start = afterTags(view);
    const word = text(view, start, 4);
    if (word === "RIFF" || word === "RF64") return waveRate(view, start);
    if (word === "fLaC") return flacRate(view, start);
    if (word === "OggS") return oggRate(view, start);
    return mp3Rate(view, start);
  } catch (error) {
    if (error instanceof RangeError) return null; // it ends before it says
    throw error;
  }
}

function text(view, at, length) {
  return String.fromCharCode(...Array.from({ length }, (_, i) => view.getUint8(at + i)));
}

/** Where the sound begins, behind ID3v2. */
function afterTags(view) {
  let at = 0;
  while (text(view, at, 3) === "ID3") {
    const size = [6, 7, 8, 9].reduce((sum, i) => sum * 128 + (view.getUint8(at + i) & 127), 0);
    at += 10 + size;
  }
  return at;
}

function waveRate(view, start) {
  for (let at = start + 12; ; at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) % 2)) {
    if (text(view, at, 4) === "fmt ") return view.getUint32(at + 12, true);
  }
}

function flacRate(view, start) {
  return view.getUint32(start + 18) >>> 12;
}

function oggRate(view, start) {
  const at = start + 27 + view.getUint8(start + 26);
  if (text(view, at, 7) === "\x01vorbis") return view.getUint32(at + 12, true);
  if (text(view, at, 8) === "OpusHead") return 48000;
  if (text(view, at, 5) === "\x7fFLAC") return flacRate(view, at + 9);
  return null;
}

/** Of the first frame that another one of its kind follows. */
function mp3Rate(view, start) {
  for (let at = start; at < start + SEARCHED_BYTES; at += 1) {
    const frame = mp3Frame(view, at);
    if (frame && mp3Frame(view, at + frame.length)?.rate === frame.rate) return frame.rate;
  }
  return null;
}

function mp3Frame(view, at) {
  const header = view.getUint32(at);
  const version = { 0: 4, 2: 2, 3: 1 }[(header >>> 19) & 3]; // 1, 2, or 2.5 as 4: what rates are divided by
  const rate = MP3_RATES[(header >>> 10) & 3] / version;
  const kilobits = MP3_KILOBITS[version === 1 ? 1 : 2][(header >>> 12) & 15];
  if (header >>> 21 !== 0x7ff || ((header >>> 17) & 3) !== 1 || !rate || !kilobits) return null;
  const length = Math.floor(((version === 1 ? 144 : 72) * 1000 * kilobits) / rate) + ((header >>> 9) & 1);
  return { rate, length };
}
