/** What the model's numbers say of a track, in the form in which a server would send it. */

const ROUNDED = 1e4;

/** Score, decide and place in time, as `genre tag` does. */
export function answerOf(heard, facts, decodeMilliseconds) {
  const { genres, thresholds, names, task, window_seconds: windowSeconds } = facts;
  const { isSilent, isOpposed, seconds, nFrames, milliseconds } = heard;
  // What a network makes of nothing is an accident of its training; and 0 would reach a threshold of 0.
  const given = (score) => (isSilent ? 0 : score);
  // Of exclusive genres the best alone is the answer.
  const best = heard.scores.indexOf(Math.max(...heard.scores));
  const scores = genres.map((name, i) => ({
    name,
    score: given(heard.scores[i]),
    threshold: thresholds[i],
    decided: !isSilent && heard.scores[i] >= thresholds[i] && (task !== "exclusive" || i === best),
  }));
  scores.sort((a, b) => b.score - a.score);
  const rows = Array.from({ length: heard.windowScores.length / genres.length }, (_, row) =>
    genres.map((_, i) => Math.round(given(heard.windowScores[row * genres.length + i]) * ROUNDED) / ROUNDED),
  );
  const decided = scores.filter((entry) => entry.decided).map(({ name }) => name);
  return {
    task,
    answer: decided[0] ?? null,
    genres: decided,
    scores,
    names,
    timeline: { genres, starts_seconds: startsOf(rows.length, nFrames, facts), window_seconds: windowSeconds, scores: rows },
    duration_seconds: seconds,
    flags: Object.entries({ silent: isSilent, opposed: isOpposed, short: seconds < windowSeconds })
      .filter(([, isSo]) => isSo)
      .map(([flag]) => flag),
    timings: { decode_ms: decodeMilliseconds, score_ms: milliseconds, total_ms: decodeMilliseconds + milliseconds },
    picture: heard.picture,
  };
}

/** Windows begin at every step; one more ends with the track where enough is left over. */
function startsOf(nWindows, nFrames, { hop_length: hop, sample_rate: rate, window_frames: length, step_frames: step }) {
  const last = Math.max(0, nFrames - length);
  return Array.from({ length: nWindows }, (_, i) => Math.round((Math.min(i * step, last) * hop * 1000) / rate) / 1000);
}
