/** The picture of a sound as the server sends it, made ready to be drawn. */
export function pictureOf({ peaks, mel, n_columns: nColumns, n_mels: nMels, seconds_per_column: secondsPerColumn }) {
  return { peaks: bytesOf(peaks), mel: bytesOf(mel), nColumns, nMels, secondsPerColumn };
}

/** The bytes that the server wrote as base64. */
function bytesOf(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
