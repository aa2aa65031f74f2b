/** From a file to its channels, by the browser's own decoders. */

import { Problem } from "./problem.js";
import { rateOf } from "./rate.js";
import { clock, megabytes } from "./words.js";

// It takes 50 MB a minute of stereo at 44.1 kHz (measured in Chromium), and a tab that asks for more
// than there is dies. Browsers tell of 8 GB at most, or nothing; then a phone is one of few.
const MOST_SECONDS = 3600;
const ENOUGH_GIGABYTES = 8;
const GIGABYTES_OF_PHONES = 2;
// As long a WAV in stereo has 640 MB; of a length that is not told, so many compressed bytes are.
const MOST_BYTES = 2 ** 30;
const MOST_BYTES_UNTOLD = 2 ** 26;
// What every browser decodes to.
const [LEAST_RATE, MOST_RATE] = [8000, 96000];

/** The longest recording in seconds that this machine is trusted with. */
export function longestSeconds() {
  const untold = matchMedia("(pointer: coarse)").matches ? GIGABYTES_OF_PHONES : ENOUGH_GIGABYTES;
  return MOST_SECONDS * Math.min(1, (navigator.deviceMemory ?? untold) / ENOUGH_GIGABYTES);
}

/** Decode a file to its `channels` at a `rate`, if possible its own. */
export async function decode(file, wantedRate) {
  const seconds = await durationOf(file);
  checkLength(seconds);
  const most = Number.isFinite(seconds) ? MOST_BYTES : MOST_BYTES_UNTOLD;
  if (file.size > most) {
    const detail = `It has ${megabytes(file.size)}; this page takes up to ${megabytes(most)} of its kind.`;
    throw new Problem("too_large", { detail });
  }
  const content = await contentOf(file);
  const rate = rateFor(rateOf(content), wantedRate);
  let sound;
  try {
    sound = await new OfflineAudioContext(1, 1, rate).decodeAudioData(content);
  } catch {
    throw new Problem("undecodable", {
      title: "This browser cannot decode this file.",
      detail: Number.isFinite(seconds) && seconds > MOST_SECONDS / 4
        ? "It may take more memory than there is; cut it into shorter pieces."
        : "WAV, MP3, FLAC and OGG work in most browsers; the command genre tag reads many more.",
    });
  }
  checkLength(sound.duration);
  const channels = Array.from({ length: sound.numberOfChannels }, (_, channel) => sound.getChannelData(channel));
  return { channels, rate };
}

/**
 * The rate to decode to: a file's own, so that the browser does not resample. Where that is not known
 * or would take much memory, it is twice what is wanted: what the browser does to the upper end of the
 * band is then beyond what counts.
 */
function rateFor(own, wanted) {
  if (own >= LEAST_RATE && own <= MOST_RATE && own < 4 * wanted) return own;
  return Math.min(2 * wanted, MOST_RATE);
}

function checkLength(seconds) {
  const longest = longestSeconds();
  if (!Number.isFinite(seconds) || seconds <= longest) return;
  throw new Problem("too_long", {
    detail: `It lasts ${clock(seconds)}; this page takes up to ${clock(longest)}. Cut it into shorter pieces, or use the command genre tag.`,
  });
}

/** What the browser's player takes for the length, before anything is decoded; NaN where it does not say. */
function durationOf(file) {
  const audio = new Audio();
  const url = URL.createObjectURL(file);
  return new Promise((resolve) => {
    audio.preload = "metadata";
    audio.addEventListener("loadedmetadata", () => resolve(audio.duration));
    audio.addEventListener("error", () => resolve(NaN));
    audio.src = url;
  }).finally(() => {
    audio.removeAttribute("src");
    URL.revokeObjectURL(url);
  });
}

async function contentOf(file) {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new Problem("unreadable", { title: "This file cannot be read.", detail: "Was it moved?", mayPass: true });
  }
}
