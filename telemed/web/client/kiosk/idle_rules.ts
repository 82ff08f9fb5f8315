// How long nobody has to be there before the kiosk asks, as pure functions: idle time belongs to the step.

import type { Rules } from "../steps/rules";

// "ask": after a quiet minute. "presence": not while it runs, at its end. "none": something else asks.
export type Watch = "ask" | "presence" | "none";
export type Why = "still" | "end" | "turn" | "over";

const QUIET_MS = 60_000;
// No rest and no reading lasts longer; whoever went away in the middle of one must not stay on the screen.
const LONGEST_MS = 10 * 60_000;
export const LONGER_MS = 5 * 60_000;
export const COUNTED_S = 20;
const ANSWER_S: Record<Why, number> = { still: COUNTED_S, end: 60, turn: 60, over: 60 };
// So long a word of the patient's holds when the doctor comes in.
const FRESH_MS = 3 * 60_000;

export function watchOf(rules: Rules, key: string): Watch {
  if (key === "waiting") return "none";
  return rules.steps[key]?.idle === "presence" ? "presence" : "ask";
}

// After how long without a touch somebody is asked; null: never.
export function askAfter(watch: Watch, longer = false): number | null {
  if (watch === "none") return null;
  return (watch === "ask" ? QUIET_MS : LONGEST_MS) + (longer ? LONGER_MS : 0);
}

// How many seconds there are to answer; who rests with closed eyes needs more than who was just reading.
export function secondsToAnswer(why: Why): number {
  return ANSWER_S[why];
}

export function isFresh(saidAt: number | null, now: number): boolean {
  return saidAt !== null && now - saidAt < FRESH_MS;
}
