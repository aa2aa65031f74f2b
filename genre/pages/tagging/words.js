/** Numbers and lists as people read them. */

/** 3:07, or 1:02:03 from an hour on. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const last = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${last}` : `${minutes}:${last}`;
}

/** The length of a track: 3:07, or 0.6 s where a clock would round too much of it away. */
export function lasting(seconds) {
  return seconds < 5 ? `${seconds.toFixed(1)} s` : clock(seconds);
}

/** "3 minutes 7 seconds", for those who listen to it. */
export function spoken(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const parts = [[Math.floor(whole / 60), "minute"], [whole % 60, "second"]];
  const said = parts.filter(([n], i) => n || i).map(([n, unit]) => counted(n, unit));
  return said.join(" ");
}

/** "1 file", "2 files". */
export function counted(n, unit) {
  return `${n} ${unit}${n === 1 ? "" : "s"}`;
}

/** A score and what it had to reach, with as many digits as it takes to tell them apart. */
export function against(score, threshold) {
  const digits = [2, 3, 4].find((n) => score === threshold || score.toFixed(n) !== threshold.toFixed(n)) ?? 5;
  return [score.toFixed(digits), threshold.toFixed(digits)];
}

/** "a", "a and b", "a, b and c". */
export function listed(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** How a genre is written for people. */
export function called(answer, genre) {
  return answer.names?.[genre] ?? genre;
}

/** "3.4 MB", "50 MB". */
export function megabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0)} MB`;
}

/** "1,234,567". */
export function grouped(number) {
  return new Intl.NumberFormat("en").format(number);
}
