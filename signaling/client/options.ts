// What a page gives a call, and what it hears of it.

import type { CallPass, PeerMedia, Role } from "./protocol";

export type State =
  | "idle"
  | "joining"
  | "waiting"
  | "connecting"
  | "connected"
  | "interrupted"
  | "hung_up"
  | "replaced"
  | "visit_ended"
  | "session_ended"
  | "failed";

export interface CallOptions {
  role: Role;
  // Fetch a pass for this page alone: it belongs to whoever knows the nonce of this hash.
  getPass: (nonceHash: string) => Promise<CallPass>;
  media: () => Promise<{ stream: MediaStream; drawn: boolean }>;
  state: (state: State, peerHungUp: boolean) => void;
  local: (stream: MediaStream | null, drawn: boolean) => void;
  remote: (stream: MediaStream | null) => void;
  peerMedia: (media: PeerMedia) => void;
}
