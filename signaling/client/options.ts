// What a page gives a call, and what it hears of it.

import type { Leg } from "./leg";
import type { CallPass, PeerMedia, Role } from "./protocol";

export type State =
  | "idle"
  | "joining"
  | "waiting"
  | "connecting"
  // Connected, and nothing of either side goes out before the doctor admits.
  | "held"
  // Held so long that the connection was let go; admitting makes it anew.
  | "resting"
  | "connected"
  // Only of two who talk: a silent connection that breaks is "connecting", and nothing begins to go out.
  | "interrupted"
  | "hung_up"
  | "replaced"
  | "visit_ended"
  | "session_ended"
  // The doctor already has two patients on the line.
  | "too_many"
  | "failed";

export interface CallOptions {
  role: Role;
  // The visit this call belongs to, by an opaque name; a word about another visit admits nobody.
  visit: string;
  // The practitioner's side does not admit yet. A patient's side is always admitted by the other.
  held?: boolean;
  // Fetch a pass for this page alone: it belongs to whoever knows the nonce of this hash.
  getPass: (nonceHash: string) => Promise<CallPass>;
  media: () => Promise<{ stream: MediaStream; drawn: boolean }>;
  state: (state: State, peerHungUp: boolean) => void;
  local: (stream: MediaStream | null, drawn: boolean) => void;
  remote: (stream: MediaStream | null) => void;
  peerMedia: (media: PeerMedia) => void;
  // Each connection as it is made, and null when it is dropped: whoever measures or steers it binds itself anew.
  leg?: (leg: Leg | null) => void;
}
