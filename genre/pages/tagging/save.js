/** Results to keep: JSON with everything but the picture, CSV with a row per track. */

/** Save tracks to a file; `format` is "json" or "csv". */
export function save(tracks, format) {
  const name = tracks.length === 1 ? tracks[0].file.name : "genres";
  const [text, type] = format === "json" ? [json(tracks), "application/json"] : [csv(tracks), "text/csv"];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = `${name}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function json(tracks) {
  const entries = tracks.map(({ file, answer: { picture, ...rest } }) => ({ file: file.name, ...rest }));
  return `${JSON.stringify(entries.length === 1 ? entries[0] : entries, null, 2)}\n`;
}

export function csv(tracks) {
  const names = [...new Set(tracks.flatMap(({ answer }) => answer.timeline.genres))];
  const isHeard = tracks.some(({ answer }) => answer.heard);
  const rows = tracks.map(({ file, answer }) => {
    const scores = new Map(answer.scores.map((entry) => [entry.name, entry.score]));
    const told = [file.name, answer.genres.join("|"), answer.duration_seconds, answer.flags.join("|")];
    if (isHeard) told.push((answer.heard ?? []).map(({ name: tag }) => tag).join("|"));
    return [...told, ...names.map((name) => scores.get(name) ?? "")];
  });
  const lines = [["file", "genres", "duration_seconds", "flags", ...(isHeard ? ["heard"] : []), ...names], ...rows];
  return lines.map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

/** A file's name must not be a formula to the spreadsheet that opens the table. */
function harmless(cell) {
  const isFormula = typeof cell === "string" && /^[=+\-@\t\r\n＝＋－＠]/.test(cell);
  return isFormula ? `'${cell}` : cell;
}

function quoted(cell) {
  const text = String(harmless(cell));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
