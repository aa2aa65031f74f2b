/** The page of `genre serve`: files come in, rows appear, genres come out. */

import { askInfo, useToken } from "./api.js";
import { takeFiles } from "./intake.js";
import { Queue } from "./queue.js";
import { save } from "./save.js";
import { Track } from "./track.js";
import { counted, listed } from "./words.js";

const MOST_NEWS = 6;
const MOST_NAMES = 5;
const find = (id) => document.getElementById(id);

const tracks = new Set();
let info = null;
let isUnfolded = false;

const queue = new Queue({
  onGone: showGone,
  askToken,
  largestBytes: () => (info ? info.limits.max_body_mb * 2 ** 20 - 2048 : Infinity), // the form's own bytes
});

takeFiles({ chooser: find("choose"), curtain: find("curtain"), onFiles: addFiles });
find("try-now").addEventListener("click", () => queue.tryNow());
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
showInfo();

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

function showGone(seconds) {
  find("gone").hidden = seconds === null;
  if (seconds === null) {
    tell("The server is back");
    showInfo();
  } else {
    find("gone-text").textContent = `Trying again in ${seconds} s; your files keep their place.`;
  }
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
  const { classes, limits, device, version, n_parameters: parameters, windows } = info;
  find("lead").textContent =
    `Give it music. A model listens, ${windows.window_seconds} seconds at a time, and says which of ` +
    `${counted(classes.length, "genre")} it hears, and where.`;
  find("model").textContent = classes.length <= 12 ? classes.join(" · ") : counted(classes.length, "genre");
  find("model").title = listed(classes);
  find("limits").textContent =
    `MP3, FLAC, WAV, OGG and most other formats, up to ${limits.max_body_mb} MB and ` +
    `${Math.round(limits.max_audio_seconds / 60)} minutes each. Files are analysed on this server and deleted at once.`;
  find("about").textContent =
    `Scores come from a model and can be wrong. genre ${version}, ` +
    `${new Intl.NumberFormat("en").format(parameters)} parameters on ${device}.`;
}
