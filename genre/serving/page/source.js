/**
 * Where the answers come from: the server that sent this page.
 *
 * A busy server is asked again when it says; one that is gone is looked for until it is back; one
 * that wants a token gets it once it is known. Everything else is the file's own failure.
 */

import { askInfo, isAlive, predict, problemOf, useToken } from "./api.js";
import { offerCard } from "./card.js";
import { pictureOf } from "./picture.js";
import { counted, grouped, megabytes } from "./words.js";

export const AT_ONCE = 2;

const PATIENCE_SECONDS = [1, 2, 4, 8, 15, 30];
const FORM_BYTES = 2048; // what a form has beside its file
const find = (id) => document.getElementById(id);

let info = null;
let hears = null;
let returning = null;
let asking = null;
let stopWaiting = () => {};

/** Begin; `onFacts(facts)` hears what is to be said of the model, `tell(text)` is for screen readers. */
export function begin(listeners) {
  hears = listeners;
  find("try-now").addEventListener("click", () => stopWaiting());
  showInfo();
}

/** Send a track's file and wait for its genres. */
export async function answer(track) {
  const { file, cancel } = track;
  const limit = info ? info.limits.max_body_mb * 2 ** 20 - FORM_BYTES : Infinity;
  if (file.size > limit) {
    throw problemOf("too_large", `It has ${megabytes(file.size)}; this server takes up to ${megabytes(limit)}.`);
  }
  const onSent = (part) =>
    part < 1 ? track.works(`Uploading, ${Math.floor(100 * part)} %`, part) : track.works("Listening");
  try {
    const { picture, ...rest } = await predict(file, { onSent, signal: cancel.signal });
    return { ...rest, picture: pictureOf(picture) };
  } catch (problem) {
    throw problem.kind === "gone" && (await isAlive()) ? await broken(file) : problem;
  }
}

/** Add to what is shown of a track what else this server can say of it. */
export function shown(root, track) {
  if (info?.describe.length) offerCard(root, track);
}

/** Wait for whatever would let another try succeed; false where nothing would. */
export async function isMended(problem, track) {
  if (problem.retrySeconds != null) {
    await countDown(problem.retrySeconds, track);
    return true;
  }
  if (problem.kind === "unauthorized") {
    asking ??= askToken().finally(() => (asking = null));
    return await asking;
  }
  if (problem.kind === "gone") {
    track.waits("Waiting for the server");
    returning ??= untilBack().finally(() => (returning = null));
    await returning;
    return true;
  }
  return false;
}

/** The server lives but closed the connection, or the file cannot be read any more. */
async function broken(file) {
  const isReadable = await file.slice(0, 1).arrayBuffer().then(() => true, () => false);
  return problemOf("broken", isReadable ? "The server closed it before the file was through." : "The file cannot be read; was it moved?");
}

async function untilBack() {
  for (let tries = 0; ; tries += 1) {
    const seconds = PATIENCE_SECONDS[Math.min(tries, PATIENCE_SECONDS.length - 1)];
    find("gone").hidden = false;
    find("gone-text").textContent = `Trying again in ${seconds} s; your files keep their place.`;
    await Promise.race([pause(seconds), new Promise((resolve) => (stopWaiting = resolve))]);
    if (await isAlive()) break;
  }
  find("gone").hidden = true;
  hears.tell("The server is back");
  showInfo();
}

async function countDown(seconds, track) {
  for (let left = Math.ceil(seconds); left > 0 && !track.cancel.signal.aborted; left -= 1) {
    track.waits(`The server is busy; trying again in ${left} s`);
    await pause(Math.min(1, seconds));
  }
}

function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}

function askToken() {
  const dialog = find("ask");
  const field = find("token");
  dialog.returnValue = "cancel";
  field.value = "";
  dialog.showModal();
  find("ask-cancel").onclick = () => dialog.close("cancel");
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        const given = dialog.returnValue === "ok" ? field.value.trim() : "";
        if (given) {
          useToken(given);
          showInfo();
        }
        resolve(given !== "");
      },
      { once: true },
    );
  });
}

async function showInfo() {
  info = await askInfo();
  if (!info) return;
  const { classes, names, task, limits, device, version, n_parameters: nParameters, windows } = info;
  hears.onFacts({
    genres: classes.map((genre) => names[genre]),
    task,
    windowSeconds: windows.window_seconds,
    limits:
      `MP3, FLAC, WAV, OGG and most other formats, up to ${limits.max_body_mb} MB and ` +
      `${counted(Math.round(limits.max_audio_seconds / 60), "minute")} each. Files are analysed on this server and deleted at once.`,
    about: `genre ${version}, ${grouped(nParameters)} parameters on ${device}.`,
  });
}
