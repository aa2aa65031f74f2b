/** The review: one track after the other is heard and answered, by key or by button. */

import { pictureOf } from "./picture.js";
import { Result } from "./result.js";
import { ask, problemWords } from "./server.js";
import { Sidebar } from "./sidebar.js";
import { clock, counted } from "./words.js";

const KEYS = { a: "accept", c: "change", g: "add", r: "remove", n: "none", s: "skip", u: "undo" };
const SCOPES = ["track", "album", "artist"];
const find = (id) => document.getElementById(id);

let state = null;
let item = null;
let result = null;
let isBusy = false;
let isWithout = false; // once somebody wants the table without the column that keeps the parts
const skipped = new Set();
const heard = new Map(); // by key: the promise of what a model hears

const sidebar = new Sidebar({ onChoose: (key) => show(key), onFilter: () => show(null) });

for (const id of Object.values(KEYS)) find(id).addEventListener("click", () => act(id));
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector("dialog[open]")) return;
  const { target } = event;
  if (target.closest("select, input:not([type=radio]), textarea")) return;
  if (event.key === " ") {
    if (target.closest("button, input, summary, [role=slider]")) return;
    playTelling();
  } else if (KEYS[event.key.toLowerCase()]) act(KEYS[event.key.toLowerCase()]);
  else if (SCOPES[Number(event.key) - 1]) choose(SCOPES[Number(event.key) - 1]);
  else return;
  event.preventDefault();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => result?.recolour());
refresh(await ask("queue").catch(failed));

/** Take what the server says of the queue, and show the first track that is left. */
function refresh(answer) {
  if (!answer) return;
  state = answer;
  sidebar.show(state, skipped);
  show(null);
}

function show(key) {
  const left = sidebar.left();
  const next = left.find((one) => one.key === key) ?? left[0] ?? null;
  find("now").hidden = next === null;
  find("empty").hidden = next !== null;
  close();
  item = next;
  sidebar.mark(item?.key);
  if (!item) return;
  write();
  listen();
  find("title").focus({ preventScroll: true });
}

function write() {
  const { name, artist, album, genres, reasons } = item;
  find("title").textContent = name.split("/").at(-1);
  find("whose").textContent = [artist, album || name.split("/").slice(0, -1).join("/")].filter(Boolean).join(" · ");
  find("reasons").replaceChildren(...reasons.map(({ kind, words }) => {
    const line = made("li", "");
    line.append(made("strong", kind), ` ${words}.`);
    return line;
  }));
  find("labels").replaceChildren(...(genres.length ? genres.map((genre) => made("li", called(genre))) : [made("li", "nothing yet")]));
  const { label, suggested } = mainReason();
  offer("change", suggested && `${genres.length ? "It is" : "Label it"} ${called(suggested)}`, "C");
  offer("remove", label && genres.length > 1 && `Remove ${called(label)}`, "R");
  find("accept").hidden = !genres.length;
  for (const id of ["change", "accept"]) find(id).classList.toggle("primary", id === (suggested ? "change" : "accept"));
  const same = (field) => item[field] && state.items.filter((one) => one[field] === item[field]).length;
  for (const field of ["album", "artist"]) {
    find(`of-${field}`).hidden = !item[field];
    find(`of-${field}`).querySelector("span").textContent = `all of the ${field}${same(field) > 1 ? ` (${same(field)} in the queue)` : ""}`;
  }
  find("scope").hidden = !item.album && !item.artist;
  choose("track");
}

function offer(id, text, key) {
  find(id).hidden = !text;
  if (text) find(id).replaceChildren(`${text} `, made("kbd", key));
}

/** The reason that says which label is in doubt, or what it may be. */
function mainReason() {
  const { genres, reasons } = item;
  const reason = reasons.find(({ suggested }) => suggested) ?? reasons[0];
  const label = genres.includes(reason.label) ? reason.label : null;
  return { label: label ?? genres[0] ?? null, suggested: genres.includes(reason.suggested) ? null : reason.suggested };
}

