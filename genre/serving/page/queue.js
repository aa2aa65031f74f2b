/**
 * Which file is sent when: two at once, the rest in the order they came.
 *
 * A busy server is asked again when it says; one that is gone is looked for until it is back; one
 * that wants a token gets it once it is known. Everything else is the file's own failure.
 */

import { isAlive, predict, problemOf } from "./api.js";

const AT_ONCE = 2;
const MOST_TRIES = 30;
const PATIENCE_SECONDS = [1, 2, 4, 8, 15, 30];

export class Queue {
  #waiting = [];
  #running = 0;
  #returning = null;
  #asking = null;
  #tryNow = () => {};

  /** `onGone(seconds)` hears that the server is looked for, null when it is back; `askToken()` promises whether there is one. */
  constructor({ onGone, askToken, largestBytes }) {
    Object.assign(this, { onGone, askToken, largestBytes });
  }

  /** Put a track last. */
  add(track) {
    track.waits();
    this.#waiting.push(track);
    this.#next();
  }

  /** Forget a track, wherever it is. */
  remove(track) {
    this.#waiting = this.#waiting.filter((other) => other !== track);
    track.cancel.abort();
  }

  /** Look for a server that is gone without waiting any longer. */
  tryNow() {
    this.#tryNow();
  }

  #next() {
    while (this.#running < AT_ONCE && this.#waiting.length) {
      this.#running += 1;
      this.#work(this.#waiting.shift()).finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }

  async #work(track) {
    const signal = track.cancel.signal;
    for (let tries = 1; !signal.aborted; tries += 1) {
      const { answer, problem } = await this.#attempt(track);
      if (signal.aborted) return;
      if (answer) {
        track.answered(answer);
        return;
      }
      if (tries < MOST_TRIES && (await this.#canBeMended(problem, track))) continue;
      const explained = await this.#explained(problem, track.file);
      if (!signal.aborted) track.failed(explained);
      return;
    }
  }

  /** Try once; gives an answer or a problem. */
  async #attempt(track) {
    const { file, cancel } = track;
    const limit = this.largestBytes();
    if (file.size === 0) return { problem: problemOf("empty") };
    if (file.size > limit) {
      const sizes = `It has ${megabytes(file.size)}; this server takes up to ${megabytes(limit)}.`;
      return { problem: problemOf("too_large", sizes) };
    }
    return predict(file, { onSent: (part) => track.sent(part), signal: cancel.signal }).then(
      (answer) => ({ answer }),
      (problem) => ({ problem }),
    );
  }

  /** Wait for whatever would let another try succeed; false where nothing would. */
  async #canBeMended(problem, track) {
    if (problem.retrySeconds != null) {
      await countDown(problem.retrySeconds, track);
      return true;
    }
    if (problem.kind === "unauthorized") {
      this.#asking ??= this.askToken().finally(() => (this.#asking = null));
      return await this.#asking;
    }
    if (problem.kind === "gone" && !(await isAlive())) {
      track.waits("Waiting for the server");
      this.#returning ??= this.#untilBack().finally(() => (this.#returning = null));
      await this.#returning;
      return true;
    }
    return false;
  }

  async #explained(problem, file) {
    if (problem.kind !== "gone") return problem;
    // The server lives but closed the connection, or the file cannot be read any more.
    const isReadable = await file.slice(0, 1).arrayBuffer().then(() => true, () => false);
    const reason = isReadable ? "The server closed it before the file was through." : "The file cannot be read; was it moved?";
    return problemOf("broken", reason);
  }

  async #untilBack() {
    for (let tries = 0; ; tries += 1) {
      const seconds = PATIENCE_SECONDS[Math.min(tries, PATIENCE_SECONDS.length - 1)];
      this.onGone(seconds);
      await Promise.race([pause(seconds), new Promise((resolve) => (this.#tryNow = resolve))]);
      if (await isAlive()) break;
    }
    this.onGone(null);
  }
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

function megabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0)} MB`;
}
