// Tries the line: datagrams there and back for loss and delay, then as much as it takes down and up; and each kind of relay.

import { echoed, rate, type Echo, type Figures, type Transport } from "./line_figures";

export interface Asked {
  // Which relays may be used now.
  relays(): Promise<RTCIceServer[]>;
  // What the service answers to an offer; throws Busy when all its places are taken.
  answer(sdp: string): Promise<RTCSessionDescriptionInit>;
}

export interface Tried {
  figures: Figures;
  // Whether packets went without a relay; null: not at all.
  direct: boolean | null;
}

export interface Size {
  datagrams: number;
  fill: number;
}

// Below 150 kB all told, both directions and everything around it.
export const BY_ITSELF: Size = { datagrams: 100, fill: 36 };
export const ASKED_FOR: Size = { datagrams: 200, fill: 56 };

export class Busy extends Error {
  constructor(readonly seconds: number) {
    super("all places are taken");
  }
}

const PIECE = 1100;
const DATAGRAM = 24;
const EVERY_MS = 40;
const WARM_UP = 8;
const GATHER_MS = 2_000;
const OPEN_MS = 10_000;
const BACK_MS = 1_500;
const FILL_MS = 8_000;
const REACH_MS = 6_000;
// What took longer than this for its first pieces is known well enough by them.
const SLOW_MS = 2_500;

export async function tryLine(asked: Asked, size: Size, stop?: AbortSignal): Promise<Tried> {
  const peer = new RTCPeerConnection({ iceServers: await asked.relays() });
  const give = () => peer.close();
  stop?.addEventListener("abort", give);
  try {
    const words = peer.createDataChannel("probe");
    const datagrams = peer.createDataChannel("probe-datagrams", { ordered: false, maxRetransmits: 0 });
    words.binaryType = datagrams.binaryType = "arraybuffer";
    const open = Promise.all([words, datagrams].map(opened));
    await peer.setLocalDescription();
    await gathered(peer, GATHER_MS);
    await peer.setRemoteDescription(await asked.answer(peer.localDescription?.sdp ?? ""));
    if (!(await within(open, OPEN_MS))) return { figures: { ...echoed([]), up: null, down: null }, direct: null };
    const figures = { ...echoed(await echoes(datagrams, size.datagrams)), ...(await filled(new Words(words), size.fill)) };
    return { figures, direct: await goesDirectly(peer) };
  } finally {
    stop?.removeEventListener("abort", give);
    peer.close();
  }
}

// Which kinds of relay can be reached: each by a connection of its own that may use nothing else.
export async function reach(servers: RTCIceServer[]): Promise<Partial<Record<Transport, boolean>>> {
  const found: Partial<Record<Transport, boolean>> = {};
  const tried = servers.flatMap((server) => [server.urls].flat().map((url) => ({ ...server, urls: url })));
  await Promise.all(
    tried.map(async (server) => {
      const kind = transport(server.urls);
      if (kind) found[kind] = (await gives(server)) || found[kind] === true;
    }),
  );
  return found;
}

export function transport(url: string): Transport | null {
  if (url.startsWith("turns:")) return "tls";
  if (!url.startsWith("turn:")) return null;
  return /[?&]transport=tcp\b/.test(url) ? "tcp" : "udp";
}

async function gives(server: RTCIceServer): Promise<boolean> {
  const peer = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: "relay" });
  try {
    peer.createDataChannel("reach");
    const relayed = new Promise<boolean>((tell) => {
      peer.onicecandidate = ({ candidate }) => {
        if (candidate?.type === "relay") tell(true);
        else if (!candidate) tell(false);
      };
    });
    await peer.setLocalDescription();
    return (await within(relayed, REACH_MS)) === true;
  } finally {
    peer.close();
  }
}

async function echoes(channel: RTCDataChannel, number: number): Promise<Echo[]> {
  const row: Echo[] = [];
  channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
    if (data.byteLength !== DATAGRAM + 4) return;
    const view = new DataView(data);
    const echo = row[view.getUint32(0)];
    if (echo) [echo.back, echo.count] = [performance.now(), view.getUint32(DATAGRAM)];
  };
  for (let sent = 0; sent < number && channel.readyState === "open"; sent++) {
    const datagram = new DataView(new ArrayBuffer(DATAGRAM));
    datagram.setUint32(0, sent);
    row.push({ left: performance.now(), back: null, count: 0 });
    channel.send(datagram.buffer);
    await pause(EVERY_MS);
  }
  await pause(BACK_MS);
  return row;
}

async function filled(words: Words, pieces: number): Promise<Pick<Figures, "up" | "down">> {
  const row = async (direction: (pieces: number) => Promise<number[]>) => {
    const begun = performance.now();
    const first = await direction(WARM_UP);
    const enough = first.length < WARM_UP || performance.now() - begun > SLOW_MS;
    return rate(enough ? first : await direction(pieces - WARM_UP), PIECE);
  };
  return { down: await row((pieces) => words.down(pieces)), up: await row((pieces) => words.up(pieces)) };
}

// The reliable channel; both directions answer with the milliseconds at which pieces came.
class Words {
  private readonly came: number[] = [];
  private told: ((at: number[]) => void) | undefined;
  private full: (() => void) | undefined;
  private expected = 0;

  constructor(private readonly channel: RTCDataChannel) {
    channel.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (typeof data === "string") return this.told?.((JSON.parse(data) as { at: number[] }).at);
      this.came.push(performance.now());
      if (this.came.length >= this.expected) this.full?.();
    };
  }

  async down(pieces: number): Promise<number[]> {
    this.came.length = 0;
    this.expected = pieces;
    const full = new Promise<void>((go) => (this.full = go));
    this.say({ is: "fill", bytes: pieces * PIECE });
    await within(full, FILL_MS);
    return [...this.came];
  }

  async up(pieces: number): Promise<number[]> {
    const told = new Promise<number[]>((go) => (this.told = go));
    const piece = new ArrayBuffer(PIECE);
    if (this.channel.readyState === "open") for (let sent = 0; sent < pieces; sent++) this.channel.send(piece);
    this.say({ is: "tell" });
    return (await within(told, FILL_MS)) ?? [];
  }

  private say(word: object): void {
    if (this.channel.readyState === "open") this.channel.send(JSON.stringify(word));
  }
}

async function goesDirectly(peer: RTCPeerConnection): Promise<boolean> {
  const reports = new Map<string, Record<string, unknown>>();
  (await peer.getStats()).forEach((report) => reports.set(report.id, report));
  const used = [...reports.values()].find(({ type, nominated, state }) => type === "candidate-pair" && nominated && state === "succeeded");
  return reports.get(String(used?.["localCandidateId"]))?.["candidateType"] !== "relay";
}

function gathered(peer: RTCPeerConnection, ms: number): Promise<unknown> {
  const done = new Promise<void>((go) => {
    peer.addEventListener("icegatheringstatechange", () => peer.iceGatheringState === "complete" && go());
  });
  return within(done, ms);
}

function opened(channel: RTCDataChannel): Promise<boolean> {
  return new Promise((go) => channel.addEventListener("open", () => go(true), { once: true }));
}

// What comes in time, or nothing.
async function within<Result>(coming: Promise<Result>, ms: number): Promise<Result | undefined> {
  let late: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<undefined>((go) => (late = setTimeout(() => go(undefined), ms)));
  return Promise.race([coming, over]).finally(() => clearTimeout(late));
}

function pause(ms: number): Promise<void> {
  return new Promise((go) => setTimeout(go, ms));
}
