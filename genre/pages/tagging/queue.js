/** Which file is worked on when: some at once, the rest in the order they came. */

import { Problem } from "./problem.js";
import * as source from "./source.js";

const MOST_TRIES = 30;

export class Queue {
  #waiting = [];
  #running = 0;

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

  #next() {
    while (this.#running < source.AT_ONCE && this.#waiting.length) {
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
      const { answer, problem } = await attempt(track);
      if (signal.aborted) return;
      if (answer) {
        track.answered(answer);
        return;
      }
      if (tries < MOST_TRIES && (await source.isMended(problem, track))) continue;
      if (!signal.aborted) track.failed(problem);
      return;
    }
  }
}

/** Try once; gives an answer or a problem. */
async function attempt(track) {
  if (track.file.size === 0) return { problem: new Problem("empty") };
  try {
    return { answer: await source.answer(track) };
  } catch (error) {
    if (error instanceof Problem) return { problem: error };
    return { problem: new Problem("mistake", { title: "This page made a mistake.", detail: String(error), mayPass: true }) };
  }
}
