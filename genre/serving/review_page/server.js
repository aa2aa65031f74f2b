/** The server that sent this page: what it is asked, and what can go wrong. */

/** Ask for something, or send `said`; throws an object with `kind` and `detail`. */
export async function ask(where, said) {
  const options = said === undefined ? {} : { method: "POST", body: JSON.stringify(said), headers: { "Content-Type": "application/json" } };
  let answer;
  try {
    answer = await fetch(where, { cache: "no-store", ...options });
  } catch {
    throw { kind: "gone", detail: "The review cannot be reached; start genre review again. Answers so far are written." };
  }
  const content = await answer.json().catch(() => null);
  if (answer.ok && content) return content;
  throw content?.detail ? content : { kind: "unknown", detail: `The review answered ${answer.status}.` };
}

/** What went wrong, as a sentence. */
export function problemWords(problem) {
  const words = problem.detail ?? String(problem);
  return `${words[0].toUpperCase()}${words.slice(1)}`;
}
