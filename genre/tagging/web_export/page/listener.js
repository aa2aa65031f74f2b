/** The listener: a worker that runs the model, so that the page stays alive. */

import * as ort from "../runtime/onnxruntime.js";
import { downmix } from "./downmix.js";
import { draw } from "./picture.js";
import { resample } from "./resample.js";
import { examine } from "./silence.js";

// A short effect is nothing to speak of.
const OPPOSED_FRACTION = 0.05;

const opened = open();
opened.then(
  () => postMessage({ isReady: true }),
  (error) => postMessage({ error: String(error) }),
);

addEventListener("message", async ({ data: { channels, rate, facts } }) => {
  try {
    postMessage({ heard: await hear(channels, rate, facts) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});

async function open() {
  // A plain file server does not send the headers that threads want.
  ort.env.wasm.numThreads = 1;
  const [binary, model] = await Promise.all(["../runtime/onnxruntime.wasm", "../model/model.onnx"].map(contentOf));
  ort.env.wasm.wasmBinary = binary;
  return ort.InferenceSession.create(model);
}

async function contentOf(name) {
  const answer = await fetch(new URL(name, import.meta.url), { cache: "no-cache" });
  if (!answer.ok) throw new Error(`${name} could not be loaded (${answer.status})`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function hear(channels, rate, facts) {
  const started = performance.now();
  const { isSound, isSilent } = examine(channels);
  if (!isSound) return { fault: "corrupt" };
  const mixed = downmix(channels, rate);
  const mono = resample(mixed.mono, rate, facts.sample_rate);
  const waveform = new ort.Tensor("float32", mono, [mono.length]);
  const { scores, window_scores: windows, log_mel: mel } = await (await opened).run({ waveform });
  return {
    scores: scores.data,
    windowScores: windows.data,
    isSilent,
    isOpposed: mixed.nTurned > OPPOSED_FRACTION * mixed.mono.length,
    seconds: mixed.mono.length / rate,
    nFrames: Math.floor(mono.length / facts.hop_length) + 1,
    picture: draw(mono, mel?.data ?? null, {
      sampleRate: facts.sample_rate,
      hopLength: facts.hop_length,
      nMels: facts.n_mels,
      floorDb: facts.floor_db,
    }),
    milliseconds: performance.now() - started,
  };
}
