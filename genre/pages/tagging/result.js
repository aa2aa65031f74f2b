/** One track's answer on the page: verdict, player, pictures, scores, facts. */

import { Player } from "./player.js";
import { drawMel, drawStrip, drawWave, edgesOf, paintMel, ticks, windowAt } from "./plots.js";
import { save } from "./save.js";
import { against, called, clock, counted, lasting, listed } from "./words.js";

const MOST_STRIPS = 8;
const MOST_PASSAGES = 12;
const FLAGS = {
  partial: "The file is damaged further on; what could be read was.",
  opposed: "Left and right cancel each other; one was turned over to hear them.",
  silent: "There is nothing but silence.",
  truncated: "The file ends before it says it does.",
  short: "It is shorter than a window; silence fills the rest.",
};

export class Result {
  #strips = [];
  #painted = null;
  #isQueued = false;

  /** Build the view of `track.answer` in `root`. */
  constructor(root, track) {
    const { answer } = track;
    root.append(document.getElementById("result-template").content.cloneNode(true));
    Object.assign(this, { root, track, answer, duration: answer.duration_seconds });
    this.edges = edgesOf(answer.timeline, this.duration);
    this.isOneWindow = answer.timeline.scores.length === 1;
    this.isWhich = answer.task === "exclusive";
    // Where the best is the answer whatever it scores, nothing has to be reached.
    this.isMarked = !this.isWhich || answer.scores.some(({ threshold }) => threshold > 0);
    for (const part of root.querySelectorAll(".mel, .mel-label")) part.hidden = !answer.picture.mel;
    this.#writeVerdict();
    this.#writeStrips(MOST_STRIPS);
    this.#writeScores();
    this.#writeFacts();
    this.player = new Player(root, {
      file: track.file,
      duration: this.duration,
      onMove: (position) => this.#moved(position),
      describe: (position) => this.#strongest(windowAt(this.edges, position)),
    });
    root.querySelector(".scrub").setAttribute("aria-label", `Position in ${track.file.name}`);
    for (const button of root.querySelectorAll("[data-save]")) {
      button.addEventListener("click", () => save([track], button.dataset.save));
    }
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root.querySelector(".wave"));
  }

  /** Draw everything in other colours. */
  recolour() {
    this.#painted = null;
    this.draw();
  }

  /** Draw everything at the size it has now. */
  draw() {
    const wave = this.root.querySelector(".wave");
    if (!wave.clientWidth) return; // folded away
    const { duration } = this;
    const { picture } = this.answer;
    if (picture.mel) {
      this.#painted ??= paintMel(picture, wave);
      drawMel(this.root.querySelector(".mel"), this.#painted, { duration, ...picture });
    }
    for (const strip of this.#strips) drawStrip(strip.canvas, { edges: this.edges, ...strip }, { duration });
    this.#drawWave();
    const axis = this.root.querySelector(".axis");
    axis.replaceChildren(
      ...ticks(duration, axis.clientWidth).map((seconds) => {
        const mark = made("span", clock(seconds));
        mark.style.left = `${(100 * seconds) / duration}%`;
        return mark;
      }),
    );
  }

  close() {
    this.observer.disconnect();
    this.player.close();
  }

  #drawWave() {
    const wave = this.root.querySelector(".wave");
    if (wave.clientWidth) drawWave(wave, this.answer.picture, { duration: this.duration, position: this.player.position });
  }

  #moved(position) {
    const cell = windowAt(this.edges, position);
    for (const { value, scores, reached } of this.#strips) {
      const text = scores[cell].toFixed(2);
      if (value.textContent !== text) value.textContent = text;
      value.classList.toggle("reached", reached[cell]);
    }
    if (this.#isQueued || !this.player) return;
    this.#isQueued = true;
    requestAnimationFrame(() => {
      this.#isQueued = false;
      this.#drawWave();
    });
  }

  #writeVerdict() {
    const { flags, genres, scores } = this.answer;
    const verdict = this.root.querySelector(".verdict");
    const remark = this.root.querySelector(".remark");
    if (genres.length) {
      verdict.textContent = listed(genres.map((genre) => this.#called(genre)));
      remark.remove();
      return;
    }
    verdict.textContent = "No clear genre";
    verdict.classList.add("abstained");
    if (flags.includes("silent")) {
      remark.textContent = "Silence has no genre.";
      return;
    }
    if (this.isWhich) {
      const [score, needed] = against(scores[0].score, scores[0].threshold);
      remark.textContent = `The best is ${this.#called(scores[0].name)}, with ${score} of the ${needed} that an answer needs.`;
      return;
    }
    const nearest = scores.reduce((a, b) => (b.score - b.threshold > a.score - a.threshold ? b : a));
    const [score, threshold] = against(nearest.score, nearest.threshold);
    remark.textContent = `No score reaches what its genre needs. Nearest is ${this.#called(nearest.name)}, with ${score} of ${threshold}.`;
  }

  #writeStrips(most) {
    this.root.querySelector("figcaption").textContent = this.#told();
    // Its scores are the track's, which stand below.
    if (this.isOneWindow) return;
    const { scores, timeline } = this.answer;
    const highest = timeline.scores.map((row) => Math.max(...row));
    const scrub = this.root.querySelector(".scrub");
    const shown = scores.filter((entry, place) => entry.decided || place < most);
    this.#strips = shown.map((entry) => {
      const column = timeline.genres.indexOf(entry.name);
      const canvas = made("canvas", "", "strip");
      canvas.setAttribute("aria-hidden", "true");
      const label = made("span", this.#called(entry.name), `label strip-label${entry.decided ? " decided" : ""}`);
      const value = made("span", "", "value");
      value.setAttribute("aria-hidden", "true");
      const row = made("div", "", "strip-row");
      row.append(label, canvas, value);
      scrub.before(row);
      const own = timeline.scores.map((row) => row[column]);
      const isBest = (score, cell) => !this.isWhich || (score > 0 && score === highest[cell]);
      const reached = own.map((score, cell) => score >= entry.threshold && isBest(score, cell));
      return { canvas, value, scores: own, reached, needed: this.isMarked ? entry.threshold : null };
    });
    this.#offerMore(shown.length);
  }

  #offerMore(n) {
    const more = this.root.querySelector(".more");
    const left = this.answer.scores.length - n;
    more.hidden = left === 0;
    more.textContent = `Show ${counted(left, "more genre")}`;
    more.onclick = () => {
      for (const old of this.root.querySelectorAll(".strip-row")) old.remove();
      this.#writeStrips(Infinity);
      this.#moved(this.player.position);
      this.draw();
      this.root.querySelector(".scrub").focus();
    };
  }

  /** What the picture shows, in words: which genre is strongest from when to when. */
  #told() {
    const drawn = this.answer.picture.mel ? "Waveform, mel spectrogram" : "Waveform";
    if (this.isOneWindow) return `${drawn.replace(",", " and")} over time.`;
    const passages = [];
    this.answer.timeline.scores.forEach((_, cell) => {
      const name = this.#strongest(cell);
      if (passages.at(-1)?.name !== name) passages.push({ name, from: this.edges[cell] });
    });
    const told = passages.slice(0, MOST_PASSAGES).map(({ name, from }) => `${name} from ${clock(from)}`);
    const rest = passages.length > MOST_PASSAGES ? ` and ${counted(passages.length - MOST_PASSAGES, "more change")}` : "";
    return `${drawn}, and the scores of each window over time. Strongest: ${told.join(", ")}${rest}.`;
  }

  #strongest(cell) {
    const row = this.answer.timeline.scores[cell];
    return this.#called(this.answer.timeline.genres[row.indexOf(Math.max(...row))]);
  }

  #called(genre) {
    return called(this.answer, genre);
  }

  #writeScores() {
    const body = this.root.querySelector(".scores tbody");
    this.root.querySelector(".scores th:last-child").hidden = !this.isMarked;
    if (this.isWhich) {
      const told = this.isMarked ? "shares of one whole; the best must reach the mark" : "of the whole track: shares of one whole";
      this.root.querySelector(".scores caption span").textContent = told;
    }
    for (const entry of this.answer.scores) {
      const [score, threshold] = this.isMarked ? against(entry.score, entry.threshold) : [entry.score.toFixed(2)];
      const row = made("tr", "", entry.decided ? "decided" : "");
      const name = made("th", this.#called(entry.name));
      name.scope = "row";
      const bar = made("td", "", "bar");
      const track = made("div");
      const [fill, mark] = [made("i", "", "fill"), made("i", "", "mark")];
      fill.style.width = `${100 * entry.score}%`;
      mark.style.left = `${100 * Math.min(1, entry.threshold)}%`;
      track.append(fill);
      bar.append(track, made("span", this.#judged(entry), "visually-hidden"));
      row.append(name, bar, made("td", score, "number"));
      if (this.isMarked) {
        track.append(mark);
        row.append(made("td", threshold, "number needed"));
      }
      body.append(row);
    }
  }

  #judged({ decided }) {
    if (this.isWhich) return decided ? "the answer" : "";
    return decided ? "reached" : "not reached";
  }

  #writeFacts() {
    const { timeline, timings, flags } = this.answer;
    const seconds = timings.total_ms / 1000;
    const facts = [
      ["Length", lasting(this.duration)],
      ["Windows", `${timeline.starts_seconds.length} of ${timeline.window_seconds} s`],
      ["Analysed in", seconds < 1 ? `${Math.round(timings.total_ms)} ms` : `${seconds.toFixed(1)} s`],
    ];
    if (this.answer.heard?.length) {
      facts.push(["Heard", this.answer.heard.map(({ name, score }) => `${name} ${score.toFixed(2)}`).join(", ")]);
    }
    this.root.querySelector(".facts").append(...facts.flatMap(([term, text]) => [made("dt", term), made("dd", text)]));
    const told = this.root.querySelector(".flags");
    told.hidden = flags.length === 0;
    told.textContent = flags.map((flag) => FLAGS[flag] ?? flag).join(" ");
  }
}

/** Make an element that holds text. */
export function made(tag, text = "", className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}
