/**
 * The position in a track: heard from the player, set on the picture, by pointer or by key.
 *
 * A format that the browser cannot play still has a position; it just makes no sound.
 */

import { clock, lasting, spoken } from "./words.js";

const SMALL_STEP = 2;
const LARGE_STEP = 10;

let playing = null; // one at a time

export class Player {
  #frame = 0;
  #url;

  /** `root` holds the elements; `onMove(seconds)` hears every change; `describe(seconds)` is for screen readers. */
  constructor(root, { file, duration, onMove, describe }) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { duration, onMove, describe, position: 0 });
    this.audio = find(".sound");
    this.button = find(".play");
    this.now = find(".now");
    this.scrub = find(".scrub");
    this.head = find(".head");
    this.ghost = find(".ghost");
    find(".total").textContent = lasting(duration);
    this.scrub.setAttribute("aria-valuemax", duration.toFixed(1));
    this.#url = file.url ?? URL.createObjectURL(file); // one that a server holds has an address
    this.audio.src = this.#url;
    this.#listen(find(".unplayable"));
    this.#show();
  }

  /** Go somewhere. */
  seek(seconds) {
    this.position = Math.min(Math.max(0, seconds), this.duration);
    // The player may have counted a little less than whoever answered.
    if (this.audio.readyState > 0) this.audio.currentTime = Math.min(this.position, this.audio.duration || Infinity);
    this.#show();
  }

  pause() {
    this.audio.pause();
  }

  /** Stop and forget the file. */
  close() {
    cancelAnimationFrame(this.#frame);
    this.audio.pause();
    this.audio.removeAttribute("src");
    URL.revokeObjectURL(this.#url);
  }

  #listen(unplayable) {
    const { audio, button } = this;
    button.addEventListener("click", () => this.#toggle());
    audio.addEventListener("loadedmetadata", () => this.position && this.seek(this.position));
    audio.addEventListener("play", () => this.#started());
    audio.addEventListener("pause", () => this.#stopped());
    audio.addEventListener("ended", () => this.seek(this.duration));
    audio.addEventListener("error", () => {
      button.disabled = true;
      unplayable.hidden = false;
    });
    this.#listenToPointer();
    this.scrub.addEventListener("keydown", (event) => this.#key(event));
  }

  #listenToPointer() {
    const { scrub, ghost } = this;
    const at = (event) => {
      const box = scrub.getBoundingClientRect();
      return Math.min(Math.max(0, (event.clientX - box.left) / box.width), 1);
    };
    scrub.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      scrub.setPointerCapture(event.pointerId);
      this.seek(at(event) * this.duration);
    });
    scrub.addEventListener("pointermove", (event) => {
      ghost.style.left = `${100 * at(event)}%`;
      ghost.firstElementChild.textContent = clock(at(event) * this.duration);
      ghost.classList.toggle("late", at(event) > 0.9);
      if (scrub.hasPointerCapture(event.pointerId)) this.seek(at(event) * this.duration);
    });
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = {
      ArrowLeft: this.position - SMALL_STEP,
      ArrowDown: this.position - SMALL_STEP,
      ArrowRight: this.position + SMALL_STEP,
      ArrowUp: this.position + SMALL_STEP,
      PageDown: this.position - LARGE_STEP,
      PageUp: this.position + LARGE_STEP,
      Home: 0,
      End: this.duration,
    }[event.key];
    if (to !== undefined) this.seek(to);
    else if (event.key === " ") this.#toggle();
    else return;
    event.preventDefault();
  }

  #toggle() {
    const { audio } = this;
    if (this.button.disabled) return;
    if (!audio.paused) {
      audio.pause();
      return;
    }
    if (this.position >= this.duration - 0.05) this.seek(0);
    audio.play().catch(() => {}); // what cannot be played says so by its error event
  }

  #started() {
    if (playing !== this) playing?.pause();
    playing = this;
    this.#label("Pause", true);
    const follow = () => {
      this.position = Math.min(this.audio.currentTime, this.duration);
      this.#show();
      this.#frame = requestAnimationFrame(follow);
    };
    cancelAnimationFrame(this.#frame);
    follow();
  }

  #stopped() {
    cancelAnimationFrame(this.#frame);
    this.#label("Play", false);
    this.#show();
  }

  #label(text, isPlaying) {
    this.button.setAttribute("aria-label", text);
    this.button.classList.toggle("playing", isPlaying);
  }

  #show() {
    const { position, duration, scrub } = this;
    this.head.style.left = `${(100 * position) / duration}%`;
    const text = clock(position);
    if (this.now.textContent !== text) this.now.textContent = text;
    const shown = position.toFixed(1);
    if (scrub.getAttribute("aria-valuenow") !== shown) scrub.setAttribute("aria-valuenow", shown);
    const said = `${spoken(position)}, ${this.describe(position)}`;
    if (scrub.getAttribute("aria-valuetext") !== said) scrub.setAttribute("aria-valuetext", said);
    this.onMove(position);
  }
}
