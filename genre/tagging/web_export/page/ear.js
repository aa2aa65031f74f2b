/** The page's end of the worker that runs the model. */

import { Problem } from "./problem.js";

export class Ear {
  #worker;
  #open;
  #pending = null;

  constructor() {
    this.opened = new Promise((resolve, reject) => {
      this.#open = { resolve, reject };
    });
    // A worker from a blob is under this page's policy, and can ask nobody but this page's server.
    const place = new URL("./listener.js", import.meta.url).href;
    const blob = new Blob([`import ${JSON.stringify(place)};`], { type: "text/javascript" });
    const url = URL.createObjectURL(blob);
    this.#worker = new Worker(url, { type: "module" });
    this.#worker.addEventListener("message", ({ data }) => this.#heard(data));
    this.#worker.addEventListener("error", (event) => this.#failed(event.message ?? "the worker did not start"));
    this.opened.then(() => URL.revokeObjectURL(url), () => URL.revokeObjectURL(url));
  }

  /** Let the model listen; the channels are gone afterwards. */
  hear({ channels, rate }, facts) {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#worker.postMessage({ channels, rate, facts }, channels.map((samples) => samples.buffer));
    });
  }

  close() {
    this.#worker.terminate();
    this.#failed("given up");
  }

  #heard({ isReady, heard, error }) {
    if (error) {
      this.#failed(error);
    } else if (isReady) {
      this.#open.resolve();
    } else if (heard.fault) {
      this.#pending.reject(new Problem(heard.fault));
    } else {
      this.#pending.resolve(heard);
    }
  }

  #failed(detail) {
    this.#open.reject(new Problem("model", { title: "The model could not be loaded.", detail, mayPass: true }));
    this.#pending?.reject(
      new Problem("memory", {
        title: "The model could not listen to this file.",
        detail: `It may take more memory than there is; cut it into shorter pieces. (${detail})`,
        mayPass: true,
      }),
    );
  }
}
