// The words of the call's wire, as signaling/protocol.py checks them; docs/protocol.md explains each.

export type Role = "patient" | "practitioner";

export interface Offer {
  leg: string;
  sdp: string;
}

export type Signal =
  | { kind: "offer"; leg: string; sdp: string }
  | { kind: "answer"; leg: string; sdp: string; admit?: string }
  | { kind: "candidates"; leg: string; candidates: RTCIceCandidateInit[] }
  | { kind: "restart"; leg: string };

export interface Join {
  pass?: string;
  seat?: string;
  nonce: string;
  page: string;
  offer?: Offer;
}

export interface Joined {
  seat: string;
  role: Role;
  until: number;
  peer: string | null;
  signals: Signal[];
}

export type Peer =
  | { here: true; page: string }
  | { here: false; why: "line" | "hung_up" | "session_ended" };

export type Refusal =
  | "forged"
  | "expired"
  | "closed"
  | "session_ended"
  | "replaced"
  | "unsure"
  | "not_seated"
  | "already_seated"
  | "too_many"
  | "bad_message"
  | "too_fast";

export interface FromServer {
  joined: (body: Joined) => void;
  refused: (body: { why: Refusal }) => void;
  peer: (body: Peer) => void;
  signal: (body: Signal) => void;
  replaced: () => void;
  closed: (body: { why: "visit_ended" | "session_ended" }) => void;
  away: (body: { within: number }) => void;
}

export interface FromClient {
  join: (body: Join) => void;
  signal: (body: Signal) => void;
  leave: () => void;
  alive: (answer: (here: boolean) => void) => void;
}

// What the page gets from its own server before it may join (telemed/web/calls.py: issue_pass).
export interface CallPass {
  pass: string;
  room: string;
  ice: RTCIceServer[];
  url: string;
  seat_until: string;
}

// What each page tells the other over the data channel: can be heard, can be seen, is a drawn picture.
export interface PeerMedia {
  microphone: boolean;
  camera: boolean;
  drawn: boolean;
}

export function readPeerMedia(said: Record<string, unknown>): PeerMedia {
  return { microphone: said["microphone"] !== false, camera: said["camera"] !== false, drawn: said["drawn"] === true };
}

export const CANDIDATES_AT_ONCE = 20;

// What a page shows of a name it made up, before it is let in.
export async function hashed(name: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name)));
  return btoa(String.fromCharCode(...digest)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function newName(): string {
  return crypto.randomUUID();
}
