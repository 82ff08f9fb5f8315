// One picture at a time from page to page, whole, over a channel of its own: slowly enough that speech never waits.

import type { Caps } from "./levels";
import { checked, type Limits } from "./picture";
import { Gathered, Outgoing, PIECE, cut } from "./pieces";

// So many bytes may stand before the channel.
const AHEAD = 2 * PIECE;
const FILM_KBIT = { whole: 600, less: 150 };

// What the doctor shows, and what the kiosk's camera sends when it is asked for all it can.
export const SIZES = {
  shown: { film: { side: 1_024, bytes: 120_000 }, thin: { side: 640, bytes: 40_000 } },
  sharp: { film: { side: 1_280, bytes: 150_000 }, thin: { side: 800, bytes: 50_000 } },
} as const;

export function limits(kind: keyof typeof SIZES, caps: Caps): Limits {
  return SIZES[kind][caps.video?.shrink === 1 ? "film" : "thin"];
}

// Milliseconds between two pieces: a piece is 9 kbit, and takes its place beside what the rung already sends.
export function gap(caps: Caps): number {
  if (!caps.video) return caps.stills ? 800 : 900;
  const kbit = caps.video.bits / 1_000;
  return kbit >= FILM_KBIT.whole ? 50 : kbit >= FILM_KBIT.less ? 150 : 400;
}

export interface ParcelEvents {
  // What the line carries now.
  caps(): Caps;
  // Whether a picture may come now; what comes at other times is let fall.
  welcome(): boolean;
  // The share that is here, 0 to 1, while it is not whole.
  coming(share: number): void;
  got(picture: Blob): void;
  // It came whole and is no picture, or too large a one.
  bad(): void;
  // The share that has gone out, 0 to 1; 1 is said once.
  gone(share: number): void;
}

export class Parcels {
  private channel: RTCDataChannel | null = null;
  private outgoing: Outgoing | null = null;
  private gathered: Gathered;
  private bytes: Uint8Array | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    // Of what may come here.
    private readonly most: Limits,
    private readonly events: ParcelEvents,
  ) {
    this.gathered = new Gathered(most.bytes);
  }

  // Both sides agree on it beforehand, as on the other channels; speech goes before it.
  bind(pc: RTCPeerConnection | null): void {
    const how = { negotiated: true, id: 2, priority: "low" };
    this.carriedBy(pc?.createDataChannel("pictures", how) ?? null);
  }

  // What was on its way over an older connection begins anew on this one.
  carriedBy(channel: RTCDataChannel | null): void {
    if (this.channel) this.channel.onmessage = this.channel.onopen = null;
    clearTimeout(this.timer);
    this.channel = channel;
    this.gathered = new Gathered(this.most.bytes);
    this.outgoing = channel && new Outgoing(channel, AHEAD);
    if (!channel) return;
    channel.binaryType = "arraybuffer";
    channel.onmessage = ({ data }) => this.take(data);
    channel.onopen = () => this.begin();
    this.begin();
  }

  send(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.begin();
  }

  // What has not gone out stays here.
  stop(): void {
    clearTimeout(this.timer);
    this.bytes = null;
    this.outgoing?.drop();
  }

  private begin(): void {
    const { bytes } = this;
    if (!bytes || this.channel?.readyState !== "open") return;
    clearTimeout(this.timer);
    this.outgoing?.put((number) => cut(number, bytes));
    this.pump();
  }

  private pump(): void {
    this.outgoing?.pump(1);
    const share = this.outgoing?.share ?? 0;
    if (share === 1 && this.channel?.bufferedAmount === 0) {
      this.bytes = null;
      return this.events.gone(1);
    }
    this.events.gone(Math.min(share, 0.99));
    this.timer = setTimeout(() => this.pump(), gap(this.events.caps()));
  }

  private take(data: unknown): void {
    if (!this.events.welcome()) return;
    const { bytes } = this.gathered.take(data, 0);
    const { share } = this.gathered;
    if (!bytes) return share < 1 ? this.events.coming(share) : undefined;
    const found = checked(bytes, this.most);
    if (found) this.events.got(new Blob([bytes], { type: found.kind }));
    else this.events.bad();
  }
}
