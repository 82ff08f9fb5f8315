// What the pages write to each other beside the voice. A ready answer travels as a key: the doctor reads it in their
// own language, whatever the patient's is.

import type { Body } from "./channel";
import type { Role } from "./protocol";

export const LONGEST_TEXT = 1_000;
export const ANSWERS = ["yes", "no", "unheard", "again", "here", "wait"] as const;
export type Answer = (typeof ANSWERS)[number];

export interface Written {
  text: string | null;
  answer: Answer | null;
}

// What the page of `reader` may show; null is nothing that can be read. Only patients press ready answers.
export function readWritten(body: Body, reader: Role): Written | null {
  const answer = ANSWERS.find((known) => known === body["key"]);
  if (answer) return reader === "practitioner" ? { text: null, answer } : null;
  const text = typeof body["text"] === "string" ? body["text"].trim().slice(0, LONGEST_TEXT) : "";
  return text ? { text, answer: null } : null;
}
