/** One file's row in the list, from waiting to its genres or to what went wrong. */

import { Result } from "./result.js";
import { called, lasting, listed } from "./words.js";

let number = 0;

export class Track {
  answer = null;
  cancel = new AbortController();
  #result = null;

  /**
   * `onDone`, `onAgain` and `onRemove` hear of this track, and `onShown(root, track)` of the first
   * time that its result is unfolded; `tell(text)` is for screen readers.
   */
  constructor(file, { onDone, onAgain, onRemove, onShown, tell }) {
    Object.assign(this, { file, onDone, onShown, tell });
    const row = document.getElementById("track-template").content.cloneNode(true).firstElementChild;
    const find = (selector) => row.querySelector(selector);
    this.row = row;
    this.toggle = find(".toggle");
    this.body = find(".body");
    this.bar = find(".how-far");
    this.state = find(".state");
    find(".name").textContent = file.name;
    this.bar.setAttribute("aria-label", `Progress of ${file.name}`);
    number += 1;
    this.body.id = `track-${number}`;
    this.toggle.setAttribute("aria-controls", this.body.id);
    this.toggle.addEventListener("click", () => this.open(this.body.hidden));
    const remove = find(".remove");
    remove.setAttribute("aria-label", `Remove ${file.name}`);
    remove.addEventListener("click", () => onRemove(this));
    find(".again").addEventListener("click", () => {
      remove.focus(); // this button goes away
      onAgain(this);
    });
  }

  get hasFailed() {
    return this.row.dataset.state === "failed";
  }

  waits(text = "Waiting") {
    this.#enter("waiting");
    this.bar.value = 0;
    this.#say(text);
  }

  /** Show what is done with the file; `part` of it, where that is known. */
  works(text, part = null) {
    this.#enter("working");
    if (part === null) this.bar.removeAttribute("value");
    else this.bar.value = part;
    this.#say(text);
  }

  answered(answer) {
    this.answer = answer;
    this.#enter("done");
    const outcome = answer.genres.length ? listed(answer.genres.map((genre) => called(answer, genre))) : "no clear genre";
    const shown = this.row.querySelector(".outcome");
    shown.textContent = outcome;
    shown.classList.toggle("abstained", answer.genres.length === 0);
    this.row.querySelector(".length").textContent = lasting(answer.duration_seconds);
    this.toggle.disabled = false;
    this.tell(`${this.file.name}: ${outcome}`);
    this.onDone(this);
  }

  failed(problem) {
    this.#enter("failed");
    this.row.querySelector(".problem-title").textContent = problem.title;
    this.row.querySelector(".problem-detail").textContent = problem.detail;
    this.row.querySelector(".again").hidden = !problem.mayPass;
    this.tell(`${this.file.name}: ${problem.title} ${problem.detail}`);
    this.onDone(this);
  }

  /** Unfold or fold away the result. */
  open(isOpen) {
    this.body.hidden = !isOpen;
    this.row.classList.toggle("open", isOpen);
    this.toggle.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) {
      if (!this.#result) {
        this.#result = new Result(this.body, this);
        this.onShown(this.body, this);
      }
      this.#result.draw();
    } else {
      this.#result?.player.pause();
    }
  }

  recolour() {
    this.#result?.recolour();
  }

  close() {
    this.cancel.abort();
    this.#result?.close();
    this.row.remove();
  }

  #enter(state) {
    this.row.dataset.state = state;
    this.row.querySelector(".progress").hidden = state === "done" || state === "failed";
    this.row.querySelector(".problem").hidden = state !== "failed";
  }

  #say(text) {
    if (this.state.textContent !== text) this.state.textContent = text;
  }
}
