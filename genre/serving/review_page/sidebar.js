/** Beside the track: the queue with its filters, and what has been learned so far. */

import { counted } from "./words.js";

const MOST_SHOWN = 60;
const find = (id) => document.getElementById(id);

export class Sidebar {
  #items = [];
  #state = null;

  /** `onChoose(key)` hears of a track that is chosen, `onFilter()` of another choice of tracks. */
  constructor({ onChoose, onFilter }) {
    this.onChoose = onChoose;
    for (const id of ["by-reason", "by-genre", "by-artist"]) {
      find(id).addEventListener("change", () => {
        this.#list();
        onFilter();
      });
    }
  }

  /** Show a state of the review, without the tracks in `skipped`. */
  show(state, skipped) {
    this.#state = state;
    this.#items = state.items.filter(({ key }) => !skipped.has(key));
    const all = state.items;
    this.#offer("by-reason", state.reasons.filter((kind) => all.some((one) => one.reasons.some((each) => each.kind === kind))));
    this.#offer("by-genre", Object.keys(state.genres), state.genres);
    this.#offer("by-artist", [...new Set(all.map(({ artist }) => artist).filter(Boolean))].sort());
    find("known").replaceChildren(...Object.values(state.genres).map((name) => option(name)));
    this.#list();
    this.#learned();
  }

  /** The tracks that the filters leave. */
  left() {
    const [reason, genre, artist] = ["by-reason", "by-genre", "by-artist"].map((id) => find(id).value);
    return this.#items.filter(
      (one) =>
        (!reason || one.reasons.some(({ kind }) => kind === reason)) &&
        (!genre || one.genres.includes(genre) || one.reasons.some(({ suggested }) => suggested === genre)) &&
        (!artist || one.artist === artist),
    );
  }

  mark(key) {
    for (const button of find("queue").querySelectorAll("button")) {
      if (button.dataset.key === key) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  #list() {
    const left = this.left();
    find("queue").replaceChildren(
      ...left.slice(0, MOST_SHOWN).map((one) => {
        const [row, button] = [document.createElement("li"), document.createElement("button")];
        button.type = "button";
        button.dataset.key = one.key;
        button.append(part("queued", one.name.split("/").at(-1)), part("why", one.reasons[0].kind));
        button.addEventListener("click", () => this.onChoose(one.key));
        row.append(button);
        return row;
      }),
    );
    const rest = left.length - MOST_SHOWN;
    find("more").textContent = rest > 0 ? `and ${counted(rest, "more track")}` : "";
  }

  #learned() {
    const { progress, n_tracks: all, n_not_judged: none, items } = this.#state;
    find("done").textContent = `${counted(progress.n_answered, "track")} answered, ${counted(items.length, "track")} to go`;
    find("learned").textContent = `${counted(progress.n_changed, "label")} changed. Train again with the same command to learn from them.`;
    find("not-judged").textContent = none ? `${none} of ${counted(all, "track")} could not be judged: every run trained on them. --folds all judges all.` : "";
    find("genres").replaceChildren(
      ...Object.entries(progress.of_genre).map(([name, counts]) => {
        const row = document.createElement("tr");
        const head = document.createElement("th");
        head.scope = "row";
        head.textContent = this.#state.genres[name] ?? name;
        const sure = Math.round(100 * (1 - counts[2] / counts[0]));
        row.append(head, ...[...counts, `${sure} %`].map((count) => part("", String(count), "td")));
        return row;
      }),
    );
  }

  #offer(id, values, names = {}) {
    const [field, kept] = [find(id), find(id).value];
    field.replaceChildren(option("", "all"), ...values.map((value) => option(value, names[value] ?? value)));
    field.value = values.includes(kept) ? kept : "";
  }
}

function option(value, text = value) {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = text;
  return made;
}

function part(className, text, tag = "span") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
