/** What a track looks like: waveform, mel picture, and the scores of every window over time. */

const BAR = 3; // pixels of a bar of the waveform, one of them its gap
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const TICK = 72; // pixels that a mark of the time axis wants

/** Draw the waveform; what lies before `position` has been heard. */
export function drawWave(canvas, { peaks, secondsPerColumn }, { duration, position }) {
  const { context, width, height } = fitted(canvas);
  const [heard, ahead] = inks(canvas, "--accent", "--wave");
  const n = Math.max(1, Math.floor(width / BAR));
  for (let bar = 0; bar < n; bar += 1) {
    const from = Math.floor((bar / n) * (duration / secondsPerColumn));
    const to = Math.max(from + 1, Math.ceil(((bar + 1) / n) * (duration / secondsPerColumn)));
    let peak = 0;
    for (let i = from; i < Math.min(to, peaks.length); i += 1) peak = Math.max(peak, peaks[i]);
    const size = Math.max(1, (peak / 255) * height);
    context.fillStyle = (bar + 0.5) / n <= position / duration ? heard : ahead;
    context.fillRect(bar * (width / n), (height - size) / 2, BAR - 1, size);
  }
}

/** Paint the mel picture once, at its own size; low bands at the bottom. */
export function paintMel({ mel, nColumns, nMels }, canvas) {
  const image = new ImageData(nColumns, nMels);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = ramp(canvas);
  for (let row = 0; row < nMels; row += 1) {
    const from = (nMels - 1 - row) * nColumns;
    for (let column = 0; column < nColumns; column += 1) {
      pixels[row * nColumns + column] = colours[mel[from + column]];
    }
  }
  const painted = document.createElement("canvas");
  painted.width = nColumns;
  painted.height = nMels;
  painted.getContext("2d").putImageData(image, 0, 0);
  return painted;
}

/** Stretch the painted mel picture over the duration. */
export function drawMel(canvas, painted, { duration, secondsPerColumn }) {
  const { context, width, height } = fitted(canvas);
  context.drawImage(painted, 0, 0, (painted.width * secondsPerColumn * width) / duration, height);
}

/** Draw one genre's windows as a strip: filled where it is decided; a line is what it must reach, if anything. */
export function drawStrip(canvas, { edges, scores, reached, needed }, { duration }) {
  const { context, width, height } = fitted(canvas);
  const [full, faint, mark] = inks(canvas, "--accent", "--strip", "--mark");
  for (let cell = 0; cell < scores.length; cell += 1) {
    const [left, right] = [(edges[cell] / duration) * width, (edges[cell + 1] / duration) * width];
    const gap = right - left >= 5 ? 1 : 0;
    const size = Math.max(1, scores[cell] * (height - 1));
    context.fillStyle = reached[cell] ? full : faint;
    // Never narrower than a pixel, or an hour of windows would fade away.
    context.fillRect(left, height - size, Math.max(1, right - left - gap), size);
  }
  if (needed === null) return;
  const y = Math.round(height - Math.min(1, needed) * (height - 1)) - 0.5;
  context.strokeStyle = mark;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(width, y);
  context.stroke();
}

/**
 * The moments between which each window stands for the music: half-way between the middles of
 * neighbours, because windows overlap.
 */
export function edgesOf({ starts_seconds: starts, window_seconds: length }, duration) {
  const middles = starts.map((start) => start + length / 2);
  const inner = middles.slice(1).map((middle, i) => (middle + middles[i]) / 2);
  return [0, ...inner.map((edge) => Math.min(edge, duration)), duration];
}

/** The window that stands for a moment. */
export function windowAt(edges, seconds) {
  let [low, high] = [0, edges.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle] <= seconds) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Moments for the time axis: as many round ones as there is room for. */
export function ticks(duration, width) {
  const step = STEPS.find((seconds) => (seconds / duration) * width >= TICK) ?? STEPS.at(-1);
  const moments = [];
  // Not so near the end that its words would hang over.
  for (let at = 0; at < duration && (1 - at / duration) * width > TICK / 2; at += step) moments.push(at);
  return moments;
}

/** Give a canvas the pixels of its size on this screen. */
function fitted(canvas) {
  const scale = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  return { context, width, height };
}

function inks(canvas, ...names) {
  const style = getComputedStyle(canvas);
  return names.map((name) => style.getPropertyValue(name).trim());
}

/** 256 pixels from silence to the loudest, through the five colours of the style sheet. */
function ramp(canvas) {
  const stops = inks(canvas, "--mel-0", "--mel-1", "--mel-2", "--mel-3", "--mel-4").map(rgb);
  const bytes = new Uint8ClampedArray(4 * 256).fill(255);
  for (let value = 0; value < 256; value += 1) {
    const place = (value / 255) * (stops.length - 1);
    const i = Math.min(Math.floor(place), stops.length - 2);
    bytes.set(stops[i].map((from, channel) => from + (place - i) * (stops[i + 1][channel] - from)), 4 * value);
  }
  return new Uint32Array(bytes.buffer); // in the byte order of this machine, as the picture's pixels
}

function rgb(hex) {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}
