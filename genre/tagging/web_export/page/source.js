/** Where the answers come from: a model in this browser. Nothing leaves the machine. */

import { answerOf } from "./answer.js";
import { decode, longestSeconds } from "./decode.js";
import { Ear } from "./ear.js";
import { Problem } from "./problem.js";
import { called, counted, grouped } from "./words.js";

export const AT_ONCE = 1; // two would take the memory of two

// The memory that a long recording took is not given back before its worker ends.
const LONG_SECONDS = 600;
const find = (id) => document.getElementById(id);

let asked = null;
let ear = null;

/** Begin; `onFacts(facts)` hears what is to be said of the model, `tell(text)` is for screen readers. */
export async function begin({ onFacts, tell }) {
  find("asleep").remove();
  try {
    const facts = await factsOfModel();
    onFacts({
      genres: facts.genres.map((genre) => called(facts, genre)),
      task: facts.task,
      windowSeconds: facts.window_seconds,
      limits:
        `WAV, MP3, FLAC, OGG and what else this browser plays, up to ${counted(Math.floor(longestSeconds() / 60), "minute")} each. ` +
        "Nothing leaves this machine: the model listens in this page.",
      about: `genre ${facts.version}, ${grouped(facts.n_parameters)} parameters in this browser.`,
    });
    await listener().opened;
    document.body.classList.add("is-ready");
    tell("The model is ready");
  } catch (problem) {
    find("broken").hidden = false;
    find("broken-text").textContent = problem.detail ?? String(problem);
  }
}

/** Decode a track's file and let the model listen to it. */
export async function answer(track) {
  track.works("Waiting for the model");
  const facts = await factsOfModel();
  await listener().opened;
  find("broken").hidden = true;
  const { file, cancel } = track;
  const started = performance.now();
  track.works("Reading");
  const sound = await decode(file, facts.sample_rate);
  if (cancel.signal.aborted) throw new Problem("removed");
  const seconds = sound.channels[0].length / sound.rate;
  if (seconds < facts.min_seconds) {
    throw new Problem("too_short", { detail: `It must last ${facts.min_seconds} s at least.` });
  }
  const decodeMilliseconds = performance.now() - started;
  track.works("Listening");
  const heard = await listened(sound, facts, cancel.signal);
  if (seconds > LONG_SECONDS) rest();
  return answerOf(heard, facts, decodeMilliseconds);
}

/** There is nothing to wait for: another try would end the same way. */
export async function isMended() {
  return false;
}

async function listened(sound, facts, signal) {
  // What is given up must not keep the next track waiting.
  signal.addEventListener("abort", rest, { once: true });
  try {
    return await listener().hear(sound, facts);
  } catch (problem) {
    if (problem.kind === "memory") rest();
    throw problem;
  } finally {
    signal.removeEventListener("abort", rest);
  }
}

function listener() {
  if (ear) return ear;
  const started = new Ear();
  ear = started;
  started.opened.catch(() => {
    if (ear === started) ear = null; // the next file tries again
  });
  return ear;
}

function rest() {
  ear?.close();
  ear = null;
}

function factsOfModel() {
  asked ??= loadFacts().catch((problem) => {
    asked = null;
    throw problem;
  });
  return asked;
}

async function loadFacts() {
  const loaded = await fetch("model/model.json", { cache: "no-cache" }).catch(() => null);
  if (loaded?.ok) return loaded.json();
  const reason = loaded ? `the web server answered ${loaded.status}` : "the web server does not answer";
  throw new Problem("model", {
    title: "The model could not be loaded.",
    detail: `model/model.json: ${reason}.`,
    mayPass: true,
  });
}
