/** Why a file has no genres, in words. */

export const FAULTS = {
  corrupt: "This file is damaged.",
  empty: "This file is empty.",
  too_large: "This file is too large.",
  too_long: "This recording is too long.",
  too_short: "This recording is too short.",
};

/**
 * What keeps a file from its answer.
 *
 * `mayPass` says whether the same file may be taken at another time.
 */
export class Problem extends Error {
  constructor(kind, { title = FAULTS[kind], detail = "", mayPass = false, ...more } = {}) {
    super(title);
    Object.assign(this, { kind, title, detail, mayPass, ...more });
  }
}
