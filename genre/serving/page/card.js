/** The card of a track: what ready-made models say of it. All of it is text, never markup. */

import { describe } from "./api.js";
import { made } from "./result.js";

const TITLES = {
  heard: "What is heard",
  genres: "Genres",
  mood: "Mood of the words",
  cover: "What the cover shows",
  video: "What the video shows",
  words: "In words",
};

const CONTENTS = {
  heard: ({ tags }) => [scored(tags)],
  genres: ({ genres, scores }) => [said(genres.map((genre) => `${genre} ${scores[genre].toFixed(2)}`).join(", ") || "none")],
  mood: ({ mood, confidence, language, source, verses }) => [
    said(`${mood.toLowerCase()} ${confidence.toFixed(2)}`),
    made("p", `Language ${language}, from ${source}.`, "remark"),
    folded(
      `By verse (${verses.length})`,
      verses.map((verse) => `${verse.text}\n${verse.mood.toLowerCase()} ${verse.confidence.toFixed(2)}`),
    ),
  ],
  cover: ({ classes }) => [scored(classes)],
  video: ({ most_at_once: most, n_looked_at: nLooks, n_frames: nFrames }) => [
    said(Object.entries(most).map(([label, number]) => `${number} ${label}`).join(", ") || "no object"),
    made("p", `At most at once, in ${nLooks} of ${nFrames} frames.`, "remark"),
  ],
  words: ({ text }) => [said(text), made("p", "Written by a language model.", "remark")],
};

/** Offer the card of a track below what is shown of it in `root`. */
export function offerCard(root, track) {
  root.append(document.getElementById("card-template").content.cloneNode(true));
  const button = root.querySelector(".make-card");
  const state = root.querySelector(".card-state");
  button.addEventListener("click", async () => {
    button.disabled = true;
    state.textContent = "Describing. This can take a minute.";
    try {
      const card = await describe(track.file, { signal: track.cancel.signal });
      track.answer.card = card; // so that it is saved, too
      showCard(root.querySelector(".parts"), card);
      state.textContent = "";
      button.hidden = true;
      track.tell(`${track.file.name}: described`);
    } catch (problem) {
      state.textContent = `${problem.title} ${problem.detail}`;
      button.disabled = false;
    }
  });
}

function showCard(list, card) {
  list.replaceChildren(
    ...Object.entries(card.parts).map(([name, part]) => {
      const row = made("section", "", `part ${part.state}`);
      row.append(made("h4", TITLES[name] ?? name));
      if (part.state === "absent") row.append(made("p", `${part.reason}.`, "remark"));
      else row.append(...CONTENTS[name](part.result), small(part));
      return row;
    }),
  );
}

function small({ model, seconds }) {
  const told = [model?.name, model?.device, `${seconds.toFixed(1)} s`].filter(Boolean);
  return made("p", told.join(" · "), "by");
}

function scored(tags) {
  const table = made("table", "", "scores");
  const body = made("tbody");
  for (const { tag, score } of tags) {
    const row = made("tr");
    const name = made("th", tag);
    name.scope = "row";
    const bar = made("td", "", "bar");
    const track = made("div");
    const fill = made("i", "", "fill");
    fill.style.width = `${100 * score}%`;
    track.append(fill);
    bar.append(track);
    row.append(name, bar, made("td", score.toFixed(2), "number"));
    body.append(row);
  }
  table.append(body);
  return table;
}

function said(text) {
  const line = made("p", text, "said");
  line.dir = "auto";
  return line;
}

function folded(title, texts) {
  const details = made("details");
  details.append(made("summary", title));
  for (const text of texts) {
    const verse = made("p", text, "verse");
    verse.dir = "auto";
    details.append(verse);
  }
  return details;
}