async function listen() {
  const { key, name } = item;
  find("hearing").hidden = false;
  find("hearing").textContent = "Listening";
  find("from").textContent = "";
  try {
    const answer = await hear(key);
    if (item?.key !== key) return;
    find("hearing").textContent = answer.is_judge ? "What a model hears that never trained on this track:" : "What the best model hears; it may have trained on this track:";
    find("from").textContent = `, at ${clock(answer.telling_seconds)}`;
    const track = { answer, file: { name, url: `audio/${key}` } };
    // of its own: what it still draws once it is gone must not meet the next one's pictures
    const root = made("div", "");
    find("body").replaceChildren(root);
    result = new Result(root, track);
    result.draw();
    result.player.seek(answer.telling_seconds);
  } catch (problem) {
    if (item?.key === key) find("hearing").textContent = problemWords(problem);
  }
  const after = sidebar.left()[sidebar.left().findIndex((one) => one.key === key) + 1];
  if (after) hear(after.key).catch(() => {}); // so that it is there when it is wanted
}

function hear(key) {
  if (!heard.has(key)) {
    heard.set(key, ask(`heard/${key}`).then((answer) => ({ ...answer, picture: pictureOf(answer.picture) })));
    heard.get(key).catch(() => heard.delete(key));
    if (heard.size > 8) heard.delete(heard.keys().next().value);
  }
  return heard.get(key);
}

function playTelling() {
  if (!result) return;
  const { audio, button } = result.player;
  if (audio.paused) result.player.seek(result.answer.telling_seconds);
  button.click();
}

function close() {
  result?.close();
  result = null;
  find("body").replaceChildren();
}

async function act(id) {
  if (isBusy || find(id).hidden) return;
  if (id === "undo") return await send("undo", {}, "The last answer is taken back");
  if (!item) return;
  if (id === "skip") return skip();
  const { label, suggested } = mainReason();
  const action = { none: "not music" }[id] ?? id;
  const said = { key: item.key, action, before: item.genres, scope: scope() };
  if (id === "remove") said.label = label;
  if (id === "change") Object.assign(said, { label: label ?? "", genre: suggested });
  if (id === "add") {
    const genre = await askGenre();
    if (!genre) return;
    said.genre = genre;
  }
  if ((state.lacks_table || (state.lacks_column && !isWithout)) && !(await askTable())) return;
  await send("answer", said, told(said));
}

function skip() {
  skipped.add(item.key);
  tell("Skipped");
  sidebar.show(state, skipped);
  show(null);
}

async function send(where, said, words) {
  isBusy = true;
  try {
    const answer = await ask(where, said);
    find("problem").hidden = true;
    const n = answer.n_tracks ?? 1;
    tell(where === "answer" && n > 1 ? `${words}, ${counted(n, "track")}` : words);
    refresh(answer);
  } catch (problem) {
    failed(problem);
    // somebody else has changed it: show what there is now
    if (problem.kind === "changed") refresh(await ask("queue").catch(failed));
  } finally {
    isBusy = false;
  }
}

function told({ action, label, genre }) {
  const [goes, comes] = [label && called(label), genre && called(genre)];
  return { accept: "The label is right", add: `${comes} added`, remove: `${goes} removed`, change: goes ? `${goes} is now ${comes}` : `Labelled ${comes}`, "not music": "Taken out as not music" }[action];
}

async function askGenre() {
  const field = find("genre");
  field.value = "";
  return (await opened(find("ask-genre"))) === "ok" ? field.value.trim() : "";
}

/** Ask whether the table may be made, or get a column; whether the answer may be written then. */
async function askTable() {
  find("ask-table-text").textContent = state.lacks_table
    ? `There is no ${state.table} yet. It will list all ${counted(state.n_tracks, "track")} with their genres, artists and parts, so that the next training sees the same. Audio files are not touched.`
    : `${state.table} does not say which tracks are trained and tested on. In a further column it can, so that the next training divides them as before; without, they are divided anew by the new labels. All else in it stays.`;
  find("without").hidden = state.lacks_table;
  const said = await opened(find("ask-table"));
  if (said === "without") return (isWithout = true);
  if (said !== "ok") return false;
  try {
    state = await ask("table", {});
    return true;
  } catch (problem) {
    failed(problem);
    return false;
  }
}

/** The value of the button that closes a dialog; none for the key Escape. */
function opened(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

function scope() {
  return document.querySelector("[name=scope]:checked").value;
}

function choose(name) {
  const field = document.querySelector(`[name=scope][value=${name}]`);
  if (!field.closest("label").hidden) field.checked = true;
}

function called(genre) {
  return state.genres[genre] ?? genre;
}

function failed(problem) {
  find("problem").hidden = false;
  find("problem").textContent = problemWords(problem);
}

function tell(text) {
  find("news").replaceChildren(...[...find("news").children].slice(-4), made("p", text));
}

function made(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
