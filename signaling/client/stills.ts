// Pictures one by one, where a film does not fit: the camera every few seconds, small, over a channel of its own.

import { Gathered, Outgoing, PIECE, cut, train } from "./pieces";
import { checked } from "./picture";

export const WIDE = 320;
export const HIGH = 240;
// So many bytes a picture aims at, and so many may stand before the channel.
const AIM = 1_800;
const AHEAD = 6 * PIECE;
// A piece is a twelfth of a second of a thin line, and the speech behind it comes so much later: several in one go
// would be half a second.
const SMALL_PIECE = 600;
const GAP = 350;
// So many pieces of nothing in one go show what the line takes; fewer while somebody talks.
const TRAIN = { silent: 6, talking: 4 };
const LIMITS = { bytes: 65_536, side: 1_280 };
const QUALITY = { least: 0.05, most: 0.6, first: 0.3 };

export interface StillsEvents {
  // What the camera shows, or null when nothing may be seen.
  look(): HTMLVideoElement | null;
  open(): void;
  // A picture of the other side; what is not a picture never comes here.
  got(picture: Blob): void;
  // kbit/s at which what the other side sent in one go came out here.
  carried(kbit: number): void;
}

export class Stills {
  private readonly channel: RTCDataChannel;
  private readonly outgoing: Outgoing;
  private readonly gathered = new Gathered(LIMITS.bytes);
  private readonly canvas = document.createElement("canvas");
  private last: number | null = null;
  private gap: ReturnType<typeof setInterval> | undefined;
  private quality = QUALITY.first;
  private timer: ReturnType<typeof setInterval> | undefined;
  private every: number | null = null;
  private busy = false;

  constructor(pc: RTCPeerConnection, private readonly events: StillsEvents) {
    // What is lost is not sent again: the next picture is better than an old one.
    const how = { negotiated: true, id: 1, ordered: false, maxRetransmits: 0 };
    this.channel = pc.createDataChannel("stills", how);
    this.channel.binaryType = "arraybuffer";
    this.outgoing = new Outgoing(this.channel, AHEAD);
    this.channel.onmessage = ({ data }) => this.take(data);
    this.channel.onopen = () => this.events.open();
    [this.canvas.width, this.canvas.height] = [WIDE, HIGH];
  }

  // kbit/s at which the last train came out here, said once.
  takeCarried(): number | null {
    const carried = this.last;
    this.last = null;
    return carried;
  }

  // Have the other side see, and tell, what the line takes.
  measure(talking: boolean): void {
    this.outgoing.put((number) => train(number, talking ? TRAIN.talking : TRAIN.silent));
    this.outgoing.pump();
  }

  // A picture every so many milliseconds, the first at once; null ends it.
  run(every: number | null): void {
    if (every === this.every) return;
    this.every = every;
    clearInterval(this.timer);
    clearInterval(this.gap);
    this.timer = this.gap = undefined;
    if (every === null) return this.outgoing.drop();
    this.timer = setInterval(() => void this.send(), every);
    this.gap = setInterval(() => this.outgoing.pump(1), GAP);
    void this.send();
  }

  close(): void {
    this.run(null);
    this.channel.onmessage = this.channel.onopen = null;
  }

  private async send(): Promise<void> {
    const camera = this.events.look();
    if (this.busy || !camera || camera.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    this.busy = true;
    this.canvas.getContext("2d")?.drawImage(camera, 0, 0, WIDE, HIGH);
    const picture = await taken(this.canvas, this.quality);
    this.busy = false;
    if (!picture || this.every === null) return;
    this.quality = nextQuality(this.quality, picture.length);
    this.outgoing.put((number) => cut(number, picture, true, SMALL_PIECE));
    this.outgoing.pump(1);
  }

  private take(data: unknown): void {
    const { bytes, carried } = this.gathered.take(data, performance.now());
    // Pictures go out piece by piece on purpose; only a train shows how fast the line is.
    if (carried !== null && this.gathered.empty) {
      this.last = carried;
      this.events.carried(carried);
    }
    const found = bytes && checked(bytes, LIMITS);
    if (found) this.events.got(new Blob([bytes], { type: found.kind }));
  }
}

// What is in the picture decides its bytes; the next picture is like this one.
export function nextQuality(quality: number, bytes: number): number {
  const step = bytes > AIM * 1.1 ? 0.75 : bytes < AIM * 0.8 ? 1.15 : 1;
  return Math.min(QUALITY.most, Math.max(QUALITY.least, quality * step));
}

// Where a browser makes no WebP it makes JPEG.
export async function taken(canvas: HTMLCanvasElement, quality: number): Promise<Uint8Array | null> {
  const made = (kind: string) => new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, kind, quality));
  let blob = await made("image/webp");
  if (blob && blob.type !== "image/webp") blob = await made("image/jpeg");
  return blob && new Uint8Array(await blob.arrayBuffer());
}
