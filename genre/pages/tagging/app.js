/** A page that tags music: files come in, rows appear, genres come out. */

import { takeFiles } from "./intake.js";
import { Queue } from "./queue.js";
import { save } from "./save.js";
import * as source from "./source.js";
import { Track } from "./track.js";
import { counted, listed } from "./words.js";

const MOST_NEWS = 6;
const MOST_NAMES = 5;
const find = (id) => document.getElementById(id);

const tracks = new Set();
let isUnfolded = false;

const queue = new Queue();

takeFiles({ chooser: find("choose"), curtain: find("curtain"), onFiles: addFiles });
find("clear").addEventListener("click", () => {
  for (const track of [...tracks]) if (track.answer) drop(track);
  recount();
  focusSomewhere();
});
for (const button of find("keep").querySelectorAll("[data-save]")) {
  button.addEventListener("click", () => save(answered(), button.dataset.save));
}
// The pictures take their colours from the style sheet when they are drawn.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const track of tracks) track.recolour();
});
source.begin({ onFacts: showFacts, tell });

function addFiles(files, unread) {
  const most = unread.slice(0, MOST_NAMES);
  if (unread.length > most.length) most.push(`${unread.length - most.length} more`);
  find("unread").hidden = unread.length === 0;
  find("unread").textContent = unread.length ? `The browser cannot read ${listed(most)}.` : "";
  for (const file of files) {
    const track = new Track(file, {
      onDone: finished,
      onAgain: (again) => queue.add(again),
      onRemove: remove,
      onShown: (root, shown) => source.shown?.(root, shown), // not every source has more to say
      tell,
    });
    tracks.add(track);
    find("list").append(track.row);
    queue.add(track);
  }
  if (files.length) tell(`${counted(files.length, "file")} added`);
  recount();
}

function finished() {
  // The first file that can be heard unfolds by itself, and no other, so that nothing jumps.
  const first = [...tracks].find((other) => !other.hasFailed);
  if (first?.answer && !isUnfolded) {
    isUnfolded = true;
    first.open(true);
  }
  recount();
}

function remove(track) {
  const next = track.row.nextElementSibling ?? track.row.previousElementSibling;
  drop(track);
  tell(`${track.file.name} removed`);
  recount();
  const target = next?.querySelector(".toggle:enabled, .remove");
  if (target) target.focus();
  else focusSomewhere();
}

function drop(track) {
  queue.remove(track);
  track.close();
  tracks.delete(track);
}

function focusSomewhere() {
  if (tracks.size) find("tracks-title").focus();
  else find("choose").focus();
}

function answered() {
  return [...tracks].filter((track) => track.answer);
}

function recount() {
  const [n, done] = [tracks.size, answered().length];
  const failed = [...tracks].filter((track) => track.hasFailed).length;
  const left = n - done - failed;
  if (n === 0) isUnfolded = false;
  find("tracks").hidden = n === 0;
  document.body.classList.toggle("has-tracks", n > 0);
  find("keep").hidden = done < 2;
  const parts = [counted(n, "file")];
  if (left) parts.push(`${left} to go`);
  if (failed) parts.push(`${failed} failed`);
  find("count").textContent = parts.join(", ");
}

/** Tell those who cannot see it. */
function tell(text) {
  const line = document.createElement("p");
  line.textContent = text;
  const news = find("news");
  news.append(line);
  while (news.childElementCount > MOST_NEWS) news.firstElementChild.remove();
}

/** Say what model listens, and what it takes. */
function showFacts({ genres, task, windowSeconds, limits, about }) {
  const [which, where] = task === "exclusive" ? ["which one", ""] : ["which", ", and where"];
  find("lead").textContent =
    `Give it music. A model listens, ${windowSeconds} seconds at a time, and says ${which} of ` +
    `${counted(genres.length, "genre")} it hears${where}.`;
  find("model").textContent = genres.length <= 12 ? genres.join(" · ") : counted(genres.length, "genre");
  find("model").title = listed(genres);
  find("limits").textContent = limits;
  find("about").textContent = `Scores come from a model and can be wrong. ${about}`;
}
