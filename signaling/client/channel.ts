// The words the two pages say to each other directly, over the data channel "call" of whichever leg there is.

import { Pace } from "./pace";

export type Body = Record<string, unknown>;

const LONGEST = 16_384;
// Of each word so many at once, and so many a second after that: more than any hand or steering of ours says.
export const AT_ONCE = 20;
export const PER_SECOND = 2;
const TOLD_EVERY = 2_000;
// Who takes an agreement back is always heard.
const NEVER_TOO_MUCH = ["not_yet", "rest"];

interface Hearer {
  hear(body: Body): void;
  pace: Pace;
}

export class Channel {
  private readonly hearers = new Map<string, Hearer>();
  private wire: RTCDataChannel | undefined;
  private told = -Infinity;

  constructor(private readonly now: () => number = () => performance.now()) {}

  // One hearer for each word; words of a newer version have none and are no reason to end a call.
  on(word: string, hear: (body: Body) => void): void {
    this.hearers.set(word, { hear, pace: new Pace(AT_ONCE, PER_SECOND) });
  }

  say(word: string, body: Body = {}): boolean {
    if (this.wire?.readyState !== "open") return false;
    this.wire.send(JSON.stringify({ is: word, ...body }));
    return true;
  }

  carriedBy(wire: RTCDataChannel): void {
    this.wire = wire;
    wire.onmessage = ({ data }) => wire === this.wire && this.heard(data);
  }

  private heard(data: unknown): void {
    if (typeof data !== "string" || data.length > LONGEST) return;
    const body = read(data);
    if (body && typeof body["is"] === "string") this.take(body["is"], body);
  }

  private take(word: string, body: Body): void {
    const hearer = this.hearers.get(word);
    if (!hearer) return;
    if (NEVER_TOO_MUCH.includes(word) || hearer.pace.allows(this.now())) return hearer.hear(body);
    if (word !== "dropped") this.drop(word);
  }

  // Both people learn that something is missing: who wrote it must not believe that it was read.
  private drop(word: string): void {
    if (this.now() - this.told < TOLD_EVERY) return;
    this.told = this.now();
    this.say("dropped", { word });
    this.hearers.get("dropped")?.hear({ word });
  }
}

function read(text: string): Body | null {
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === "object" && said !== null ? (said as Body) : null;
  } catch {
    return null;
  }
}
