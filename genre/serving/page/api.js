/** The server as the page sees it: uploads with progress, facts, and what can go wrong. */

import { FAULTS, Problem } from "./problem.js";

const PASSING = new Set(["broken", "busy", "gone", "internal", "timeout", "unauthorized", "unknown"]);

const TITLES = {
  ...FAULTS,
  bad_request: "The server could not read the request.",
  broken: "The connection broke.",
  busy: "The server is busy.",
  crashed: "This file brought its decoder down.",
  gone: "The server cannot be reached.",
  internal: "The server made a mistake.",
  not_audio: "This is not an audio file.",
  timeout: "This took too long.",
  unauthorized: "The server wants a token.",
  unsafe: "This file was refused.",
  unsupported: "This format is not known here.",
};

// Where the server's own words are for people with a folder, not a page.
const HINTS = {
  crashed: "Other files are not affected.",
  not_audio: "What it holds is no audio format that is known here.",
  timeout: "A shorter file may work.",
  too_long: "Cut it into shorter pieces.",
};

const BUSY_SECONDS = 2;

let token = null;

/** Send this token from now on. */
export function useToken(value) {
  token = value;
}

/**
 * Say in our own words what went wrong; `detail` adds the circumstances, `retrySeconds` is when the
 * server wants to be asked again.
 */
export function problemOf(kind, detail = "", { title, retrySeconds } = {}) {
  return new Problem(kind, {
    title: TITLES[kind] ?? title,
    detail: HINTS[kind] ?? detail,
    mayPass: PASSING.has(kind),
    retrySeconds,
  });
}

/** Ask for facts about the model and the limits; null where they cannot be had. */
export async function askInfo() {
  try {
    const answer = await fetch("info", { headers: authorization(), cache: "no-store" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Whether the server answers at all. */
export async function isAlive() {
  try {
    return (await fetch("livez", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/** Send one file and wait for its genres. */
export function predict(file, listeners) {
  return upload("predict?picture=true", file, "upload", listeners);
}

/** Send one file, with its name, and wait for its card. */
export function describe(file, { signal }) {
  return upload("describe", file, file.name, { onSent: () => {}, signal });
}

/**
 * Send one file under a name and wait for what is said of it.
 *
 * `onSent(fraction)` hears how much has been sent, 1 when all is; `signal` gives the upload up.
 * Fetch tells nothing of an upload's progress, so this is an XMLHttpRequest.
 */
function upload(address, file, name, { onSent, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, name);
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onSent(event.lengthComputable ? event.loaded / event.total : 0);
    request.upload.onload = () => onSent(1);
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status === 200 && body) resolve(body);
      else reject(refusal(request, body));
    };
    request.onerror = () => reject(problemOf("gone"));
    request.onabort = () => reject(problemOf("removed"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}

function authorization() {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

function refusal(request, body) {
  const status = request.status;
  const after = Number(request.getResponseHeader("Retry-After") ?? NaN);
  const kind = body?.kind ?? (status === 413 ? "too_large" : status === 503 ? "busy" : "unknown");
  return problemOf(kind, sentence(body, kind), {
    title: `The server answered ${status}${body?.title ? `, ${body.title}` : ""}.`,
    retrySeconds: status === 503 ? (Number.isFinite(after) && after >= 0 ? after : BUSY_SECONDS) : null,
  });
}

/** The server's detail without its advice, as a sentence. */
function sentence(body, kind) {
  if (kind === "internal") return `Whoever runs it finds it in the log as ${body.request_id}.`;
  const fault = body?.detail?.split("; ")[0] ?? "";
  return fault && `${fault[0].toUpperCase()}${fault.slice(1)}.`;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a proxy's page of HTML, say
  }
}
